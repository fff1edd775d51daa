#include "policy/engine/request_check.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "policy/engine/box.h"

namespace sluis::policy {
namespace {

using Found = std::optional<Invalid>;

std::string Suggestion(std::string_view word, const std::vector<std::string>& known) {
  // Longer words are no slip of the pen, and comparing them would only cost time.
  if (word.size() > 64) return "";
  const std::string near = Nearest(word, known);
  return near.empty() ? "" : absl::StrFormat("; did you mean `%s`?", near);
}

Found UnknownInRequest(std::string member, std::string_view what, std::string_view word,
                       const std::vector<std::string>& known) {
  if (word.empty()) return Invalid{std::move(member), absl::StrFormat("name a %s", what)};
  return Invalid{std::move(member),
                 absl::StrFormat("no such %s in the policy pack%s", what, Suggestion(word, known))};
}

Found CheckOrganisation(std::string member, const std::string& oin) {
  if (IsOin(oin)) return std::nullopt;
  return Invalid{std::move(member), "give the OIN of the organisation, 20 digits"};
}

Found CheckIds(const EvaluationRequest& request) {
  if (request.subject_id.empty()) return Invalid{"subject.id", "name who asks"};
  if (request.resource_id.empty()) return Invalid{"resource.id", "name the case"};
  return std::nullopt;
}

Found CheckOrganisations(const EvaluationRequest& request) {
  if (Found f = CheckOrganisation("subject.properties.organisation", request.subject_organisation))
    return f;
  if (Found f = CheckOrganisation("resource.properties.provider_organisation",
                                  request.provider_organisation)) {
    return f;
  }
  if (request.recipient_organisation.empty() && !ProviderActs(request.action)) return std::nullopt;
  return CheckOrganisation("resource.properties.recipient_organisation",
                           request.recipient_organisation);
}

struct Dimension {
  const char* member;
  const char* what;
  std::string EvaluationRequest::*code;
  bool (Pack::*is_known)(std::string_view) const;
  std::vector<std::string> (Pack::*known)() const;
};

const std::array<Dimension, 9> kRequestCheckDimensions = {{
    {"subject.properties.unit", "unit", &EvaluationRequest::subject_unit, &Pack::IsUnit,
     &Pack::UnitIds},
    {"action.name", "action", &EvaluationRequest::action, &Pack::IsAction, &Pack::ActionIds},
    {"action.properties.purpose", "purpose (a leaf of the purpose tree)",
     &EvaluationRequest::purpose, &Pack::IsPurposeLeaf, &Pack::PurposeIds},
    {"action.properties.basis", "legal basis", &EvaluationRequest::basis, &Pack::IsBasis,
     &Pack::BasisIds},
    {"resource.properties.provider_unit", "unit", &EvaluationRequest::provider_unit, &Pack::IsUnit,
     &Pack::UnitIds},
    {"resource.properties.recipient_unit", "unit", &EvaluationRequest::recipient_unit,
     &Pack::IsUnit, &Pack::UnitIds},
    {"resource.properties.regime", "regime", &EvaluationRequest::regime, &Pack::IsRegime,
     &Pack::RegimeIds},
    {"resource.properties.subject_category", "subject category",
     &EvaluationRequest::subject_category, &Pack::IsSubjectCategory, &Pack::SubjectCategoryIds},
    {"resource.properties.case_phase", "case phase", &EvaluationRequest::case_phase,
     &Pack::IsCasePhase, &Pack::CasePhaseIds},
}};

Found CheckDimensions(const Pack& pack, const EvaluationRequest& request) {
  for (const Dimension& dimension : kRequestCheckDimensions) {
    const std::string& code = request.*dimension.code;
    if ((pack.*dimension.is_known)(code)) continue;
    return UnknownInRequest(dimension.member, dimension.what, code, (pack.*dimension.known)());
  }
  return std::nullopt;
}

Found CheckSide(const EvaluationRequest& request) {
  const std::string& side =
      ProviderActs(request.action) ? request.provider_unit : request.recipient_unit;
  if (request.subject_unit == side) return std::nullopt;
  return Invalid{"subject.properties.unit", ProviderActs(request.action)
                                                ? "must be the provider's unit for this action"
                                                : "must be the recipient's unit for this action"};
}

Found CheckFields(const Pack& pack, const std::vector<std::string>& fields) {
  if (fields.empty()) return Invalid{"resource.properties.fields", "name at least one field"};
  std::set<std::string> seen;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string member = absl::StrFormat("resource.properties.fields[%d]", i);
    if (!pack.IsField(fields[i]))
      return UnknownInRequest(member, "field", fields[i], pack.FieldIds());
    if (!seen.insert(fields[i]).second) return Invalid{member, "name each field once"};
  }
  return std::nullopt;
}

Found CheckFacts(const Pack& pack, const std::map<std::string, std::string>& facts) {
  for (const auto& [id, value] : facts) {
    const Fact* fact = pack.FindFact(id);
    if (fact == nullptr) return UnknownInRequest("context.facts", "fact", id, pack.FactIds());
    const std::string member = absl::StrFormat("context.facts.%s", id);
    if (fact->derived) return Invalid{member, "is worked out here and may not be sent"};
    if (std::find(fact->values.begin(), fact->values.end(), value) == fact->values.end()) {
      return UnknownInRequest(member, "value of this fact", value, fact->values);
    }
  }
  return std::nullopt;
}

Found CheckApprovals(const Pack& pack, const std::vector<Approval>& approvals) {
  for (std::size_t i = 0; i < approvals.size(); ++i) {
    const std::string member = absl::StrFormat("context.approvals[%d]", i);
    if (!pack.IsApprovalRole(approvals[i].role)) {
      return UnknownInRequest(member + ".role", "approval role", approvals[i].role,
                              pack.ApprovalRoleIds());
    }
    if (approvals[i].person.empty()) return Invalid{member + ".person", "name who approved"};
  }
  return std::nullopt;
}

}  // namespace

bool IsOin(std::string_view text) {
  return text.size() == 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Invalid> FindInvalid(const Pack& pack, const EvaluationRequest& request) {
  if (Found f = CheckIds(request)) return f;
  if (Found f = CheckOrganisations(request)) return f;
  if (Found f = CheckDimensions(pack, request)) return f;
  if (Found f = CheckSide(request)) return f;
  if (Found f = CheckFields(pack, request.fields)) return f;
  if (Found f = CheckFacts(pack, request.facts)) return f;
  return CheckApprovals(pack, request.approvals);
}

}  // namespace sluis::policy
