// `sluis policy evaluate|check|options`: the rules themselves, without a broker.
#include <fstream>
#include <istream>

#include "absl/strings/str_format.h"
#include "clients/cli/files.h"
#include "clients/cli/nouns.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "policy/engine/authzen.h"
#include "policy/engine/compiled_pack.h"
#include "policy/engine/loader.h"
#include "policy/engine/options.h"

namespace sluis::cli {
namespace {

using PackPtr = std::shared_ptr<const policy::Pack>;

// One AuthZEN request a line in, one response a line out, in order; a line that is no request gets a
// response too, so that line n always answers line n.
class PolicyEvaluate : public Command {
 public:
  PolicyEvaluate() : Command("policy", "evaluate") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy evaluate --pack policy/pack --input requests.jsonl"},
            {"sluis policy evaluate --pack policy/pack --input -"},
            {"sluis policy evaluate --pack policy/pack --input requests.jsonl --reference"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Value("--input", "FILE", &input_).Is(Hint::kFile);
    options.Switch("--reference", &reference_);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(PackPtr pack, policy::LoadPackDirectory(pack_));
    const policy::CompiledPack compiled(std::move(pack));
    if (input_ == "-") return Evaluate(context, compiled, context.surroundings.in);
    std::ifstream file(input_);
    if (!file) return Error(ErrorCode::kNotFound, "FILE_NOT_FOUND", "--input cannot be opened");
    return Evaluate(context, compiled, file);
  }

 private:
  ExitCode Evaluate(Context& context, const policy::CompiledPack& pack, std::istream& in) const {
    for (std::string line; std::getline(in, line);) {
      context.output.Raw((reference_ ? policy::EvaluateLine(pack.pack(), line) : policy::EvaluateLine(pack, line)) +
                         "\n");
    }
    return ExitCode::kOk;
  }
  std::string pack_, input_ = "-";
  bool reference_ = false;  // by the plain scan
};

class PolicyCheck : public Command {
 public:
  PolicyCheck() : Command("policy", "check") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy check --pack policy/pack"}, {"sluis policy check --pack policy/pack --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const PackPtr pack, policy::LoadPackDirectory(pack_));
    context.output.Object({{"bundle", pack->bundle()},
                           {"version", pack->version()},
                           {"digest", HexEncode(AsView(Sha256(policy::CanonicalBytes(*pack))))},
                           {"permits", pack->rules().permits.size()},
                           {"prohibitions", pack->rules().prohibitions.size()},
                           {"conditions", pack->rules().conditions.size()},
                           {"emergencies", pack->rules().emergencies.size()},
                           {"fields", pack->FieldIds().size()},
                           {"units", pack->UnitIds().size()},
                           {"purposes", pack->PurposeIds().size()}},
                          {{"bundle", "/bundle"},
                           {"version", "/version"},
                           {"digest", "/digest"},
                           {"permits", "/permits"},
                           {"prohibitions", "/prohibitions"},
                           {"conditions", "/conditions"},
                           {"emergencies", "/emergencies"},
                           {"fields", "/fields"},
                           {"units", "/units"},
                           {"purposes", "/purposes"}});
    return ExitCode::kOk;
  }

 private:
  std::string pack_;
};

Json DescribeOption(const policy::Option& option) {
  Json approvals = Json::object();
  for (const auto& [condition, need] : option.approvals) {
    approvals[condition] = {{"k", need.k}, {"roles", need.roles}};
  }
  return {{"rule", option.rule},
          {"title", option.title},
          {"actions", option.actions},
          {"purposes", option.purposes},
          {"legal_bases", option.legal_bases},
          {"provider_units", option.provider_units},
          {"recipient_units", option.recipient_units},
          {"regimes", option.regimes},
          {"subject_categories", option.subject_categories},
          {"case_phases", option.case_phases},
          {"fields", option.fields},
          {"facts", option.facts},
          {"approvals", approvals},
          {"retention", option.retention},
          {"law", option.law},
          {"reason_nl", option.reason_nl},
          {"reason_en", option.reason_en},
          {"emergency", option.emergency}};
}

class PolicyOptions : public Command {
 public:
  PolicyOptions() : Command("policy", "options") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy options --pack policy/pack --unit gemeente/oov --provider-unit politie/informatie"},
            {"sluis policy options --pack policy/pack --unit gemeente/oov --action request --explain"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Value("--unit", "UNIT", &query_.unit).Required();
    options.Value("--action", "ACTION", &query_.action);
    options.Value("--purpose", "PURPOSE", &query_.purpose);
    options.Value("--provider-unit", "UNIT", &query_.provider_unit);
    options.Value("--phase", "PHASE", &query_.case_phase);
    options.Value("--category", "CATEGORY", &query_.subject_category);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const PackPtr pack, policy::LoadPackDirectory(pack_));
    if (!pack->IsUnit(query_.unit)) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--unit is not a unit of this pack",
                   {{"about", "--unit"}, {"nearest", Nearest(query_.unit, pack->UnitIds())}});
    }
    query_.time = context.surroundings.clock.Now();
    Json list = Json::array();
    for (const policy::Option& option : policy::ListOptions(*pack, query_)) list.push_back(DescribeOption(option));
    std::vector<Column> columns = {{"rule", "/rule"},         {"title", "/title"},
                                   {"actions", "/actions"},   {"purposes", "/purposes"},
                                   {"provider_units", "/provider_units"}, {"fields", "/fields"}};
    if (context.global.explain) {
      columns.push_back({"law", "/law"});
      columns.push_back({"reason", context.output.language() == Language::kDutch ? "/reason_nl" : "/reason_en"});
    }
    context.output.List({{"options", list}}, "options", columns);
    return ExitCode::kOk;
  }

 private:
  std::string pack_;
  policy::OptionsQuery query_;
};

}  // namespace

void AddPolicyCommands(CommandList& commands) {
  commands.push_back(std::make_unique<PolicyEvaluate>());
  commands.push_back(std::make_unique<PolicyCheck>());
  commands.push_back(std::make_unique<PolicyOptions>());
}

}  // namespace sluis::cli
