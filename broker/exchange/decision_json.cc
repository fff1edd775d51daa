#include "broker/exchange/decision_json.h"

#include "broker/exchange/authzen_request.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/json.h"

namespace sluis::exchange {
namespace {

Json OutcomesToJson(const std::map<std::string, policy::Outcome>& outcomes) {
  Json json = Json::object();
  for (const auto& [field, outcome] : outcomes) json[field] = static_cast<int>(outcome);
  return json;
}

Json NeedsToJson(const std::map<std::string, policy::ApprovalNeed>& needs) {
  Json json = Json::object();
  for (const auto& [condition, need] : needs) {
    json[condition] = {{"k", need.k}, {"roles", need.roles}};
  }
  return json;
}

Json TermsToJson(const policy::EmergencyTerms& terms) {
  return {{"max_access", terms.max_access},
          {"review_within", terms.review_within},
          {"review_by", terms.review_by}};
}

policy::Decision ReadDecision(const Json& json) {
  policy::Decision decision;
  decision.outcome = static_cast<policy::Outcome>(json.at("outcome").get<int>());
  decision.fields = json.at("fields").get<std::map<std::string, std::string>>();
  for (const auto& [field, outcome] : json.at("field_outcomes").items()) {
    decision.field_outcomes[field] = static_cast<policy::Outcome>(outcome.get<int>());
  }
  json.at("retention").get_to(decision.retention);
  json.at("onward").get_to(decision.onward);
  json.at("onward_to").get_to(decision.onward_to);
  json.at("handling").get_to(decision.handling);
  json.at("feedback_due").get_to(decision.feedback_due);
  json.at("notify").get_to(decision.notify);
  json.at("marks").get_to(decision.marks);
  if (json.contains("min_cell")) decision.min_cell = json.at("min_cell").get<int>();
  for (const auto& [condition, need] : json.at("approvals_needed").items()) {
    decision.approvals_needed[condition] = {need.at("k").get<int>(),
                                            need.at("roles").get<std::vector<std::string>>()};
  }
  json.at("deciding_rules").get_to(decision.deciding_rules);
  json.at("reason_nl").get_to(decision.reason_nl);
  json.at("reason_en").get_to(decision.reason_en);
  json.at("emergency").get_to(decision.emergency);
  if (json.contains("emergency_terms")) {
    const Json& terms = json.at("emergency_terms");
    terms.at("max_access").get_to(decision.emergency_terms.max_access);
    terms.at("review_within").get_to(decision.emergency_terms.review_within);
    terms.at("review_by").get_to(decision.emergency_terms.review_by);
  }
  return decision;
}

}  // namespace

std::string DecisionToJson(const Decided& decided, const PolicyInForce& policy, absl::Time time) {
  const policy::Decision& decision = decided.decision;
  Json json = {{"outcome", static_cast<int>(decision.outcome)},
               {"fields", decision.fields},
               {"field_outcomes", OutcomesToJson(decision.field_outcomes)},
               {"retention", decision.retention},
               {"onward", decision.onward},
               {"onward_to", decision.onward_to},
               {"handling", decision.handling},
               {"feedback_due", decision.feedback_due},
               {"notify", decision.notify},
               {"marks", decision.marks},
               {"approvals_needed", NeedsToJson(decision.approvals_needed)},
               {"deciding_rules", decision.deciding_rules},
               {"reason_nl", decision.reason_nl},
               {"reason_en", decision.reason_en},
               {"emergency", decision.emergency},
               {"policy_pack", HexEncode(AsView(policy.digest))},
               {"bundle", policy.pack->bundle()},
               {"version", policy.pack->version()},
               {"request", ToAuthzen(decided.request)},
               {"time", FormatRfc3339Millis(time)}};
  if (decision.emergency) json["emergency_terms"] = TermsToJson(decision.emergency_terms);
  if (decision.min_cell) json["min_cell"] = *decision.min_cell;
  return json.dump();
}

absl::StatusOr<StoredDecision> DecisionFromJson(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    absl::StatusOr<absl::Time> time = ParseRfc3339(json.at("time").get<std::string>());
    if (time.ok()) {
      return StoredDecision{ReadDecision(json),
                            json.at("policy_pack").get<std::string>(),
                            *time,
                            json.value("bundle", ""),
                            json.value("version", ""),
                            json.value("request", Json())};
    }
  } catch (const Json::exception&) {
    // The library's text would quote what was stored.
  }
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "a stored decision cannot be read; call the operator");
}

}  // namespace sluis::exchange
