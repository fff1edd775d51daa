#include "lib/tlog/checkpoint.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/merkle.h"

namespace sluis::tlog {
namespace {

constexpr std::uint64_t kMaxSize = (std::uint64_t{1} << 63) - 1;

absl::Status Bad(std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_CHECKPOINT", absl::StrFormat("checkpoint: %s", what));
}

bool IsOrigin(std::string_view origin) {
  return IsKeyName(origin) && origin.find("://") == std::string_view::npos && origin.back() != '/';
}

absl::Status CheckEmptyTree(const Checkpoint& checkpoint) {
  if (checkpoint.size != 0 || checkpoint.root == EmptyRoot()) return absl::OkStatus();
  return Bad("size 0 with the root of a tree that is not empty");
}

// Cuts the next line, without its LF, off `rest`; nullopt at the end.
std::optional<std::string_view> NextLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

absl::StatusOr<std::string> FormatCheckpoint(const Checkpoint& checkpoint) {
  std::string text = absl::StrFormat("%s\n%d\n%s\n", checkpoint.origin, checkpoint.size,
                                     Base64Encode(AsView(checkpoint.root)));
  for (const std::string& line : checkpoint.extensions) text += line + "\n";
  SLUIS_ASSIGN_OR_RETURN(const Checkpoint parsed, ParseCheckpoint(text));
  if (!(parsed == checkpoint)) return Bad("line 4: an extension holds a line feed");
  return text;
}

absl::StatusOr<Checkpoint> ParseCheckpointSyntax(std::string_view text) {
  const auto origin = NextLine(text);
  const auto size = NextLine(text);
  const auto root = NextLine(text);
  if (!root) return Bad("must have three lines");
  Checkpoint checkpoint;
  if (!IsOrigin(*origin)) return Bad("line 1: not an origin");
  checkpoint.origin = std::string(*origin);
  auto number = ParseDecimal(*size, kMaxSize);
  if (!number.ok()) return Bad("line 2: not a size");
  checkpoint.size = *number;
  auto hash = Base64Decode(*root);
  auto digest = DigestFromBytes(hash.ok() ? *hash : Bytes());
  if (!digest.ok()) return Bad("line 3: not the base64 of 32 bytes");
  checkpoint.root = *digest;
  while (const auto line = NextLine(text)) {
    if (line->empty()) return Bad("an empty extension line");
    checkpoint.extensions.emplace_back(*line);
  }
  if (!text.empty()) return Bad("the last line does not end");
  return checkpoint;
}

absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text) {
  SLUIS_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpointSyntax(text));
  SLUIS_RETURN_IF_ERROR(CheckEmptyTree(checkpoint));
  return checkpoint;
}

absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint,
                                           const Ed25519PrivateKey& key) {
  SLUIS_ASSIGN_OR_RETURN(const std::string text, FormatCheckpoint(checkpoint));
  return SignNote(text, checkpoint.origin, key);
}

absl::StatusOr<SignedCheckpoint> VerifyCheckpoint(std::string_view note, std::string_view origin,
                                                  std::span<const VerifierKey> keys) {
  SLUIS_ASSIGN_OR_RETURN(VerifiedNote verified, VerifyNote(note, keys));
  SLUIS_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(verified.text));
  if (checkpoint.origin != origin) return Bad("line 1: the origin of another log");
  const bool by_log = std::any_of(verified.signatures.begin(), verified.signatures.end(),
                                  [origin](const VerifiedSignature& signature) {
                                    return signature.key.type() == KeyType::kEd25519 &&
                                           signature.key.name() == origin;
                                  });
  if (!by_log) {
    return Error(ErrorCode::kInvalid, "E_NO_KNOWN_SIGNATURE",
                 "checkpoint: the log itself did not sign");
  }
  return SignedCheckpoint{std::move(checkpoint), std::move(verified.signatures)};
}

}  // namespace sluis::tlog
