#include "lib/tlog/signed_note.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/cosignature.h"

namespace sluis::tlog {
namespace {

constexpr std::string_view kDash = "\u2014 ";
constexpr std::size_t kKeyIdSize = 4;

absl::Status Malformed(std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_MALFORMED", absl::StrFormat("note: %s", what));
}

bool IsNoteText(std::string_view text) {
  return IsValidUtf8(text) && std::all_of(text.begin(), text.end(), [](char c) {
           return c == '\n' || static_cast<unsigned char>(c) >= 0x20;
         });
}

absl::Status CheckText(std::string_view text, const NoteLimits& limits) {
  if (text.empty() || text.back() != '\n') return Malformed("the text must end in a line feed");
  if (text.size() > limits.max_text) return Malformed("the text is too long");
  if (!IsNoteText(text)) return Malformed("control character or invalid UTF-8");
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> VerifyLine(std::string_view text, const SignatureLine& line,
                                         const VerifierKey& key) {
  if (key.type() == KeyType::kCosignature)
    return VerifyCosignature(text, line.signature, key.public_key());
  SLUIS_RETURN_IF_ERROR(key.public_key().Verify(text, line.signature));
  return std::uint64_t{0};
}

// The known key of a line; nullptr when there is none.
absl::StatusOr<const VerifierKey*> KeyOf(const SignatureLine& line,
                                         std::span<const VerifierKey> keys) {
  const VerifierKey* found = nullptr;
  for (const VerifierKey& key : keys) {
    if (key.name() != line.name || key.id() != line.key_id) continue;
    if (found != nullptr && !(*found == key)) {
      return Error(ErrorCode::kInvalid, "E_VKEY",
                   absl::StrFormat("two keys named %s have one id", line.name));
    }
    found = &key;
  }
  return found;
}

bool Counted(const std::vector<VerifiedSignature>& signatures, const VerifierKey& key) {
  return std::any_of(signatures.begin(), signatures.end(),
                     [&key](const VerifiedSignature& known) { return known.key == key; });
}

}  // namespace

absl::StatusOr<SignatureLine> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kDash)) return Malformed("a signature line starts with a dash and a space");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos)
    return Malformed("a signature line has a name and a signature");
  SignatureLine parsed;
  parsed.name = std::string(line.substr(0, space));
  if (!IsKeyName(parsed.name)) return Malformed("bad key name in a signature line");
  auto payload = Base64Decode(line.substr(space + 1));
  if (!payload.ok() || payload->size() <= kKeyIdSize)
    return Malformed("bad base64 in a signature line");
  std::copy_n(Data(*payload), kKeyIdSize, parsed.key_id.begin());
  parsed.signature = payload->substr(kKeyIdSize);
  return parsed;
}

absl::StatusOr<Note> ParseNote(std::string_view note, const NoteLimits& limits) {
  if (note.size() > limits.max_note) return Malformed("too long");
  const std::size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos) return Malformed("no empty line before the signatures");
  Note parsed;
  parsed.text = std::string(note.substr(0, split + 1));
  SLUIS_RETURN_IF_ERROR(CheckText(parsed.text, limits));
  std::string_view rest = note.substr(split + 2);
  if (rest.empty() || rest.back() != '\n')
    return Malformed("a signature line must end in a line feed");
  while (!rest.empty()) {
    if (parsed.signatures.size() == kMaxSignatureLines)
      return Malformed("too many signature lines");
    const std::size_t end = rest.find('\n');
    SLUIS_ASSIGN_OR_RETURN(parsed.signatures.emplace_back(),
                           ParseSignatureLine(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
  return parsed;
}

absl::StatusOr<VerifiedNote> VerifyNote(std::string_view note, std::span<const VerifierKey> keys,
                                        const NoteLimits& limits) {
  SLUIS_ASSIGN_OR_RETURN(Note parsed, ParseNote(note, limits));
  VerifiedNote verified;
  for (const SignatureLine& line : parsed.signatures) {
    SLUIS_ASSIGN_OR_RETURN(const VerifierKey* key, KeyOf(line, keys));
    if (key == nullptr) continue;
    auto time = VerifyLine(parsed.text, line, *key);
    if (!time.ok()) {
      return Error(ErrorCode::kInvalid, "E_SIGNATURE",
                   absl::StrFormat("note: wrong signature of %s", line.name));
    }
    if (!Counted(verified.signatures, *key)) verified.signatures.push_back({*key, *time});
  }
  if (verified.signatures.empty()) {
    return Error(ErrorCode::kInvalid, "E_NO_KNOWN_SIGNATURE", "note: no signature of a known key");
  }
  verified.text = std::move(parsed.text);
  return verified;
}

std::string FormatSignatureLine(const VerifierKey& key, BytesView signature) {
  return absl::StrFormat("%s%s %s\n", kDash, key.name(),
                         Base64Encode(Bytes(AsView(key.id())) + Bytes(signature)));
}

absl::StatusOr<std::string> SignNoteLine(std::string_view text, std::string_view name,
                                         const Ed25519PrivateKey& key, const NoteLimits& limits) {
  SLUIS_RETURN_IF_ERROR(CheckText(text, limits));
  SLUIS_ASSIGN_OR_RETURN(const VerifierKey verifier,
                         VerifierKey::Create(name, KeyType::kEd25519, key.public_key()));
  return FormatSignatureLine(verifier, key.Sign(text));
}

absl::StatusOr<std::string> SignNote(std::string_view text, std::string_view name,
                                     const Ed25519PrivateKey& key, const NoteLimits& limits) {
  SLUIS_ASSIGN_OR_RETURN(const std::string line, SignNoteLine(text, name, key, limits));
  return absl::StrFormat("%s\n%s", text, line);
}

}  // namespace sluis::tlog
