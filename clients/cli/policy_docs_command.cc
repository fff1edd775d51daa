// `sluis policy docs`: the reading version of a pack, one page in Dutch and one in English.
#include "clients/cli/nouns.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/signed_note.h"
#include "policy/engine/loader.h"
#include "policy/engine/reading.h"
#include "policy/signed/activators.h"
#include "policy/signed/jurist.h"

namespace sluis::cli {
namespace {

constexpr int kReadableByAll = 0644;

absl::StatusOr<policy::CodeSet> ReadSignedRules(const policy::Pack& pack, const std::string& file,
                                                const std::string& jurist) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes note, ReadFile(file, tlog::kMaxNoteSize));
  SLUIS_ASSIGN_OR_RETURN(const auto jurists, policy::ParseJurists(std::span(&jurist, 1)));
  return policy::RulesSigned(pack, std::span(&note, 1), jurists);
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
      SLUIS_ASSIGN_OR_RETURN(options.signed_by_jurist,
                             ReadSignedRules(*pack, signatures_, jurist_));
    }
    if (production_) {
      SLUIS_RETURN_IF_ERROR(policy::RequireRulesSigned(*pack, options.signed_by_jurist));
    }
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
