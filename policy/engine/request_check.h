// Is a request inside the vocabulary (rulebook §2.6)?
#pragma once

#include <optional>

#include "policy/engine/decision.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy {

// 20 digits.
bool IsOin(std::string_view text);

// The first thing that makes the request INVALID, in the order of the AuthZEN members.
std::optional<Invalid> FindInvalid(const Pack& pack, const EvaluationRequest& request);

}  // namespace sluis::policy
