// The evaluation request of the policy as AuthZEN JSON, in the words that policy/engine/authzen.h
// reads: what a decision statement carries, so that whoever reads it decides about the same
// question.
#pragma once

#include "lib/base/json.h"
#include "policy/engine/request.h"

namespace sluis::exchange {

// Times in whole milliseconds, as the request must have them to come back unchanged.
Json ToAuthzen(const policy::EvaluationRequest& request);

}  // namespace sluis::exchange
