#include "policy/engine/prove.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "lib/base/error.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/region.h"

namespace sluis::policy {
namespace {

class Prover {
 public:
  Prover(const Pack& pack, const Space& space, const Invariant& invariant, Steps& steps)
      : pack_(pack),
        space_(space),
        invariant_(invariant),
        steps_(steps),
        min_rank_(pack.FormRank(invariant.min_form)),
        inside_(space.Of(pack, invariant)) {}

  Proof Prove();

 private:
  using Regions = std::vector<Region>;
  // Where the rule gives a field in a form from `min_form` on, or below it.
  template <typename RuleType>
  std::optional<Region> Carrying(const RuleType& rule, const FieldForms& forms, bool revealing) {
    CodeSet fields;
    for (const auto& [field, form] : forms) {
      if ((pack_.FormRank(form) >= min_rank_) == revealing) fields.insert(field);
    }
    // No field is not any field.
    if (fields.empty() || !inside_.has_value()) return std::nullopt;
    const std::optional<Region> region = space_.Of(pack_, rule, fields);
    return region.has_value() ? space_.Meet(*region, *inside_) : std::nullopt;
  }
  template <typename RuleType, typename Keep>
  void AddInside(const std::vector<RuleType>& rules, Keep keep, Regions& regions) const {
    for (const RuleType& rule : rules) {
      if (!keep(rule)) continue;
      const std::optional<Region> region = space_.Of(pack_, rule);
      if (region.has_value() && space_.Overlap(*region, *inside_)) regions.push_back(*region);
    }
  }
  void AddCaps(Regions& cuts);
  std::optional<Region> OpenByPermit(const Permit& permit);
  std::optional<Region> OpenByEmergency(const Emergency& emergency);
  Proof Violated(const std::string& rule, const Region& region, bool emergency) const;

