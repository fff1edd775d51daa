#include "policy/engine/explanation.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/engine/box.h"

namespace sluis::policy {
namespace {

class Explainer {
 public:
  Explainer(const Pack& pack, const EvaluationRequest& request, const Decision& decision)
      : pack_(pack), request_(request), situation_(request), decision_(decision) {}

  Explanation Explain();

 private:
  template <typename RuleType>
  void Consider(const std::vector<RuleType>& rules) {
    for (const RuleType& rule : rules) {
      for (const std::string& field : request_.fields) {
        if (Names(rule, field)) considered_.push_back(ConsiderOne(rule, field));
      }
    }
  }
  static bool Names(const Permit& rule, const std::string& field) {
    return rule.fields.count(field) > 0;
  }
  static bool Names(const Emergency& rule, const std::string& field) {
    return rule.fields.count(field) > 0;
  }
  static bool Names(const Rule& rule, const std::string& field) {
    return rule.box.fields.empty() || rule.box.fields.count(field) > 0;
  }
  Consideration ConsiderOne(const Rule& rule, const std::string& field) const;
  Text Outcome() const;
  Text Reason() const;
  Text Fine() const;
  Text Todo() const;
  Text Ask() const;
  Text RolesNeeded() const;

  const Pack& pack_;
  const EvaluationRequest& request_;
  const Situation situation_;
  const Decision& decision_;
  std::vector<Consideration> considered_;
};

Consideration Explainer::ConsiderOne(const Rule& rule, const std::string& field) const {
  Consideration consideration{rule.id, field, rule.IsInForce(request_.time), {}};
  const Box& box = rule.box;
  const std::tuple<const char*, const CodeSet&, const std::string&> dimensions[] = {
      {"action", box.actions, request_.action},
      {"purpose", box.purposes, request_.purpose},
      {"provider", box.providers, request_.provider_unit},
      {"recipient", box.recipients, request_.recipient_unit},
      {"basis", box.bases, request_.basis},
      {"regime", box.regimes, request_.regime},
      {"subject_category", box.subject_categories, request_.subject_category},
      {"case_phase", box.case_phases, request_.case_phase}};
  for (const auto& [name, codes, code] : dimensions) {
    if (!codes.empty() && codes.count(code) == 0) consideration.outside.emplace_back(name);
  }
  for (const auto& [fact, values] : box.facts) {
    Box only;
    only.facts[fact] = values;
    if (!situation_.HasFactsOf(only, field)) consideration.outside.push_back(fact);
  }
  return consideration;
}

bool IsPartly(const Decision& decision) {
  return decision.fields.size() < decision.field_outcomes.size();
}

Text Explainer::Outcome() const {
  switch (decision_.outcome) {
    case policy::Outcome::kPermitted:
      if (IsPartly(decision_)) return {"Een deel mag.", "A part is permitted."};
      if (decision_.emergency)
        return {"Dit mag, omdat er nood is.", "This is permitted, because it is an emergency."};
      return {"Dit mag.", "This is permitted."};
    case policy::Outcome::kNeedsApproval:
      return {"Dit mag nog niet.", "This is not permitted yet."};
    case policy::Outcome::kDeniedNoBasis:
    case policy::Outcome::kDeniedProhibited:
      return {"Dit mag niet.", "This is not permitted."};
    case policy::Outcome::kInvalid:
      break;
  }
  return {"Deze vraag klopt niet.", "This request is not right."};
}

// The first of the rules that decided; a permit before what comes on top of it.
Text Explainer::Reason() const {
  if (decision_.outcome == policy::Outcome::kDeniedNoBasis)
    return {"Er is geen regel die dit toestaat.", "No rule allows it."};
  if (decision_.outcome == policy::Outcome::kInvalid)
    return {absl::StrCat("Dit onderdeel is niet goed: ", decision_.invalid.member, "."),
            absl::StrCat("This part is wrong: ", decision_.invalid.member, ".")};
  const Rule* first = nullptr;
  for (const std::string& id : decision_.deciding_rules) {
    const Rule* rule = pack_.FindRule(id);
    if (rule == nullptr) continue;
    const bool on_top = id.front() == 'C';
    if (first == nullptr || (first->id.front() == 'C' && !on_top)) first = rule;
  }
  return first == nullptr ? Text{} : first->reason;
}

// What did not stand in the way: no word of a field that was refused.
Text Explainer::Fine() const {
  if (decision_.outcome == policy::Outcome::kNeedsApproval)
    return {"Uw doel en uw grondslag passen bij deze gegevens.",
            "Your purpose and your legal basis fit these data."};
  if (decision_.outcome == policy::Outcome::kPermitted && IsPartly(decision_))
    return {"Wat mag, krijgt u gewoon.", "You get what is permitted."};
  if (decision_.outcome == policy::Outcome::kDeniedNoBasis ||
      decision_.outcome == policy::Outcome::kDeniedProhibited)
    return {"Uw vraag was goed ingevuld.", "Your request was filled in well."};
  return {};
}

Text Explainer::RolesNeeded() const {
  std::vector<std::string> nl, en;
  for (const auto& [condition, need] : decision_.approvals_needed) {
    for (const std::string& id : need.roles) {
      const ApprovalRole* role = pack_.FindApprovalRole(id);
      if (role == nullptr || std::count(nl.begin(), nl.end(), role->meaning.nl) > 0) continue;
      nl.push_back(role->meaning.nl);
      en.push_back(role->meaning.en);
    }
  }
  // A role may itself hold a comma.
  return {absl::StrJoin(nl, "; "), absl::StrJoin(en, "; ")};
}

Text Explainer::Todo() const {
  switch (decision_.outcome) {
    case policy::Outcome::kPermitted:
      if (!decision_.approvals_needed.empty())
        return {"Vraag akkoord voor de rest.", "Ask for approval of the rest."};
      if (decision_.emergency)
        return {"Leg vast waarom er haast was.", "Write down why it was urgent."};
      return {"U kunt verder.", "You can go on."};
    case policy::Outcome::kNeedsApproval:
      return {"Vraag om akkoord.", "Ask for approval."};
    case policy::Outcome::kDeniedNoBasis:
    case policy::Outcome::kDeniedProhibited:
      return {"Deel deze gegevens niet.", "Do not share these data."};
    case policy::Outcome::kInvalid:
      break;
  }
  return {"Verbeter dit en vraag het opnieuw.", "Correct this and ask again."};
}

Text Explainer::Ask() const {
  const Text roles = RolesNeeded();
  if (!roles.nl.empty())
    return {absl::StrCat("Akkoord komt van: ", roles.nl, "."),
            absl::StrCat("Approval comes from: ", roles.en, ".")};
  if (decision_.outcome == policy::Outcome::kDeniedNoBasis ||
      decision_.outcome == policy::Outcome::kDeniedProhibited)
    return {"Twijfelt u? Vraag uw privacy-officer.", "In doubt? Ask your privacy officer."};
  return {};
}

Explanation Explainer::Explain() {
  Explanation explanation{Outcome(), Reason(), Fine(), Todo(), Ask(), {}};
  if (decision_.outcome == policy::Outcome::kInvalid) return explanation;
  Consider(pack_.rules().permits);
  Consider(pack_.rules().prohibitions);
  Consider(pack_.rules().conditions);
  if (request_.emergency) Consider(pack_.rules().emergencies);
  std::stable_sort(considered_.begin(), considered_.end(),
                   [](const Consideration& a, const Consideration& b) {
                     return std::tie(a.rule, a.field) < std::tie(b.rule, b.field);
                   });
  explanation.considered = std::move(considered_);
  return explanation;
}

}  // namespace

Explanation ExplainInFull(const Pack& pack, const EvaluationRequest& request,
                          const Decision& decision) {
  return Explainer(pack, request, decision).Explain();
}

Text ForEmployee(const Explanation& e) {
  Text all;
  for (const Text* text : {&e.outcome, &e.reason, &e.fine, &e.todo, &e.ask}) {
    if (text->nl.empty()) continue;
    absl::StrAppend(&all.nl, all.nl.empty() ? "" : " ", text->nl);
    absl::StrAppend(&all.en, all.en.empty() ? "" : " ", text->en);
  }
  return all;
}

}  // namespace sluis::policy
