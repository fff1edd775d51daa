// The decision: a plain scan of all rules, combined as rulebook §2 says. This scan is the reference
// that any faster engine is compared with, so it stays simple.
#pragma once

#include "policy/engine/decision.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy {

// Pure: the same pack and request give the same decision. Never fails; a request outside the
// vocabulary is Outcome::kInvalid.
Decision Evaluate(const Pack& pack, const EvaluationRequest& request);

}  // namespace sluis::policy
