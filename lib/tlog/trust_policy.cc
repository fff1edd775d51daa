#include "lib/tlog/trust_policy.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/cosignature.h"

namespace sluis::tlog {
namespace {

constexpr std::size_t kMaxPolicySize = 1 << 20;
constexpr std::string_view kNone = "none";

bool IsPolicyOctet(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || byte == '\n' || (byte >= 0x20 && byte != 0x7f);
}

std::vector<std::string> Words(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t start = line.find_first_not_of(" \t"); start != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t", start), line.size());
    words.emplace_back(line.substr(start, end - start));
    start = line.find_first_not_of(" \t", end);
  }
  return words;
}

absl::Status BadTrustPolicy(std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_TRUST_POLICY", what);
}

}  // namespace

// State while the lines are read; the messages it gives do not name the line yet.
class TrustPolicyParser {
 public:
  absl::Status Line(const std::vector<std::string>& words) {
    const std::string& keyword = words.front();
    if (keyword == "log") return Log(words);
    if (keyword == "witness") return Witness(words);
    if (keyword == "group") return Group(words);
    if (keyword == "quorum") return Quorum(words);
    return BadTrustPolicy("must start with log, witness, group or quorum");
  }

  absl::StatusOr<TrustPolicy> Finish() && {
    if (!has_quorum_) return BadTrustPolicy("trust policy: no quorum line");
    return std::move(policy_);
  }

 private:
  absl::Status Log(const std::vector<std::string>& words) {
    if (words.size() < 2 || words.size() > 3) return BadTrustPolicy("log <vkey> [url]");
    SLUIS_ASSIGN_OR_RETURN(const VerifierKey key, Key(words[1], KeyType::kEd25519));
    policy_.logs_.push_back({key, words.size() == 3 ? words[2] : ""});
    return absl::OkStatus();
  }

  absl::Status Witness(const std::vector<std::string>& words) {
    if (words.size() < 3 || words.size() > 4) return BadTrustPolicy("witness <name> <vkey> [url]");
    SLUIS_RETURN_IF_ERROR(Define(words[1]));
    SLUIS_ASSIGN_OR_RETURN(const VerifierKey key, Key(words[2], KeyType::kCosignature));
    policy_.witnesses_.push_back({words[1], key, words.size() == 4 ? words[3] : ""});
    return absl::OkStatus();
  }

  absl::Status Group(const std::vector<std::string>& words) {
    if (words.size() < 4) return BadTrustPolicy("group <name> all|any|<k> <member>...");
    TrustPolicy::Group group;
    group.name = words[1];
    group.members.assign(words.begin() + 3, words.end());
    for (const std::string& member : group.members) {
      if (!names_.contains(member)) return BadTrustPolicy("a member that is not defined before");
      if (!members_.insert(member).second)
        return BadTrustPolicy("a member that is already in a group");
    }
    // Its own name last: no group is a member of itself.
    SLUIS_RETURN_IF_ERROR(Define(group.name));
    SLUIS_ASSIGN_OR_RETURN(group.threshold, Threshold(words[2], group.members.size()));
    policy_.groups_.push_back(std::move(group));
    return absl::OkStatus();
  }

  absl::Status Quorum(const std::vector<std::string>& words) {
    if (words.size() != 2) return BadTrustPolicy("quorum <name>|none");
    if (std::exchange(has_quorum_, true)) return BadTrustPolicy("a second quorum");
    if (words[1] == kNone) return absl::OkStatus();
    if (!names_.contains(words[1])) return BadTrustPolicy("a quorum that is not defined before");
    policy_.quorum_ = words[1];
    return absl::OkStatus();
  }

  absl::Status Define(const std::string& name) {
    if (name == kNone) return BadTrustPolicy("none is not a name");
    if (!names_.insert(name).second) return BadTrustPolicy("a name that is already defined");
    return absl::OkStatus();
  }

  // A key may stand once, whatever it is named: two witnesses with one key are one witness.
  absl::StatusOr<VerifierKey> Key(std::string_view vkey, KeyType type) {
    auto key = VerifierKey::Parse(vkey);
    if (!key.ok()) return BadTrustPolicy(MessageOf(key.status()));
    if (key->type() != type) return BadTrustPolicy("a verifier key of the wrong type");
    if (!keys_.insert(key->public_key().raw()).second)
      return BadTrustPolicy("a key that stands twice");
    return key;
  }

  static absl::StatusOr<std::size_t> Threshold(std::string_view text, std::size_t members) {
    if (text == "all") return members;
    if (text == "any") return std::size_t{1};
    auto k = ParseDecimal(text, members);
    if (!k.ok() || *k == 0)
      return BadTrustPolicy("a group needs all, any, or 1 to as many as it has members");
    return static_cast<std::size_t>(*k);
  }

  TrustPolicy policy_;
  std::set<std::string> names_, members_;
  std::set<Digest> keys_;
  bool has_quorum_ = false;
};

absl::StatusOr<TrustPolicy> TrustPolicy::Parse(std::string_view text) {
  if (text.size() > kMaxPolicySize) return BadTrustPolicy("trust policy: too long");
  TrustPolicyParser parser;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    absl::Status status;
    if (!std::all_of(line.begin(), line.end(), IsPolicyOctet))
      status = BadTrustPolicy("a control character");
    const std::vector<std::string> words = Words(line);
    if (status.ok() && !words.empty() && !words.front().starts_with('#'))
      status = parser.Line(words);
    if (!status.ok())
      return BadTrustPolicy(
          absl::StrFormat("trust policy, line %d: %s", number, MessageOf(status)));
  }
  return std::move(parser).Finish();
}

absl::StatusOr<TrustedCheckpoint> TrustPolicy::Verify(std::string_view note, absl::Time now) const {
  std::vector<VerifierKey> keys;
  for (const Log& log : logs_) keys.push_back(log.key);
  for (const Witness& witness : witnesses_) keys.push_back(witness.key);
  SLUIS_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  const std::string origin = parsed.text.substr(0, parsed.text.find('\n'));
  SLUIS_ASSIGN_OR_RETURN(SignedCheckpoint checkpoint, VerifyCheckpoint(note, origin, keys));
  TrustedCheckpoint trusted{std::move(checkpoint.checkpoint), {}, !quorum_.has_value()};
  for (const VerifiedSignature& signature : checkpoint.signatures) {
    const auto witness =
        std::find_if(witnesses_.begin(), witnesses_.end(),
                     [&](const Witness& known) { return known.key == signature.key; });
    if (witness == witnesses_.end()) continue;
    SLUIS_RETURN_IF_ERROR(CheckCosignatureTime(signature.time, now));
    trusted.witnesses.push_back(witness->name);
  }
  if (!QuorumHolds(trusted.witnesses)) {
    return Error(ErrorCode::kInvalid, "E_QUORUM",
                 absl::StrFormat("checkpoint: the quorum %s is not reached", *quorum_));
  }
  return trusted;
}

bool TrustPolicy::QuorumHolds(const std::vector<std::string>& seen) const {
  if (!quorum_) return true;
  std::set<std::string> reached(seen.begin(), seen.end());
  for (const Group& group : groups_) {
    const auto count =
        std::count_if(group.members.begin(), group.members.end(),
                      [&reached](const std::string& member) { return reached.contains(member); });
    if (static_cast<std::size_t>(count) >= group.threshold) reached.insert(group.name);
  }
  return reached.contains(*quorum_);
}

}  // namespace sluis::tlog
