#include "broker/exchange/authzen_request.h"

#include "lib/base/clock.h"

namespace sluis::exchange {
namespace {

Json ActionOf(const policy::EvaluationRequest& request) {
  Json properties = {{"purpose", request.purpose}, {"basis", request.basis}};
  if (request.emergency) properties["emergency"] = true;
  return {{"name", request.action}, {"properties", properties}};
}

Json ResourceOf(const policy::EvaluationRequest& request) {
  return {{"type", "case-signal"},
          {"id", request.resource_id},
          {"properties",
           {{"provider_organisation", request.provider_organisation},
            {"provider_unit", request.provider_unit},
            {"recipient_organisation", request.recipient_organisation},
            {"recipient_unit", request.recipient_unit},
            {"regime", request.regime},
            {"subject_category", request.subject_category},
            {"case_phase", request.case_phase},
            {"fields", request.fields},
            {"mode", request.subset ? "subset" : "all-or-nothing"}}}};
}

Json ContextOf(const policy::EvaluationRequest& request) {
  Json facts = Json::object();
  for (const auto& [fact, value] : request.facts) facts[fact] = value;
  if (request.artikel_20_velden) facts["artikel-20-velden"] = *request.artikel_20_velden;
  Json approvals = Json::array();
  for (const policy::Approval& approval : request.approvals) {
    approvals.push_back({{"role", approval.role},
                         {"person", approval.person},
                         {"time", FormatRfc3339Millis(approval.time)}});
  }
  return {{"time", FormatRfc3339Millis(request.time)}, {"facts", facts}, {"approvals", approvals}};
}

}  // namespace

Json ToAuthzen(const policy::EvaluationRequest& request) {
  return {{"subject",
           {{"type", "functionary"},
            {"id", request.subject_id},
            {"properties",
             {{"organisation", request.subject_organisation}, {"unit", request.subject_unit}}}}},
          {"action", ActionOf(request)},
          {"resource", ResourceOf(request)},
          {"context", ContextOf(request)}};
}

}  // namespace sluis::exchange
