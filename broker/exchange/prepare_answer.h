// Before a release in which somebody stands as a pseudonym: the act of the provider's person is
// taken up as an approval, the broker decides again with his labels, and gives him the statement
// that the transcryptors ask for.
#pragma once

#include "broker/exchange/answer_exchange.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

// Leaves the exchange FORWARDED with a fresh statement, or QUEUED while the recipient has no
// session. A decision that does not permit is a refusal as of an answer. May be repeated.
absl::StatusOr<AnswerOutcome> PrepareIn(Turn& turn, const Prepare& prepare);

}  // namespace sluis::exchange
