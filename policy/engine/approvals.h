// Is a demand for approval met (rulebook §2.11)?
#pragma once

#include "policy/engine/request.h"
#include "policy/engine/rules.h"

namespace sluis::policy {

// True if `demand.count` different persons, none of them the requester, hold as many different
// roles of the list, by approvals given no later than the request's time and no longer before it
// than `max_age`.
bool IsMet(const ApprovalDemand& demand, const EvaluationRequest& request);

}  // namespace sluis::policy
