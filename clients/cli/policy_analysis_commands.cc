// `sluis policy lint|prove|flows|diff|replay`: what the rules mean over all requests there are,
// without a broker.
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/files.h"
#include "clients/cli/logged_questions.h"
#include "clients/cli/nouns.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "policy/engine/compiled_pack.h"
#include "policy/engine/flows.h"
#include "policy/engine/impact.h"
#include "policy/engine/lint.h"
#include "policy/engine/loader.h"
#include "policy/engine/prove.h"

namespace sluis::cli {
namespace {

using PackPtr = std::shared_ptr<const policy::Pack>;

// Enough for packs a hundred times as large as ours; a bound, so that a wicked pack ends.
constexpr std::uint64_t kMostSteps = 5'000'000;

const std::string& In(Language language, const policy::Text& text) {
  return language == Language::kDutch ? text.nl : text.en;
}

// What stands first in a list that was cut short must never pass for the whole.
absl::Status Incomplete() {
  return Error(ErrorCode::kExhausted, "STEPS_USED_UP",
               "the pack is too entangled to look at every request within the step limit");
}

class PolicyLint : public Command {
 public:
  PolicyLint() : Command("policy", "lint") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy lint --pack policy/pack"},
            {"sluis policy lint --pack policy/pack --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    policy::RulePlaces places;
    SLUIS_ASSIGN_OR_RETURN(const PackPtr pack, policy::LoadPackDirectory(pack_, &places));
    policy::Steps steps(kMostSteps);
    const policy::Findings findings =
        policy::LintPack(*pack, context.surroundings.clock.Now(), steps);
    if (!findings.complete) return Incomplete();
    Json list = Json::array();
    int mistakes = 0;
    for (const policy::Finding& finding : findings.list) {
      const std::string name(policy::LintName(finding.lint));
      mistakes += policy::IsMistake(finding.lint) ? 1 : 0;
      const auto place = places.find(finding.about);
      list.push_back({{"about", finding.about},
                      {"finding", name},
                      {"place", place == places.end() ? "" : place->second},
                      {"others", finding.others},
                      {"says", context.T("lint." + name)}});
    }
    context.output.List({{"findings", list}, {"mistakes", mistakes}}, "findings",
                        {{"about", "/about"},
                         {"finding", "/finding"},
                         {"says", "/says"},
                         {"others", "/others"},
                         {"place", "/place"}});
    return mistakes == 0 ? ExitCode::kOk : ExitCode::kFault;
  }

 private:
  std::string pack_;
};

class PolicyProve : public Command {
 public:
  PolicyProve() : Command("policy", "prove") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy prove --pack policy/pack"},
            {"sluis policy prove --pack policy/pack --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const PackPtr pack, policy::LoadPackDirectory(pack_));
    Json list = Json::array();
    bool all = true;
    for (const policy::Proof& proof : policy::ProveAll(*pack, {kMostSteps})) {
      all = all && proof.verdict == policy::Verdict::kProved;
      Json entry = {{"invariant", proof.invariant},
                    {"title", proof.title},
                    {"verdict", std::string(policy::VerdictName(proof.verdict))},
                    {"rule", proof.rule},
                    {"counterexample", ""},
                    {"steps", proof.steps}};
      if (proof.counterexample.has_value())
        entry["counterexample"] =
            In(context.output.language(), policy::InWords(*pack, *proof.counterexample));
      list.push_back(std::move(entry));
    }
    context.output.List({{"proofs", list}}, "proofs",
                        {{"invariant", "/invariant"},
                         {"title", "/title"},
                         {"verdict", "/verdict"},
                         {"rule", "/rule"},
                         {"counterexample", "/counterexample"}});
    context.output.Say(all ? "talk.all_proved" : "talk.not_proved");
    return all ? ExitCode::kOk : ExitCode::kFault;
  }

 private:
  std::string pack_;
};

class PolicyFlows : public Command {
 public:
  PolicyFlows() : Command("policy", "flows") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy flows --pack policy/pack --to riec/bureau"},
            {"sluis policy flows --pack policy/pack --category persoon --all --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Value("--from", "UNIT", &from_);
    options.Value("--to", "UNIT", &to_);
    options.Value("--category", "CATEGORY", &category_);
    options.Switch("--all", &all_);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const PackPtr pack, policy::LoadPackDirectory(pack_));
    policy::Steps steps(kMostSteps);
    const policy::Flows flows = policy::FindFlows(*pack, context.surroundings.clock.Now(), steps);
    if (!flows.complete) return Incomplete();
    Json list = Json::array();
    for (const policy::Flow& flow : flows.list) {
      if (!IsAsked(flow)) continue;
      list.push_back({{"category", flow.category},
                      {"from", flow.from},
                      {"through", flow.through},
                      {"to", flow.to},
                      {"first", flow.first},
                      {"second", flow.second},
                      {"direct", flow.direct}});
    }
    context.output.List({{"flows", list}}, "flows",
                        {{"category", "/category"},
                         {"provider", "/from"},
                         {"through", "/through"},
                         {"recipient", "/to"},
                         {"first", "/first"},
                         {"second", "/second"}});
    return ExitCode::kOk;
  }