  const Pack& pack_;
  const Space& space_;
  const Invariant& invariant_;
  Steps& steps_;
  const int min_rank_;
  const std::optional<Region> inside_;
};

// A condition that lowers the form below what the invariant is about closes it too.
void Prover::AddCaps(Regions& cuts) {
  for (const Condition& condition : pack_.rules().conditions) {
    CodeSet fields;
    for (const auto& [field, form] : condition.max_form) {
      const CodeSet& own = condition.box.fields;
      if (pack_.FormRank(form) < min_rank_ && (own.empty() || own.count(field) > 0))
        fields.insert(field);
    }
    if (fields.empty()) continue;
    if (const auto region = space_.Of(pack_, condition, fields)) cuts.push_back(*region);
  }
}

std::optional<Region> Prover::OpenByPermit(const Permit& permit) {
  const std::optional<Region> start = Carrying(permit, permit.fields, true);
  if (!start.has_value()) return std::nullopt;
  const Rules& rules = pack_.rules();
  Regions cuts;
  AddInside(
      rules.prohibitions, [](const Prohibition&) { return true; }, cuts);
  if (invariant_.unless_approved) {
    AddInside(
        rules.conditions, [](const Condition& c) { return c.approval.has_value(); }, cuts);
  }
  AddCaps(cuts);
  // Where another permit gives less, the least revealing form counts (rulebook §2.9).
  for (const Permit& other : rules.permits) {
    if (const auto lower = Carrying(other, other.fields, false)) cuts.push_back(*lower);
  }
  Regions left = Without(space_, {*start}, cuts, steps_, 1);
  if (left.empty()) return std::nullopt;
  return std::move(left.front());
}

// An emergency rule counts only where the field is not permitted normally.
std::optional<Region> Prover::OpenByEmergency(const Emergency& emergency) {
  const std::optional<Region> start = Carrying(emergency, emergency.fields, true);
  if (!start.has_value()) return std::nullopt;
  const Rules& rules = pack_.rules();
  Regions cuts, closing, permits;
  AddInside(
      rules.prohibitions, [](const Prohibition& p) { return p.absolute; }, cuts);
  AddCaps(cuts);
  for (const Emergency& other : rules.emergencies) {
    if (const auto lower = Carrying(other, other.fields, false)) cuts.push_back(*lower);
  }
  AddInside(
      rules.prohibitions, [](const Prohibition&) { return true; }, closing);
  AddInside(
      rules.conditions, [](const Condition& c) { return c.approval.has_value(); }, closing);
  for (const Permit& permit : rules.permits) {
    for (const bool revealing : {false, true}) {
      if (const auto region = Carrying(permit, permit.fields, revealing))
        permits.push_back(*region);
    }
  }
  for (const Region& left : Without(space_, {*start}, cuts, steps_)) {
    for (const Region& closed : closing) {
      if (auto both = space_.Meet(left, closed)) return both;
    }
    Regions outside = Without(space_, {left}, permits, steps_, 1);
    if (!outside.empty()) return std::move(outside.front());
  }
  return std::nullopt;
}

// The proof's word is not enough: the plain scan must answer the request against the invariant.
Proof Prover::Violated(const std::string& rule, const Region& region, bool emergency) const {
  Proof proof;
  EvaluationRequest request = space_.RequestIn(region);
  request.emergency = emergency;
  if (!emergency && !invariant_.unless_approved) {
    for (const std::string& role : pack_.ApprovalRoleIds())
      request.approvals.push_back({role, absl::StrCat("approver-", role), request.time});
  }
  if (Breaks(pack_, invariant_, request, Evaluate(pack_, request))) {
    proof.verdict = Verdict::kViolated;
    proof.rule = rule;
    proof.counterexample = std::move(request);
  }
  return proof;
}

Proof Prover::Prove() {
  const Rules& rules = pack_.rules();
  for (const Permit& permit : rules.permits) {
    const std::optional<Region> open = OpenByPermit(permit);
    if (steps_.AreUsedUp()) return {};
    if (open.has_value()) return Violated(permit.id, *open, false);
  }
  // What emergencies open without approval is reviewed afterwards and counts elsewhere.
  if (!invariant_.unless_approved) {
    for (const Emergency& emergency : rules.emergencies) {
      const std::optional<Region> open = OpenByEmergency(emergency);
      if (steps_.AreUsedUp()) return {};
      if (open.has_value()) return Violated(emergency.id, *open, true);
    }
  }
  Proof proof;
  proof.verdict = Verdict::kProved;
  return proof;
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kProved:
      return "proved";
    case Verdict::kViolated:
      return "violated";
    case Verdict::kNotProved:
      break;
  }
  return "not-proved";
}

bool Breaks(const Pack& pack, const Invariant& invariant, const EvaluationRequest& request,
            const Decision& decision) {
  const auto field = decision.field_outcomes.find(request.fields.front());
  if (field == decision.field_outcomes.end()) return false;
  if (field->second != Outcome::kPermitted) return false;
  if (invariant.unless_approved && decision.emergency) return false;
  const auto form = decision.fields.find(field->first);
  return form != decision.fields.end() &&
         pack.FormRank(form->second) >= pack.FormRank(invariant.min_form);
}

std::vector<Proof> ProveAll(const Pack& pack, const ProofOptions& options) {
  const Space space({&pack});
  std::vector<Proof> proofs;
  for (const Invariant& invariant : pack.rules().invariants) {
    Steps steps(options.most_steps);
    Proof proof = Prover(pack, space, invariant, steps).Prove();
    proof.invariant = invariant.id;
    proof.title = invariant.title;
    proof.steps = options.most_steps - steps.left();
    proofs.push_back(std::move(proof));
  }
  return proofs;
}

absl::Status RequireProved(const Pack& pack, const ProofOptions& options) {
  std::vector<std::string> open;
  for (const Proof& proof : ProveAll(pack, options)) {
    if (proof.verdict != Verdict::kProved)
      open.push_back(absl::StrFormat("%s %s", proof.invariant, VerdictName(proof.verdict)));
  }
  if (open.empty()) return absl::OkStatus();
  return Error(
      ErrorCode::kPrecondition, "PACK_NOT_PROVED",
      absl::StrFormat("the pack does not keep its invariants: %s", absl::StrJoin(open, ", ")));
}

Text InWords(const Pack& pack, const EvaluationRequest& r) {
  const bool gives = r.action == "disclose" || r.action == "recall";
  const Field* field = pack.FindField(r.fields.front());
  const std::string facts = absl::StrJoin(r.facts, ", ", absl::PairFormatter(" = "));
  const auto field_text = [&](bool dutch) {
    if (field == nullptr) return r.fields.front();
    return absl::StrFormat("%s (%s)", dutch ? field->meaning.nl : field->meaning.en, field->id);
  };
  Text text;
  text.nl = absl::StrFormat(
      "%s %s %s %s: %s. Handeling %s, doel %s, grondslag %s, regime %s, betrokkene %s, fase %s, op "
      "%s.",
      gives ? r.provider_unit : r.recipient_unit, gives ? "geeft aan" : "krijgt van",
      gives ? r.recipient_unit : r.provider_unit, r.emergency ? "bij nood" : "gewoon",
      field_text(true), r.action, r.purpose, r.basis, r.regime, r.subject_category, r.case_phase,
      absl::FormatTime("%Y-%m-%d", r.time, absl::UTCTimeZone()));
  text.en = absl::StrFormat(
      "%s %s %s %s: %s. Action %s, purpose %s, basis %s, regime %s, subject %s, phase %s, on %s.",
      gives ? r.provider_unit : r.recipient_unit, gives ? "gives to" : "gets from",
      gives ? r.recipient_unit : r.provider_unit, r.emergency ? "in an emergency" : "normally",
      field_text(false), r.action, r.purpose, r.basis, r.regime, r.subject_category, r.case_phase,
      absl::FormatTime("%Y-%m-%d", r.time, absl::UTCTimeZone()));
  const bool own =
      r.subject_organisation == (gives ? r.provider_organisation : r.recipient_organisation);
  if (!own) {
    absl::StrAppend(&text.nl, " Iemand handelt namens een ander.");
    absl::StrAppend(&text.en, " Somebody acts for another organisation.");
  }
  if (!facts.empty()) {
    absl::StrAppend(&text.nl, " Feiten: ", facts, ".");
    absl::StrAppend(&text.en, " Facts: ", facts, ".");
  }
  return text;
}

}  // namespace sluis::policy
