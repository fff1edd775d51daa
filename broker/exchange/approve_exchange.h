// One approval, given or withheld, and the fresh decision that follows at once (rulebook §2.11).
#pragma once

#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

// PERMISSION_DENIED unless the caller's organisation can give this role here; FAILED_PRECONDITION /
// APPROVER_IS_REQUESTER for the requester himself.
absl::StatusOr<ExchangeId> ApproveIn(Turn& turn, const Approve& approve);

}  // namespace sluis::exchange
