#include "broker/exchange/facts.h"

#include <algorithm>
#include <set>

#include "lib/base/status_macros.h"
#include "lib/identity/arrangement.h"

namespace sluis::exchange {
namespace {

constexpr int kPage = 500;

// Every registered arrangement that names one of the organisations, once.
absl::StatusOr<std::vector<identity::Arrangement>> ArrangementsOf(storage::Reader& store,
                                                                  const std::set<Oin>& organisations) {
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
        SLUIS_ASSIGN_OR_RETURN(identity::Arrangement arrangement, identity::ParseArrangement(record.statement));
        found.push_back(std::move(arrangement));
      }
      if (page.size() < kPage) break;
      after = page.back().id;
    }
  }
  return found;
}

// valid beats expired beats absent.
void Raise(std::string& value, std::string_view seen) {
  if (seen == "valid" || value == "absent") value = std::string(seen);
}

bool IsInForce(const identity::Arrangement& arrangement, absl::Time now) {
  return arrangement.value != "no" && arrangement.from <= now && now < arrangement.until;
}

bool IsOver(const identity::Arrangement& arrangement, absl::Time now) {
  return arrangement.value != "no" && arrangement.until <= now;
}

// Does it speak about this flow? A mandate about principal and agent, any other about both sides.
bool SpeaksAbout(const identity::Arrangement& arrangement, const FactScope& scope) {
  if (!arrangement.CoversPurpose(scope.purpose)) return false;
  if (arrangement.fact == "mandaat") {
    const Oin& principal = scope.acting.unit.kind() == scope.recipient.unit.kind() &&
                                   scope.recipient.oin != scope.acting.oin &&
                                   scope.recipient.unit == scope.acting.unit
                               ? scope.recipient.oin
                               : scope.provider.oin;
    return arrangement.IsMandate(principal, scope.acting);
  }
  if (arrangement.fact == "verordening-151d") {
    return arrangement.Names(scope.recipient.oin) || arrangement.Names(scope.provider.oin);
  }
  return arrangement.Names(scope.provider.oin) && arrangement.Names(scope.recipient.oin);
}

void AddArrangementFacts(const std::vector<identity::Arrangement>& arrangements, const FactScope& scope,
                         absl::Time now, Facts& facts) {
  for (const char* fact : {"convenant", "mandaat", "artikel-20-besluit", "bevoegd-gezag-akkoord", "verordening-151d"}) {
    facts.values[fact] = "absent";
  }
  std::set<std::string> article20_fields;
  for (const identity::Arrangement& arrangement : arrangements) {
    const auto value = facts.values.find(arrangement.fact);
    if (value == facts.values.end() || !SpeaksAbout(arrangement, scope)) continue;
    if (IsOver(arrangement, now)) Raise(value->second, "expired");
    if (!IsInForce(arrangement, now)) continue;
    Raise(value->second, "valid");
    if (arrangement.fact == "artikel-20-besluit") {
      article20_fields.insert(arrangement.fields.begin(), arrangement.fields.end());
    }
  }
  facts.article20_fields.assign(article20_fields.begin(), article20_fields.end());
}

std::string YesNo(bool yes) { return yes ? "yes" : "no"; }

}  // namespace

absl::StatusOr<Facts> GatherFacts(Turn& turn, const storage::CaseRecord& the_case, const FactScope& scope) {
  Facts facts;
  SLUIS_ASSIGN_OR_RETURN(std::vector<identity::Arrangement> arrangements,
                         ArrangementsOf(turn.store, {scope.provider.oin, scope.recipient.oin, scope.acting.oin}));
  AddArrangementFacts(arrangements, scope, turn.now, facts);
  facts.values["zelfde-regio"] = turn.directory.SameRegion(scope.provider.oin, scope.recipient.oin);
  facts.values["zaak-open"] = YesNo(the_case.open);
  facts.values["subject-verified"] = scope.subject_verified;
  // No inquiry exists in this version, so no hit can be on record and no case is a weighing table.
  facts.values["treffer-vastgelegd"] = "no";
  facts.values["weegtafel"] = "no";
  return facts;
}

}  // namespace sluis::exchange
