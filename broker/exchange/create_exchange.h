// Asking, announcing a disclosure, announcing a recall: the first turn of every exchange.
#pragma once

#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

// Answers with the exchange, whatever the decision. `id` is fresh and random.
absl::StatusOr<ExchangeId> CreateIn(Turn& turn, const CreateExchange& ask, const ExchangeId& id);

// validate_only: the same checks and the same decision, no exchange. Fills `result` (without
// receipts).
absl::Status DecideDryRun(Turn& turn, const CreateExchange& ask, ExchangeResult* result);
// Likewise, with its DRY_RUN leaf.
absl::Status DryRunIn(Turn& turn, const CreateExchange& ask, ExchangeResult* result);

}  // namespace sluis::exchange
