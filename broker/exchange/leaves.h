// How acts look in the log: the drafts of their leaves and the members of their records (log.md B5,
// B6).
#pragma once

#include <string>

#include "broker/exchange/decide.h"
#include "broker/exchange/turn.h"
#include "broker/storage/records.h"
#include "lib/base/json.h"

namespace sluis::exchange {

// A draft about an exchange: acting organisation = the caller's, other = the other side's; parties,
// purpose, case, regime and retention class from the exchange. `record` gains the given members.
journal::LeafDraft ExchangeLeaf(const Turn& turn, const storage::ExchangeRecord& exchange,
                                tlog::LeafKind kind, tlog::LeafOutcome outcome,
                                Json members = Json::object());

// A draft about a case, an arrangement or the directory.
journal::LeafDraft StructuralLeaf(const Turn& turn, tlog::LeafKind kind, Json members);

// The members `fields`, `reasons`, `rules`, `approvals_needed`, `obligations` of a decision, and
// `request`: the question with its facts as AuthZEN JSON, from which it can be decided again
// (`sluis policy replay`). No `request` where no question could be put.
Json DecisionMembers(const Decided& decided);
tlog::LeafOutcome OutcomeOf(const policy::Decision& decision);

// Retention class of log.md B8 by the regime and purpose of the exchange.
tlog::RetentionClass RetentionOf(const storage::ExchangeRecord& exchange);

// Appends the draft and notes its index in the exchange.
absl::StatusOr<std::uint64_t> Log(Turn& turn, storage::ExchangeRecord& exchange,
                                  journal::LeafDraft draft);

}  // namespace sluis::exchange
