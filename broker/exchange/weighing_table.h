// The RIEC's weighing table (architecture §5, rulebook §2.17): one pseudonym domain per RIEC and
// calendar quarter, shared by all signals of that quarter, so that the same unknown subject is seen
// to recur.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "broker/exchange/turn.h"
#include "broker/exchange/view.h"
#include "broker/storage/records.h"

namespace sluis::exchange {

inline constexpr char kWeighingPurpose[] = "riec-signaalweging";

// `2026-Q4`, by the calendar of Amsterdam.
std::string QuarterOf(absl::Time time);

// Is this a disclosure to a weighing table: for its purpose, to a RIEC?
bool GoesToWeighingTable(const View& view, const storage::ExchangeRecord& exchange);

// The domain of the table of this RIEC now; drawn at random, under a CASE_CHANGE leaf, in the turn
// that first needs it.
absl::StatusOr<CaseId> OpenWeighingTable(Turn& turn, const Oin& riec);

// The fact `weegtafel`: the exchange's domain is the table of its recipient for the quarter in
// which the exchange was made. An empty domain stands for a table that does not exist yet (dry
// runs).
absl::StatusOr<bool> IsAtWeighingTable(const View& view, const storage::ExchangeRecord& exchange);

// Is `domain` a weighing table of this organisation, of any quarter?
absl::StatusOr<bool> IsWeighingTableOf(const View& view, const CaseId& domain, const Oin& riec);

}  // namespace sluis::exchange
