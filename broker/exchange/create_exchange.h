// Asking, announcing a disclosure, announcing a recall: the first turn of every exchange.
#pragma once

#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"
#include "broker/exchange/view.h"

namespace sluis::exchange {

// Answers with the exchange, whatever the decision. `id` is fresh and random.
absl::StatusOr<ExchangeId> CreateIn(Turn& turn, const CreateExchange& ask, const ExchangeId& id);

// validate_only: the same checks and the same decision, no exchange. Fills `result` (without
// receipts).
absl::Status DecideDryRun(Turn& turn, const CreateExchange& ask, ExchangeResult* result);
// The policy's part of it, which changes nothing and needs no turn: acting side, case, desks, facts
// and the rules, on what was approved so far. Precondition: `ask` names no earlier exchange, no
// other domain and no register.
absl::Status DecideTrial(const View& view, const CreateExchange& ask, ExchangeResult* result,
                         const std::vector<storage::ApprovalRecord>& approvals = {});
// Its DRY_RUN leaf; `policy` is what it was decided by.
absl::Status LogDryRun(Turn& turn, const ExchangeResult& result, const Digest& policy);
// Both.
absl::Status DryRunIn(Turn& turn, const CreateExchange& ask, ExchangeResult* result);

}  // namespace sluis::exchange
