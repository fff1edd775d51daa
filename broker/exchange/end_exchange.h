// Ends without content: a person refuses, the requester withdraws, or time runs out.
#pragma once

#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

// The provider's person refuses, with a reason from the list.
absl::StatusOr<ExchangeId> RefuseIn(Turn& turn, const Refuse& refuse);
// The requester takes it back before there is an answer.
absl::StatusOr<ExchangeId> WithdrawIn(Turn& turn, const ExchangeId& id);
// Nobody may receive it any more: leaves its queue, and nothing sealed is kept. The caller logs why
// and stores the exchange.
absl::Status DenyIn(Turn& turn, storage::ExchangeRecord& exchange);
// What is due at `turn.now`: a question nobody answered and an answer nobody opened expire; who
// holds what reached its end date is told to destroy it. Nothing happens if it is no longer due.
absl::Status ExpireIn(Turn& turn, const ExchangeId& id);

}  // namespace sluis::exchange
