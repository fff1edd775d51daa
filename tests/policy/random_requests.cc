#include "tests/policy/random_requests.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "policy/engine/box.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy::testing {
namespace {

const char* const kOins[] = {"00000099100000001000", "00000099100000002000",
                             "00000099200000001000"};

}  // namespace

std::string RandomRequests::Pick(const CodeSet& set, const std::vector<std::string>& all) {
  if (set.empty()) return all[Below(all.size())];
  return *std::next(set.begin(), static_cast<std::ptrdiff_t>(Below(set.size())));
}

void RandomRequests::DrawFrom(const Rule& rule, const FieldForms& fields,
                              EvaluationRequest& request) {
  const Box& box = rule.box;
  request.action = Pick(box.actions, pack_.ActionIds());
  request.purpose = Pick(box.purposes, pack_.PurposeIds());
  request.provider_unit = Pick(box.providers, pack_.UnitIds());
  request.recipient_unit = Pick(box.recipients, pack_.UnitIds());
  request.basis = Pick(box.bases, pack_.BasisIds());
  request.regime = Pick(box.regimes, pack_.RegimeIds());
  request.subject_category = Pick(box.subject_categories, pack_.SubjectCategoryIds());
  request.case_phase = Pick(box.case_phases, pack_.CasePhaseIds());
  for (std::size_t wanted = 1 + Below(3); wanted > 0; --wanted) {
    const auto field = std::next(fields.begin(), static_cast<std::ptrdiff_t>(Below(fields.size())));
    if (std::count(request.fields.begin(), request.fields.end(), field->first) == 0) {
      request.fields.push_back(field->first);
    }
  }
}

void RandomRequests::DrawOrganisations(EvaluationRequest& request) {
  const bool same = Chance(50);
  request.provider_organisation = kOins[0];
  request.recipient_organisation = same ? kOins[0] : kOins[2];
  const bool provider_acts = ProviderActs(request.action);
  request.subject_unit = provider_acts ? request.provider_unit : request.recipient_unit;
  request.subject_organisation =
      Chance(85) ? (provider_acts ? request.provider_organisation : request.recipient_organisation)
                 : kOins[1];
}

void RandomRequests::DrawFacts(const Box& box, EvaluationRequest& request) {
  for (const Fact& fact : pack_.vocabulary().facts) {
    if (fact.derived || Chance(15)) continue;
    const auto demanded = box.facts.find(fact.id);
    const CodeSet& values = demanded == box.facts.end() ? CodeSet{} : demanded->second;
    request.facts[fact.id] = Pick(values, fact.values);
  }
  if (Chance(80)) {
    request.artikel_20_velden = request.fields;
    if (Chance(20)) request.artikel_20_velden->pop_back();
  }
}

void RandomRequests::PullInto(const Box& box, EvaluationRequest& request) {
  const auto pull = [&](const CodeSet& set, std::string& code) {
    if (!set.empty() && set.count(code) == 0) code = Pick(set, {});
  };
  pull(box.actions, request.action);
  pull(box.purposes, request.purpose);
  pull(box.providers, request.provider_unit);
  pull(box.recipients, request.recipient_unit);
  pull(box.bases, request.basis);
  pull(box.regimes, request.regime);
  pull(box.subject_categories, request.subject_category);
  pull(box.case_phases, request.case_phase);
  if (!box.fields.empty()) request.fields = {Pick(box.fields, {})};
  for (const auto& [fact, values] : box.facts) {
    if (!pack_.FindFact(fact)->derived) request.facts[fact] = Pick(values, {});
  }
}

void RandomRequests::Disturb(EvaluationRequest& request) {
  switch (Below(7)) {
    case 0:
      request.purpose = Pick({}, pack_.PurposeIds());
      break;
    case 1:
      request.regime = Pick({}, pack_.RegimeIds());
      break;
    case 2:
      request.subject_category = Pick({}, pack_.SubjectCategoryIds());
      break;
    case 3:
      request.case_phase = Pick({}, pack_.CasePhaseIds());
      break;
    case 4:
      request.fields = {Pick({}, pack_.FieldIds())};
      break;
    case 5:
      request.provider_unit = Pick({}, pack_.UnitIds());
      break;
    default:
      request.recipient_unit = Pick({}, pack_.UnitIds());
      break;
  }
}

std::vector<Approval> RandomRequests::AllApprovals(const EvaluationRequest& request) const {
  std::vector<Approval> approvals;
  for (const std::string& role : pack_.ApprovalRoleIds()) {
    approvals.push_back({role, absl::StrCat("a-", role), request.time});
  }
  return approvals;
}

EvaluationRequest RandomRequests::Next() {
  EvaluationRequest request;
  request.subject_id = "f-001";
  request.resource_id = "zaak-2026-0001";
  request.time = At(Chance(80) ? "2026-11-23T10:00:00+01:00" : "2027-08-01T10:00:00+02:00");
  const Rules& rules = pack_.rules();
  const Rule* from = nullptr;
  if (Chance(85)) {
    const Permit& permit = rules.permits[Below(rules.permits.size())];
    DrawFrom(permit, permit.fields, request);
    from = &permit;
  } else {
    const Emergency& emergency = rules.emergencies[Below(rules.emergencies.size())];
    DrawFrom(emergency, emergency.fields, request);
    from = &emergency;
  }
  DrawFacts(from->box, request);
  if (Chance(40)) PullInto(rules.invariants[Below(rules.invariants.size())].box, request);
  if (Chance(30)) Disturb(request);
  DrawOrganisations(request);
  request.emergency = Chance(30);
  request.subset = Chance(30);
  for (Approval& approval : AllApprovals(request)) {
    if (Chance(60)) request.approvals.push_back(std::move(approval));
  }
  return request;
}

}  // namespace sluis::policy::testing
