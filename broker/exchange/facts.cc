#include "broker/exchange/facts.h"

#include <set>

#include "broker/exchange/record_hit.h"
#include "lib/base/status_macros.h"
#include "lib/identity/arrangement.h"

namespace sluis::exchange {
namespace {

constexpr int kPage = 500;

// Every registered arrangement that names one of the organisations, once.
absl::StatusOr<std::vector<identity::Arrangement>> ArrangementsOf(
    storage::Reader& store, const std::set<Oin>& organisations) {
  std::vector<identity::Arrangement> found;
  std::set<std::string> seen;
  for (const Oin& organisation : organisations) {
    std::string after;
    for (;;) {
      SLUIS_ASSIGN_OR_RETURN(std::vector<storage::ArrangementRecord> page,
                             store.ListArrangements(organisation, after, kPage));
      for (const storage::ArrangementRecord& record : page) {
        if (!seen.insert(record.id).second) continue;
        // Signatures were checked when it was registered; the statement is what counts now.
        SLUIS_ASSIGN_OR_RETURN(identity::Arrangement arrangement,
                               identity::Arrangement::Parse(record.statement));
        found.push_back(std::move(arrangement));
      }
      if (page.size() < kPage) break;
      after = page.back().id;
    }
  }
  return found;
}

// For whom the acting party speaks: itself, or the other municipality of its side (a mandate).
const PartyId& PrincipalOf(const FactScope& scope) {
  return scope.provider_acts ? scope.provider : scope.recipient;
}

std::string YesNo(bool yes) { return yes ? "yes" : "no"; }

std::string RegionValue(identity::SameRegion same) {
  switch (same) {
    case identity::SameRegion::kYes:
      return "yes";
    case identity::SameRegion::kNo:
      return "no";
    case identity::SameRegion::kUnknown:
      return "unknown";
  }
  return "unknown";
}

void AddArrangementFacts(const std::vector<identity::Arrangement>& arrangements,
                         const FactScope& scope, const CaseId& case_id, absl::Time now,
                         Facts& facts) {
  const identity::ArrangementQuery between{.provider = scope.provider,
                                           .recipient = scope.recipient,
                                           .purpose = scope.purpose,
                                           .case_id = case_id,
                                           .now = now};
  identity::ArrangementQuery mandate = between;
  mandate.provider = scope.acting;
  mandate.recipient = PrincipalOf(scope);
  for (const char* fact :
       {identity::kFactCovenant, identity::kFactMandate, identity::kFactArticle20,
        identity::kFactAuthority, identity::kFactByLaw}) {
    const bool is_mandate = std::string_view(fact) == identity::kFactMandate;
    const identity::ArrangementFact found =
        identity::FactFrom(arrangements, fact, is_mandate ? mandate : between);
    facts.values[fact] = std::string(identity::FactValueName(found.value));
    if (std::string_view(fact) == identity::kFactArticle20) {
      facts.article20_fields.assign(found.fields.begin(), found.fields.end());
    }
  }
}

}  // namespace

absl::StatusOr<Facts> GatherFacts(const View& view, const storage::CaseRecord& the_case,
                                  const FactScope& scope) {
  Facts facts;
  SLUIS_ASSIGN_OR_RETURN(
      std::vector<identity::Arrangement> arrangements,
      ArrangementsOf(view.store, {scope.provider.oin, scope.recipient.oin, scope.acting.oin}));
  AddArrangementFacts(arrangements, scope, the_case.id, view.now, facts);
  facts.values["zelfde-regio"] =
      RegionValue(view.directory.Compare(scope.provider.oin, scope.recipient.oin));
  facts.values["zaak-open"] = YesNo(the_case.open);
  facts.values["subject-verified"] = scope.subject_verified;
  facts.values["treffer-vastgelegd"] = YesNo(HasHit(the_case, scope.provider));
  facts.values["weegtafel"] = YesNo(scope.weighing_table);
  return facts;
}

}  // namespace sluis::exchange
