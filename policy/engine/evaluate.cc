#include "policy/engine/evaluate.h"

#include <algorithm>
#include <set>
#include <utility>

#include "policy/engine/approvals.h"
#include "policy/engine/box.h"
#include "policy/engine/explain.h"
#include "policy/engine/merge.h"
#include "policy/engine/request_check.h"

namespace sluis::policy {
namespace {

// What the rules say about one field.
struct FieldVerdict {
  Outcome outcome = Outcome::kDeniedNoBasis;
  std::string form;                           // if permitted
  std::vector<const Permit*> permits;         // matching
  std::vector<const Emergency*> emergencies;  // matching, if they carry the field
  std::vector<const Prohibition*> prohibitions;
  std::vector<const Condition*> conditions;
  std::vector<const Condition*> unmet;
};

template <typename RuleType>
std::vector<const RuleType*> Matching(const std::vector<RuleType>& rules,
                                      const Situation& situation, const std::string& field) {
  std::vector<const RuleType*> matching;
  for (const RuleType& rule : rules) {
    if (rule.IsInForce(situation.request().time) && situation.Matches(rule.box, field)) {
      matching.push_back(&rule);
    }
  }
  return matching;
}

// Permits and emergencies also list the field, with its form.
template <typename RuleType>
std::vector<const RuleType*> Carrying(const std::vector<RuleType>& rules,
                                      const Situation& situation, const std::string& field) {
  std::vector<const RuleType*> carrying = Matching(rules, situation, field);
  std::erase_if(carrying, [&](const RuleType* rule) { return rule->fields.count(field) == 0; });
  return carrying;
}

// The most revealing form the field has at or below `cap`.
std::string Lower(const Pack& pack, const std::string& field, const std::string& form,
                  const std::string& cap) {
  if (pack.FormRank(form) <= pack.FormRank(cap)) return form;
  std::string lowered;
  for (const std::string& candidate : pack.FindField(field)->forms) {
    if (pack.FormRank(candidate) <= pack.FormRank(cap)) lowered = candidate;
  }
  return lowered;
}

template <typename RuleType>
std::string ReleaseForm(const Pack& pack, const std::string& field,
                        const std::vector<const RuleType*>& carrying,
                        const std::vector<const Condition*>& conditions) {
  std::string form;
  for (const RuleType* rule : carrying) {
    const std::string& offered = rule->fields.find(field)->second;
    if (form.empty() || pack.FormRank(offered) < pack.FormRank(form)) form = offered;
  }
  for (const Condition* condition : conditions) {
    const auto cap = condition->max_form.find(field);
    if (cap != condition->max_form.end()) form = Lower(pack, field, form, cap->second);
  }
  return form;
}

FieldVerdict JudgeNormally(const Pack& pack, const Situation& situation, const std::string& field) {
  const Rules& rules = pack.rules();
  FieldVerdict verdict;
  verdict.prohibitions = Matching(rules.prohibitions, situation, field);
  verdict.permits = Carrying(rules.permits, situation, field);
  verdict.conditions = Matching(rules.conditions, situation, field);
  for (const Condition* condition : verdict.conditions) {
    if (condition->approval.has_value() && !IsMet(*condition->approval, situation.request())) {
      verdict.unmet.push_back(condition);
    }
  }
  if (!verdict.prohibitions.empty()) {
    verdict.outcome = Outcome::kDeniedProhibited;
  } else if (verdict.permits.empty()) {
    verdict.outcome = Outcome::kDeniedNoBasis;
  } else if (!verdict.unmet.empty()) {
    verdict.outcome = Outcome::kNeedsApproval;
  } else {
    verdict.outcome = Outcome::kPermitted;
    verdict.form = ReleaseForm(pack, field, verdict.permits, verdict.conditions);
  }
  return verdict;
}

// Rulebook §2.12, for a field that is not permitted normally.
void JudgeEmergency(const Pack& pack, const Situation& situation, const std::string& field,
                    FieldVerdict& verdict) {
  std::vector<const Prohibition*> absolute = verdict.prohibitions;
  std::erase_if(absolute, [](const Prohibition* prohibition) { return !prohibition->absolute; });
  if (!absolute.empty()) {
    verdict.prohibitions = std::move(absolute);
    return;
  }
  verdict.emergencies = Carrying(pack.rules().emergencies, situation, field);
  if (verdict.emergencies.empty()) return;
  verdict.outcome = Outcome::kPermitted;
  verdict.permits.clear();
  std::erase_if(verdict.conditions,
                [](const Condition* condition) { return !condition->has_obligation; });
  verdict.form = ReleaseForm(pack, field, verdict.emergencies, verdict.conditions);
}

FieldVerdict Judge(const Pack& pack, const Situation& situation, const std::string& field) {
  FieldVerdict verdict = JudgeNormally(pack, situation, field);
  if (situation.request().emergency && verdict.outcome != Outcome::kPermitted) {
    JudgeEmergency(pack, situation, field, verdict);
  }
  return verdict;
}

using Verdicts = std::vector<std::pair<std::string, FieldVerdict>>;

Outcome Combine(const Verdicts& verdicts, bool subset) {
  const auto [best, worst] = std::minmax_element(
      verdicts.begin(), verdicts.end(),
      [](const auto& a, const auto& b) { return a.second.outcome < b.second.outcome; });
  return (subset ? best : worst)->second.outcome;
}

template <typename RuleType>
void AddIds(const std::vector<const RuleType*>& rules, std::set<std::string>& ids) {
  for (const RuleType* rule : rules) ids.insert(rule->id);
}

void AddObligations(const std::vector<const Permit*>& permits,
                    const std::vector<const Emergency*>& emergencies,
                    const std::vector<const Condition*>& conditions, ObligationMerge& merge) {
  for (const Permit* permit : permits) merge.Add(permit->obligations);
  for (const Emergency* emergency : emergencies) merge.AddEmergency(*emergency);
  for (const Condition* condition : conditions) merge.Add(condition->obligations);
}

void FillRelease(const Pack& pack, const Verdicts& verdicts, Decision& decision) {
  ObligationMerge merge(pack);
  std::set<std::string> deciding;
  for (const auto& [field, verdict] : verdicts) {
    if (verdict.outcome != Outcome::kPermitted) continue;
    decision.fields.emplace(field, verdict.form);
    AddObligations(verdict.permits, verdict.emergencies, verdict.conditions, merge);
    AddIds(verdict.permits, deciding);
    AddIds(verdict.emergencies, deciding);
    AddIds(verdict.conditions, deciding);
  }
  merge.WriteTo(decision);
  decision.deciding_rules.assign(deciding.begin(), deciding.end());
}

void FillApprovals(const Verdicts& verdicts, Decision& decision) {
  for (const auto& [field, verdict] : verdicts) {
    if (verdict.outcome != Outcome::kNeedsApproval) continue;
    for (const Condition* condition : verdict.unmet) {
      decision.approvals_needed[condition->id] = {condition->approval->count,
                                                  condition->approval->roles};
    }
  }
}

void FillProhibitions(const Verdicts& verdicts, Decision& decision) {
  std::set<std::string> deciding;
  for (const auto& [field, verdict] : verdicts) {
    if (verdict.outcome == Outcome::kDeniedProhibited) AddIds(verdict.prohibitions, deciding);
  }
  decision.deciding_rules.assign(deciding.begin(), deciding.end());
}

void Fill(const Pack& pack, const Verdicts& verdicts, Decision& decision) {
  switch (decision.outcome) {
    case Outcome::kPermitted:
      FillRelease(pack, verdicts, decision);
      FillApprovals(verdicts, decision);
      return;
    case Outcome::kNeedsApproval:
      FillApprovals(verdicts, decision);
      for (const auto& [id, need] : decision.approvals_needed)
        decision.deciding_rules.push_back(id);
      return;
    case Outcome::kDeniedProhibited:
      FillProhibitions(verdicts, decision);
      return;
    case Outcome::kDeniedNoBasis:
    case Outcome::kInvalid:
      return;
  }
}

void AddReasons(const Pack& pack, Decision& decision) {
  Text reason = Explain(pack, decision);
  decision.reason_nl = std::move(reason.nl);
  decision.reason_en = std::move(reason.en);
}

}  // namespace

Decision Evaluate(const Pack& pack, const EvaluationRequest& request) {
  Decision decision;
  if (std::optional<Invalid> invalid = FindInvalid(pack, request)) {
    decision.invalid = *std::move(invalid);
    AddReasons(pack, decision);
    return decision;
  }
  const Situation situation(request);
  Verdicts verdicts;
  for (const std::string& field : request.fields) {
    verdicts.emplace_back(field, Judge(pack, situation, field));
    decision.field_outcomes.emplace(field, verdicts.back().second.outcome);
  }
  decision.outcome = Combine(verdicts, request.subset);
  Fill(pack, verdicts, decision);
  AddReasons(pack, decision);
  return decision;
}

}  // namespace sluis::policy