 private:
  // Without --all only what could not go there by itself: that is what surprises.
  bool IsAsked(const policy::Flow& flow) const {
    return (all_ || !flow.direct) && (from_.empty() || from_ == flow.from) &&
           (to_.empty() || to_ == flow.to) && (category_.empty() || category_ == flow.category);
  }
  std::string pack_, from_, to_, category_;
  bool all_ = false;
};

class PolicyDiff : public Command {
 public:
  PolicyDiff() : Command("policy", "diff") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy diff policy/pack policy/pack"},
            {"sluis policy diff policy/pack next-pack"}};
  }
  void Declare(Options& options) override {
    options.Value("old", "OLD", &old_).Required().Is(Hint::kFolder);
    options.Value("new", "NEW", &new_).Required().Is(Hint::kFolder);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const PackPtr before, policy::LoadPackDirectory(old_));
    SLUIS_ASSIGN_OR_RETURN(const PackPtr after, policy::LoadPackDirectory(new_));
    const policy::Space space({before.get(), after.get()});
    policy::Steps steps(kMostSteps);
    const policy::Impact impact = policy::Compare(space, *before, *after, steps);
    if (!impact.complete) return Incomplete();
    Json list = Json::array();
    int wider = 0;
    for (const policy::Change& change : impact.changes) {
      wider += policy::IsWider(change.kind) ? 1 : 0;
      list.push_back(Told(context, space, policy::IsWider(change.kind) ? *after : *before, change));
    }
    context.output.List(
        {{"changes", list}, {"wider", wider}}, "changes",
        {{"change", "/says"}, {"rule", "/rule"}, {"form", "/form"}, {"words", "/words"}});
    if (list.empty()) context.output.Say("talk.no_change");
    return ExitCode::kOk;
  }

 private:
  static Json Told(Context& context, const policy::Space& space, const policy::Pack& pack,
                   const policy::Change& change) {
    Json box = Json::object();
    for (std::size_t axis = 0; axis < space.axes(); ++axis) {
      if (!space.IsAny(change.region, axis, pack))
        box[space.AxisName(axis)] = space.Codes(change.region, axis);
    }
    const std::string name(policy::ChangeName(change.kind));
    return {{"change", name},
            {"says", context.T("change." + name)},
            {"rule", change.rule},
            {"form", change.form},
            {"box", std::move(box)},
            {"words", In(context.output.language(), policy::Describe(space, pack, change.region))}};
  }
  std::string old_, new_;
};

// What was decided under one pack, decided again under another.
class PolicyReplay : public Command {
 public:
  PolicyReplay() : Command("policy", "replay") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy replay policy/pack next-pack --log exchanges.jsonl"},
            {"sluis policy replay policy/pack next-pack --log records.json --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("old", "OLD", &old_).Required().Is(Hint::kFolder);
    options.Value("new", "NEW", &new_).Required().Is(Hint::kFolder);
    options.Value("--log", "FILE", &log_).Required().Is(Hint::kFile);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(PackPtr before, policy::LoadPackDirectory(old_));
    SLUIS_ASSIGN_OR_RETURN(PackPtr after, policy::LoadPackDirectory(new_));
    const policy::CompiledPack old_pack(std::move(before)), new_pack(std::move(after));
    SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadInput(context, log_, kMostLogged));
    SLUIS_ASSIGN_OR_RETURN(const LoggedQuestions logged, ReadLoggedQuestions(text));
    Json list = Json::array();
    for (const auto& [place, request] : logged.list) {
      const policy::Decision was = old_pack.Evaluate(request), is = new_pack.Evaluate(request);
      if (!(was == is)) list.push_back(Told(place, was, is));
    }
    context.output.List({{"differences", list},
                         {"requests", logged.list.size()},
                         {"without_request", logged.without}},
                        "differences",
                        {{"line", "/line"},
                         {"was", "/was"},
                         {"is", "/is"},
                         {"rules_before", "/rules_before"},
                         {"rules_after", "/rules_after"},
                         {"fields", "/fields"}});
    context.output.Say("talk.replayed", {absl::StrFormat("%d", logged.list.size()),
                                         absl::StrFormat("%d", list.size())});
    if (logged.without > 0)
      context.output.Say("talk.no_request", {absl::StrFormat("%d", logged.without)});
    return ExitCode::kOk;
  }

 private:
  // Of a logged exchange only codes: no person, no case.
  static Json Told(const std::string& place, const policy::Decision& was,
                   const policy::Decision& is) {
    Json fields = Json::object();
    for (const auto& [field, outcome] : is.field_outcomes) {
      const auto before = was.field_outcomes.find(field);
      if (before == was.field_outcomes.end() || before->second != outcome)
        fields[field] = std::string(policy::OutcomeName(outcome));
    }
    return {{"line", place},
            {"was", std::string(policy::OutcomeName(was.outcome))},
            {"is", std::string(policy::OutcomeName(is.outcome))},
            {"rules_before", was.deciding_rules},
            {"rules_after", is.deciding_rules},
            {"fields", std::move(fields)}};
  }
  std::string old_, new_, log_;
};

}  // namespace

void AddPolicyAnalysisCommands(CommandList& commands) {
  commands.push_back(std::make_unique<PolicyLint>());
  commands.push_back(std::make_unique<PolicyProve>());
  commands.push_back(std::make_unique<PolicyFlows>());
  commands.push_back(std::make_unique<PolicyDiff>());
  commands.push_back(std::make_unique<PolicyReplay>());
}

}  // namespace sluis::cli
