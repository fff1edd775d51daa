// `sluis policy docs`: the reading version of a pack, one page in Dutch and one in English.
#include <set>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/nouns.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "policy/engine/loader.h"
#include "policy/engine/reading.h"

namespace sluis::cli {
namespace {

constexpr char kHead[] = "sluis-jurist/v1";
constexpr int kReadableByAll = 0644;
constexpr std::size_t kMostUnsignedTold = 10;

absl::Status BadNote(std::string_view what) {
  return Error(ErrorCode::kInvalid, "JURIST_NOTE_INVALID", what, {{"about", "--signatures"}});
}

// The rules that a jurist signed, in a signed note: `sluis-jurist/v1`, the digest of the pack, then
// one rule a line. A pack that says anything else has another digest, and no signature holds.
absl::StatusOr<policy::CodeSet> SignedRules(const policy::Pack& pack, const std::string& file,
                                            const std::string& jurist) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes note, ReadFile(file, tlog::kMaxNoteSize));
  SLUIS_ASSIGN_OR_RETURN(const tlog::VerifierKey key, tlog::VerifierKey::Parse(jurist));
  if (key.type() != tlog::KeyType::kEd25519) return BadNote("--jurist must be an Ed25519 key");
  SLUIS_ASSIGN_OR_RETURN(const tlog::VerifiedNote read, tlog::VerifyNote(note, std::span(&key, 1)));
  const std::vector<std::string> lines = absl::StrSplit(read.text, '\n', absl::SkipEmpty());
  if (lines.size() < 2 || lines[0] != kHead) return BadNote("the note does not list rules");
  if (lines[1] != HexEncode(AsView(Sha256(policy::CanonicalBytes(pack)))))
    return BadNote("the note is about another pack, or the pack has changed since");
  policy::CodeSet rules(lines.begin() + 2, lines.end());
  for (const std::string& rule : rules) {
    if (pack.FindRule(rule) == nullptr) return BadNote("the note names a rule the pack has not");
  }
  return rules;
}

absl::Status RequireSigned(const policy::Pack& pack, const policy::CodeSet& rules) {
  std::vector<std::string> unsigned_rules = policy::UnsignedRules(pack, rules);
  if (unsigned_rules.empty()) return absl::OkStatus();
  const std::string count = std::to_string(unsigned_rules.size());
  if (unsigned_rules.size() > kMostUnsignedTold) unsigned_rules.resize(kMostUnsignedTold);
  return Error(
      ErrorCode::kPrecondition, "RULE_NOT_SIGNED",
      count + " rules have no signature of a jurist, first: " + absl::StrJoin(unsigned_rules, ", "),
      {{"count", count}, {"rules", absl::StrJoin(unsigned_rules, ", ")}});
}

class PolicyDocs : public Command {
 public:
  PolicyDocs() : Command("policy", "docs") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy docs --pack policy/pack --out pages"},
            {"sluis policy docs --pack policy/pack --out pages --production", ExitCode::kFault}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Is(Hint::kFolder);
    options.Value("--out", "DIR", &out_).Required().Is(Hint::kFolder);
    options.Switch("--production", &production_);
    options.Value("--signatures", "FILE", &signatures_).Is(Hint::kFile);
    options.Value("--jurist", "VKEY", &jurist_);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const auto pack, policy::LoadPackDirectory(pack_));
    policy::ReadingOptions options;
    options.demonstration = !production_;
    if (signatures_.empty() != jurist_.empty())
      return Error(ErrorCode::kInvalid, "OPTION_INVALID",
                   "--signatures and --jurist are given together", {{"about", "--jurist"}});
    if (!signatures_.empty()) {
      SLUIS_ASSIGN_OR_RETURN(options.signed_by_jurist, SignedRules(*pack, signatures_, jurist_));
    }
    if (production_) SLUIS_RETURN_IF_ERROR(RequireSigned(*pack, options.signed_by_jurist));
    SLUIS_RETURN_IF_ERROR(MakeFolder());
    Json files = Json::array();
    for (const bool dutch : {true, false}) {
      options.dutch = dutch;
      options.other_page = PageName(!dutch);
      SLUIS_RETURN_IF_ERROR(WriteFileAtomic(std::filesystem::path(out_) / PageName(dutch),
                                            policy::ReadingPage(*pack, options), kReadableByAll));
      files.push_back({{"page", PageName(dutch)}});
    }
    context.output.List({{"pages", files}, {"production", production_}}, "pages",
                        {{"page", "/page"}});
    if (!production_) context.output.Say("talk.docs_demo");
    return ExitCode::kOk;
  }

 private:
  static std::string PageName(bool dutch) { return dutch ? "regels.nl.html" : "rules.en.html"; }
  absl::Status MakeFolder() const {
    std::error_code error;
    std::filesystem::create_directories(out_, error);
    if (!error) return absl::OkStatus();
    return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--out is no folder that can be made",
                 {{"about", "--out"}});
  }
  std::string pack_ = "policy/pack", out_, signatures_, jurist_;
  bool production_ = false;
};

}  // namespace

void AddPolicyDocsCommand(CommandList& commands) {
  commands.push_back(std::make_unique<PolicyDocs>());
}

}  // namespace sluis::cli
