#include "broker/authzen/exchange_search.h"

#include <algorithm>
#include <utility>

#include "broker/authzen/exchange_question.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "policy/engine/possible.h"

namespace sluis::authzen {
namespace {

constexpr int kMostTried = 5000;

absl::Status TooOpen() {
  return InvalidField("FIELD_INVALID", "resource.properties",
                      "leaves too much open to go through; name the other side, regime or fields");
}

std::optional<std::string> SaidOf(const Json& properties, const std::string& name) {
  const auto found = properties.find(name);
  if (found == properties.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

// The side of which a search fills in who it is.
std::string OtherSide(const std::string& action) {
  return ProviderActsIn(action) ? "recipient" : "provider";
}
std::string OwnSide(const std::string& action) {
  return ProviderActsIn(action) ? "provider" : "recipient";
}

// What a whole resource says, as far as it narrows what is possible.
void AddSaid(const Json& properties, std::map<std::string, std::vector<std::string>>& given) {
  for (const auto& [axis, name] :
       {std::pair("provider", "provider_unit"), std::pair("recipient", "recipient_unit"),
        std::pair("regime", "regime"), std::pair("subject_category", "subject_category")}) {
    if (const auto said = SaidOf(properties, name)) given[axis] = {*said};
  }
}

}  // namespace

absl::StatusOr<Weighed> ExchangeSearch::Try(const Question& question) {
  if (++tried_ > kMostTried) return TooOpen();
  return weigh_(question);
}

void ExchangeSearch::Add(Json result, const Weighed& weighed) {
  const auto obligations = weighed.verdict.context.find("obligations");
  if (obligations != weighed.verdict.context.end()) result["obligations"] = *obligations;
  results_.push_back(std::move(result));
}

absl::StatusOr<std::vector<std::string>> ExchangeSearch::Possible(const std::string& wanted,
                                                                  const Given& given) {
  const std::string key = wanted + Json(given).dump();
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const auto found =
      policy::FindPossible(*moment_.policy().pack, {wanted, given, moment_.now(), 0, ""});
  if (absl::IsResourceExhausted(found.status())) return TooOpen();
  std::vector<std::string> codes;
  // A code that the pack does not know is possible nowhere.
  if (found.ok()) {
    for (const policy::Possibility& one : found->list) codes.push_back(one.code);
  }
  known_.emplace(key, codes);
  return codes;
}

absl::StatusOr<std::vector<std::string>> ExchangeSearch::SaidOrPossible(const Question& question,
                                                                        const std::string& property,
                                                                        const Given& given) {
  if (const auto said = SaidOf(question.resource.properties, property)) return std::vector{*said};
  return Possible(property, given);
}

absl::StatusOr<std::vector<Json>> ExchangeSearch::Subjects(const Question& question) {
  Question self = question;
  self.subject.id = moment_.caller().person;
  SLUIS_ASSIGN_OR_RETURN(const Weighed weighed, Try(self));
  if (weighed.verdict.decision) {
    const PartyId& party = moment_.caller().party;
    Add({{"type", kFunctionary},
         {"id", self.subject.id},
         {"properties", {{"organisation", party.oin.str()}, {"unit", party.unit.str()}}}},
        weighed);
  }
  return std::move(results_);
}

absl::StatusOr<std::vector<Json>> ExchangeSearch::Actions(const Question& question) {
  for (const std::string& action : moment_.policy().pack->ActionIds()) {
    Given given = {{"action", {action}}, {OwnSide(action), {moment_.caller().party.unit.str()}}};
    AddSaid(question.resource.properties, given);
    Question tried = question;
    tried.action.name = action;
    SLUIS_RETURN_IF_ERROR(WithBases(std::move(tried), given));
  }
  return std::move(results_);
}

absl::Status ExchangeSearch::WithBases(Question question, const Given& given) {
  SLUIS_ASSIGN_OR_RETURN(const std::vector<std::string> purposes, Possible("purpose", given));
  for (const std::string& purpose : purposes) {
    Given narrower = given;
    narrower["purpose"] = {purpose};
    SLUIS_ASSIGN_OR_RETURN(const std::vector<std::string> bases, Possible("basis", narrower));
    for (const std::string& basis : bases) {
      question.action.properties = {{"purpose", purpose}, {"basis", basis}};
      SLUIS_ASSIGN_OR_RETURN(const Weighed weighed, Try(question));
      if (!weighed.verdict.decision) continue;
      Add({{"name", question.action.name}, {"properties", question.action.properties}}, weighed);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Json>> ExchangeSearch::Resources(const Question& question) {
  SLUIS_ASSIGN_OR_RETURN(const std::vector<storage::CaseRecord> cases, moment_.Cases());
  for (const storage::CaseRecord& one : cases) {
    const auto phase = SaidOf(question.resource.properties, "case_phase");
    if (phase && *phase != one.phase) continue;
    SLUIS_RETURN_IF_ERROR(InCase(question, one));
  }
  return std::move(results_);
}

absl::Status ExchangeSearch::InCase(const Question& question, const storage::CaseRecord& the_case) {
  const auto purpose = SaidOf(question.action.properties, "purpose");
  const auto basis = SaidOf(question.action.properties, "basis");
  if (!purpose || !basis || question.resource.type != kCaseSignal) return absl::OkStatus();
  const std::string& action = question.action.name;
  const Given given = {{"action", {action}},
                       {"purpose", {*purpose}},
                       {"basis", {*basis}},
                       {"case_phase", {the_case.phase}},
                       {OwnSide(action), {moment_.caller().party.unit.str()}}};
  Question in_case = question;
  in_case.resource.id = the_case.id.hex();
  std::vector<std::string> units;
  if (const auto said = SaidOf(question.resource.properties, OtherSide(action) + "_unit")) {
    units = {*said};
  } else {
    SLUIS_ASSIGN_OR_RETURN(units, Possible(OtherSide(action), given));
  }
  for (const std::string& unit : units) SLUIS_RETURN_IF_ERROR(WithUnit(in_case, given, unit));
  return absl::OkStatus();
}

absl::Status ExchangeSearch::WithUnit(Question question, Given given, const std::string& unit) {
  const std::string other = OtherSide(question.action.name);
  const std::vector<PartyId> desks = DesksOf(question, unit);
  if (desks.empty()) return absl::OkStatus();
  given[other] = {unit};
  question.resource.properties[other + "_unit"] = unit;
  SLUIS_ASSIGN_OR_RETURN(const std::vector<std::string> regimes,
                         SaidOrPossible(question, "regime", given));
  for (const std::string& regime : regimes) {
    given["regime"] = {regime};
    SLUIS_ASSIGN_OR_RETURN(const std::vector<std::string> categories,
                           SaidOrPossible(question, "subject_category", given));
    Question labelled = question;
    labelled.resource.properties["regime"] = regime;
    for (const std::string& category : categories) {
      Given narrower = given;
      narrower["subject_category"] = {category};
      labelled.resource.properties["subject_category"] = category;
      SLUIS_RETURN_IF_ERROR(WithLabels(labelled, narrower, desks));
    }
  }
  return absl::OkStatus();
}

absl::Status ExchangeSearch::WithLabels(const Question& question, const Given& given,
                                        const std::vector<PartyId>& desks) {
  std::vector<std::string> open_fields;
  if (!question.resource.properties.contains("fields")) {
    SLUIS_ASSIGN_OR_RETURN(open_fields, Possible("field", given));
    if (open_fields.empty()) return absl::OkStatus();
  }
  const std::string organisation = OtherSide(question.action.name) + "_organisation";
  for (const PartyId& desk : desks) {
    Question at_desk = question;
    at_desk.resource.properties[organisation] = desk.oin.str();
    SLUIS_RETURN_IF_ERROR(WithDesk(std::move(at_desk), open_fields));
  }
  return absl::OkStatus();
}

absl::Status ExchangeSearch::WithDesk(Question question, const std::vector<std::string>& fields) {
  Json& properties = question.resource.properties;
  if (!fields.empty()) {
    Question subset = question;
    subset.resource.properties["fields"] = fields;
    subset.resource.properties["mode"] = "subset";
    SLUIS_ASSIGN_OR_RETURN(const Weighed partly, Try(subset));
    if (!partly.verdict.decision) return absl::OkStatus();
    properties["fields"] = partly.fields;
  }
  SLUIS_ASSIGN_OR_RETURN(const Weighed weighed, Try(question));
  if (!weighed.verdict.decision) return absl::OkStatus();
  Add({{"type", kCaseSignal}, {"id", question.resource.id}, {"properties", properties}}, weighed);
  return absl::OkStatus();
}

std::vector<PartyId> ExchangeSearch::DesksOf(const Question& question,
                                             const std::string& unit) const {
  const auto wanted =
      SaidOf(question.resource.properties, OtherSide(question.action.name) + "_organisation");
  std::vector<PartyId> desks;
  for (const identity::Partner& partner : moment_.directory().partners()) {
    if (partner.suspended || (wanted && *wanted != partner.oin.str())) continue;
    for (const identity::UnitEntry& entry : partner.units) {
      if (entry.unit.str() == unit) desks.push_back({partner.oin, entry.unit});
    }
  }
  return desks;
}

}  // namespace sluis::authzen
