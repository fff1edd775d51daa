#include "broker/exchange/arrangements.h"

#include <algorithm>

#include "broker/exchange/access.h"
#include "broker/exchange/errands.h"
#include "broker/exchange/leaves.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

absl::Status CheckCallerIsParty(const Turn& turn, const identity::ArrangementTerms& terms) {
  const bool named =
      std::any_of(terms.parties.begin(), terms.parties.end(),
                  [&](const PartyId& party) { return party.oin == turn.caller.party.oin; });
  return named ? absl::OkStatus() : NotAccessible();
}

absl::Status CheckReplacement(Turn& turn, const identity::Arrangement& candidate) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ArrangementRecord> current,
                         turn.store.FindArrangement(candidate.terms().id));
  if (!current) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const identity::Arrangement known,
                         identity::Arrangement::Parse(current->statement));
  return identity::CheckReplaces(known, candidate);
}

}  // namespace

std::set<Oin> OrganisationsOf(const identity::ArrangementTerms& terms) {
  std::set<Oin> organisations;
  for (const PartyId& party : terms.parties) organisations.insert(party.oin);
  for (const PartyId& party : terms.recipients) organisations.insert(party.oin);
  for (const std::optional<PartyId>& party : {terms.authority, terms.principal, terms.agent}) {
    if (party) organisations.insert(party->oin);
  }
  return organisations;
}

absl::Status RegisterIn(Turn& turn, const storage::ArrangementRecord& record) {
  SLUIS_ASSIGN_OR_RETURN(const identity::Arrangement arrangement,
                         identity::Arrangement::Parse(record.statement));
  SLUIS_RETURN_IF_ERROR(CheckCallerIsParty(turn, arrangement.terms()));
  SLUIS_RETURN_IF_ERROR(CheckReplacement(turn, arrangement));
  SLUIS_RETURN_IF_ERROR(turn.store.PutArrangement(record));
  for (const int hop : {1, 2}) {
    if (turn.pseudonyms == nullptr) break;
    SLUIS_RETURN_IF_ERROR(LeaveErrand(turn, ArrangementErrand(hop, record.id, turn.now)));
  }
  journal::LeafDraft draft =
      StructuralLeaf(turn, tlog::LeafKind::kMandateChange,
                     {{"arrangement", record.id},
                      {"serial", record.serial},
                      {"fact", arrangement.terms().fact},
                      {"in_force", arrangement.terms().in_force},
                      {"statement", HexEncode(AsView(arrangement.digest()))}});
  draft.parties = arrangement.terms().parties;
  return turn.log.Append(std::move(draft)).status();
}

}  // namespace sluis::exchange
