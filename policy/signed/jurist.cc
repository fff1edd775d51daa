#include "policy/signed/jurist.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "policy/engine/reading.h"

namespace sluis::policy {
namespace {

constexpr char kJuristHead[] = "sluis-jurist/v1";
constexpr std::size_t kMostUnsignedTold = 10;

absl::Status BadNote(std::string_view what) {
  return Error(ErrorCode::kInvalid, "JURIST_NOTE_INVALID", what);
}

std::string DigestOf(const Pack& pack) { return HexEncode(AsView(Sha256(CanonicalBytes(pack)))); }

absl::Status ReadJuristNote(const Pack& pack, const std::string& digest, BytesView note,
                            std::span<const tlog::VerifierKey> jurists, CodeSet& rules) {
  const absl::StatusOr<tlog::VerifiedNote> read = tlog::VerifyNote(note, jurists);
  if (!read.ok()) return BadNote("the note is not signed by a jurist who is known here");
  const std::vector<std::string> lines = absl::StrSplit(read->text, '\n', absl::SkipEmpty());
  if (lines.size() < 2 || lines[0] != kJuristHead) return BadNote("the note does not list rules");
  if (lines[1] != digest) {
    return BadNote("the note is about another pack, or the pack has changed since");
  }
  for (std::size_t i = 2; i < lines.size(); ++i) {
    if (pack.FindRule(lines[i]) == nullptr) {
      return BadNote("the note names a rule the pack has not");
    }
    rules.insert(lines[i]);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Bytes> SignRules(const Pack& pack, const CodeSet& rules, std::string_view name,
                                const Ed25519PrivateKey& key) {
  std::string text = absl::StrCat(kJuristHead, "\n", DigestOf(pack), "\n");
  for (const std::string& rule : rules) {
    if (pack.FindRule(rule) == nullptr) {
      return Error(ErrorCode::kInvalid, "RULE_UNKNOWN",
                   absl::StrCat("the pack has no rule ", rule, "; nothing was signed"),
                   {{"about", rule}});
    }
    absl::StrAppend(&text, rule, "\n");
  }
  if (rules.empty()) return Error(ErrorCode::kInvalid, "RULE_UNKNOWN", "no rule is named");
  return tlog::SignNote(text, name, key);
}

absl::StatusOr<CodeSet> RulesSigned(const Pack& pack, std::span<const Bytes> notes,
                                    std::span<const tlog::VerifierKey> jurists) {
  const std::string digest = DigestOf(pack);
  CodeSet rules;
  for (const Bytes& note : notes) {
    SLUIS_RETURN_IF_ERROR(ReadJuristNote(pack, digest, note, jurists, rules));
  }
  return rules;
}

absl::Status RequireRulesSigned(const Pack& pack, const CodeSet& rules) {
  std::vector<std::string> left = UnsignedRules(pack, rules);
  if (left.empty()) return absl::OkStatus();
  const std::string count = std::to_string(left.size());
  if (left.size() > kMostUnsignedTold) left.resize(kMostUnsignedTold);
  return Error(ErrorCode::kPrecondition, "RULE_NOT_SIGNED",
               count + " rules have no signature of a jurist, first: " + absl::StrJoin(left, ", "),
               {{"count", count}, {"rules", absl::StrJoin(left, ", ")}});
}

}  // namespace sluis::policy
