#include "policy/engine/options.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "policy/engine/box.h"

namespace sluis::policy {
namespace {

constexpr CodeSet Box::*kDimensions[] = {
    &Box::actions, &Box::purposes, &Box::providers,          &Box::recipients,
    &Box::bases,   &Box::regimes,  &Box::subject_categories, &Box::case_phases};

// `set`, or the one code asked for; nothing if that is not in it.
bool Narrow(CodeSet& set, const std::string& code) {
  if (code.empty()) return true;
  if (set.count(code) == 0) return false;
  set = {code};
  return true;
}

// The part of the box in which `provider_acts` and the unit is the acting side; empty if there is
// none.
std::optional<Box> BoxOfSide(const Box& box, const std::string& unit, bool provider_acts) {
  Box part = box;
  std::erase_if(part.actions,
                [&](const std::string& action) { return ProviderActs(action) != provider_acts; });
  if (part.actions.empty() || !Narrow(provider_acts ? part.providers : part.recipients, unit))
    return std::nullopt;
  return part;
}

bool NarrowToQuery(Box& box, const OptionsQuery& query) {
  return Narrow(box.actions, query.action) && Narrow(box.purposes, query.purpose) &&
         Narrow(box.providers, query.provider_unit) && Narrow(box.case_phases, query.case_phase) &&
         Narrow(box.subject_categories, query.subject_category);
}

bool Includes(const CodeSet& outer, const CodeSet& inner) {
  return outer.empty() || std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

bool Meet(const CodeSet& a, const CodeSet& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& code) { return b.count(code) > 0; });
}

// Every request of `box` with the field lies in `outer`: facts of `outer` hold when `box` demands
// them.
bool Covers(const Box& outer, const Box& box, const std::string& field) {
  if (!outer.fields.empty() && outer.fields.count(field) == 0) return false;
  const bool facts = std::all_of(outer.facts.begin(), outer.facts.end(), [&](const auto& fact) {
    const auto demanded = box.facts.find(fact.first);
    return demanded != box.facts.end() && Includes(fact.second, demanded->second);
  });
  return facts &&
         std::all_of(std::begin(kDimensions), std::end(kDimensions), [&](CodeSet Box::*dimension) {
           return Includes(outer.*dimension, box.*dimension);
         });
}

// Some request may lie in both.
bool Overlap(const Box& a, const Box& b) {
  const bool facts = std::all_of(a.facts.begin(), a.facts.end(), [&](const auto& fact) {
    const auto other = b.facts.find(fact.first);
    return other == b.facts.end() || Meet(fact.second, other->second);
  });
  return facts &&
         std::all_of(std::begin(kDimensions), std::end(kDimensions),
                     [&](CodeSet Box::*dimension) { return Meet(a.*dimension, b.*dimension); });
}

bool IsClosed(const Pack& pack, const Box& box, const std::string& field, bool emergency,
              absl::Time time) {
  const auto& prohibitions = pack.rules().prohibitions;
  return std::any_of(prohibitions.begin(), prohibitions.end(), [&](const Prohibition& prohibition) {
    return prohibition.IsInForce(time) && (prohibition.absolute || !emergency) &&
           Covers(prohibition.box, box, field);
  });
}

std::map<std::string, ApprovalNeed> ApprovalsOver(const Pack& pack, const Box& box,
                                                  const Option& option, absl::Time time) {
  std::map<std::string, ApprovalNeed> approvals;
  for (const Condition& condition : pack.rules().conditions) {
    if (!condition.approval.has_value() || !condition.IsInForce(time) ||
        !Overlap(condition.box, box))
      continue;
    const CodeSet& fields = condition.box.fields;
    const bool about_fields =
        fields.empty() || std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
          return option.fields.count(field) > 0;
        });
    if (!about_fields) continue;
    approvals[condition.id] = {condition.approval->count, condition.approval->roles};
  }
  return approvals;
}

std::vector<std::string> List(const CodeSet& set) { return {set.begin(), set.end()}; }

Option Describe(const Rule& rule, const Box& box, const Obligations& obligations) {
  Option option;
  option.rule = rule.id;
  option.title = rule.title;
  option.actions = List(box.actions);
  option.purposes = List(box.purposes);
  option.legal_bases = List(box.bases);
  option.provider_units = List(box.providers);
  option.recipient_units = List(box.recipients);
  option.regimes = List(box.regimes);
  option.subject_categories = List(box.subject_categories);
  option.case_phases = List(box.case_phases);
  for (const auto& [fact, values] : box.facts) option.facts[fact] = List(values);
  option.retention = obligations.retention.has_value() ? obligations.retention->text : "";
  option.law = rule.law;
  option.reason_nl = rule.reason.nl;
  option.reason_en = rule.reason.en;
  return option;
}

template <typename RuleType>
void AddOptions(const Pack& pack, const std::vector<RuleType>& rules, bool emergency,
                const OptionsQuery& query, std::vector<Option>& options) {
  for (const RuleType& rule : rules) {
    if (!rule.IsInForce(query.time)) continue;
    for (const bool provider_acts : {false, true}) {
      std::optional<Box> box = BoxOfSide(rule.box, query.unit, provider_acts);
      if (!box.has_value() || !NarrowToQuery(*box, query)) continue;
      Option option = Describe(rule, *box, rule.obligations);
      option.emergency = emergency;
      for (const auto& [field, form] : rule.fields) {
        if (!IsClosed(pack, *box, field, emergency, query.time)) option.fields.emplace(field, form);
      }
      if (option.fields.empty()) continue;
      // An emergency is reviewed afterwards and waits for nobody (rulebook §2.12).
      if (!emergency) option.approvals = ApprovalsOver(pack, *box, option, query.time);
      options.push_back(std::move(option));
    }
  }
}

}  // namespace

std::vector<Option> ListOptions(const Pack& pack, const OptionsQuery& query) {
  std::vector<Option> options;
  if (query.unit.empty()) return options;
  AddOptions(pack, pack.rules().emergencies, true, query, options);
  AddOptions(pack, pack.rules().permits, false, query, options);
  return options;
}

}  // namespace sluis::policy
