#include "policy/engine/cases.h"

#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "policy/engine/authzen.h"

namespace sluis::policy {
namespace {

absl::Status Wrong(const std::string& name, std::size_t line, const char* what) {
  return Error(ErrorCode::kInvalid, "CASES_INVALID",
               absl::StrFormat("%s:%d: %s", name, line, what));
}

absl::StatusOr<Case> ReadCase(const std::string& name, std::size_t number, std::string_view line) {
  const absl::StatusOr<Json> json = ParseJsonStrict(line);
  if (!json.ok() || !json->is_object()) return Wrong(name, number, "is no JSON object");
  const auto text = [&](const char* member) {
    const auto found = json->find(member);
    return found != json->end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto object = [&](const char* member) {
    const auto found = json->find(member);
    return found != json->end() && found->is_object() && !found->empty();
  };
  if (text("id").empty()) return Wrong(name, number, "a case needs an id");
  if (!object("request")) return Wrong(name, number, "a case needs a request");
  if (!object("expected")) return Wrong(name, number, "a case that expects nothing tests nothing");
  return Case{text("id"), text("title"), json->at("request").dump(), json->at("expected").dump()};
}

// The dimensions of a box with their names; the field stands elsewhere.
constexpr std::pair<const char*, CodeSet Box::*> kBoxAxes[] = {
    {"action", &Box::actions},
    {"purpose", &Box::purposes},
    {"provider", &Box::providers},
    {"recipient", &Box::recipients},
    {"basis", &Box::bases},
    {"regime", &Box::regimes},
    {"case_phase", &Box::case_phases},
    {"subject_category", &Box::subject_categories}};

using RulesByCode = std::map<std::pair<std::string, std::string>, std::set<std::string>>;

void AddCodes(const Rule& rule, const FieldForms& fields, RulesByCode& named) {
  for (const auto& [axis, set] : kBoxAxes) {
    for (const std::string& code : rule.box.*set) named[{axis, code}].insert(rule.id);
  }
  for (const auto& [field, form] : fields) named[{"field", field}].insert(rule.id);
}

}  // namespace

absl::StatusOr<std::vector<Case>> ReadCases(const std::string& name, std::string_view text) {
  std::vector<Case> cases;
  std::set<std::string> seen;
  std::size_t number = 0;
  for (const std::string& line :
       std::vector<std::string>(absl::StrSplit(std::string(text), '\n'))) {
    ++number;
    if (line.empty()) continue;
    SLUIS_ASSIGN_OR_RETURN(Case one, ReadCase(name, number, line));
    if (!seen.insert(one.id).second)
      return Wrong(name, number, "this id stands in the file already");
    cases.push_back(std::move(one));
  }
  if (cases.empty()) return Wrong(name, 1, "the file holds no case");
  return cases;
}

void CaseRunner::Touch(const EvaluationRequest& request, const Decision& decision) {
  rules_.insert(decision.deciding_rules.begin(), decision.deciding_rules.end());
  for (const auto& [condition, need] : decision.approvals_needed) rules_.insert(condition);
  if (decision.outcome == Outcome::kInvalid) return;
  const std::pair<const char*, const std::string*> codes[] = {
      {"action", &request.action},
      {"purpose", &request.purpose},
      {"provider", &request.provider_unit},
      {"recipient", &request.recipient_unit},
      {"basis", &request.basis},
      {"regime", &request.regime},
      {"case_phase", &request.case_phase},
      {"subject_category", &request.subject_category}};
  for (const auto& [axis, code] : codes) codes_.emplace(axis, *code);
  for (const std::string& field : request.fields) codes_.emplace("field", field);
}

CaseResult CaseRunner::Run(const Case& one) {
  CaseResult result{one.id, one.title, "", {}};
  const Json response = Json::parse(EvaluateLine(pack_, one.request));
  const Json& context = response.at("context");
  result.outcome = context.at("outcome").get<std::string>();
  const Json expected = Json::parse(one.expected);
  for (const auto& [member, value] : expected.items()) {
    const Json actual = member == "decision"       ? response.at("decision")
                        : context.contains(member) ? context.at(member)
                                                   : Json(nullptr);
    if (actual != value) result.mismatches.push_back({member, value.dump(), actual.dump()});
  }
  const auto request = ParseAuthzenRequest(one.request);
  if (request.ok()) Touch(*request, pack_.Evaluate(*request));
  return result;
}

std::vector<Gap> CaseRunner::Gaps() const {
  std::vector<Gap> gaps;
  const Rules& rules = pack_.pack().rules();
  const auto check = [&](const auto& list) {
    for (const Rule& rule : list) {
      if (rules_.count(rule.id) == 0) gaps.push_back({"rule", rule.id, {}});
    }
  };
  check(rules.permits);
  check(rules.prohibitions);
  check(rules.conditions);
  check(rules.emergencies);
  RulesByCode named;
  for (const Permit& permit : rules.permits) AddCodes(permit, permit.fields, named);
  for (const Emergency& rule : rules.emergencies) AddCodes(rule, rule.fields, named);
  for (const auto& [code, ids] : named) {
    if (codes_.count(code) == 0)
      gaps.push_back({code.first, code.second, {ids.begin(), ids.end()}});
  }
  return gaps;
}

}  // namespace sluis::policy
