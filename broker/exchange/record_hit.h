// A hit comes on record when the asker presents what the provider signed (pseudonyms.md §11.2):
// nothing else sets the fact treffer-vastgelegd.
#pragma once

#include "absl/status/statusor.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

// E_SIGNATURE unless the provider's desk signed a hit at this position; FIELD_INVALID for a
// position that the inquiry has not; EXCHANGE_CLOSED before its answer and after a recall. The same
// hit again changes nothing.
absl::StatusOr<ExchangeId> RecordHitIn(Turn& turn, const RecordHit& hit);

// Does this case have a hit of this provider, as the policy sees it, on record?
bool HasHit(const storage::CaseRecord& the_case, const PartyId& provider);

// The positions of `exchange` of which a hit is on record, ascending.
std::vector<int> RecordedHits(const storage::CaseRecord& the_case, const ExchangeId& exchange);

// The case as the caller may see it: its hits are for the organisation that holds it, for the
// provider who signed them and for who asked.
storage::CaseRecord AsSeenBy(const Caller& caller, storage::CaseRecord the_case);

}  // namespace sluis::exchange
