#include "policy/engine/box.h"

#include <algorithm>

namespace sluis::policy {
namespace {

constexpr char kUnknown[] = "unknown";
constexpr char kArticle20[] = "artikel-20-besluit";

bool Holds(const CodeSet& set, const std::string& code) {
  return set.empty() || set.count(code) > 0;
}

const std::string& RecipientOrganisation(const EvaluationRequest& request) {
  return request.recipient_organisation.empty() ? request.subject_organisation
                                                : request.recipient_organisation;
}

}  // namespace

bool ProviderActs(std::string_view action) { return action == "disclose" || action == "recall"; }

Situation::Situation(const EvaluationRequest& request) : request_(request), facts_(request.facts) {
  const std::string& recipient = RecipientOrganisation(request);
  const std::string& acting =
      ProviderActs(request.action) ? request.provider_organisation : recipient;
  facts_["optreden"] = request.subject_organisation == acting ? "eigen" : "namens-ander";
  facts_["zelfde-organisatie"] = request.provider_organisation == recipient ? "yes" : "no";
}

bool Situation::LiesIn(const Box& box) const {
  return Holds(box.actions, request_.action) && Holds(box.purposes, request_.purpose) &&
         Holds(box.providers, request_.provider_unit) &&
         Holds(box.recipients, request_.recipient_unit) && Holds(box.bases, request_.basis) &&
         Holds(box.regimes, request_.regime) &&
         Holds(box.subject_categories, request_.subject_category) &&
         Holds(box.case_phases, request_.case_phase);
}

std::string Situation::FactValue(const std::string& fact, const std::string& field) const {
  const auto given = facts_.find(fact);
  if (given == facts_.end()) return kUnknown;
  if (fact != kArticle20 || given->second != "valid") return given->second;
  // A decision that is valid helps only the fields that it names (rulebook §2.4).
  const auto& named = request_.artikel_20_velden;
  if (!named.has_value()) return kUnknown;
  return std::find(named->begin(), named->end(), field) != named->end() ? "valid" : "absent";
}

bool Situation::HasFactsOf(const Box& box, const std::string& field) const {
  return std::all_of(box.facts.begin(), box.facts.end(), [&](const auto& fact) {
    return fact.second.count(FactValue(fact.first, field)) > 0;
  });
}

bool Situation::Matches(const Box& box, const std::string& field) const {
  return LiesIn(box) && Holds(box.fields, field) && HasFactsOf(box, field);
}

}  // namespace sluis::policy
