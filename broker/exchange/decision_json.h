// How a decision is kept beside its exchange: canonical JSON, so that what was decided can be shown
// as it was even when the pack has changed since.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/surroundings.h"
#include "lib/base/json.h"
#include "policy/engine/decision.h"

namespace sluis::exchange {

struct StoredDecision {
  policy::Decision decision;
  std::string policy_digest;  // lower-case hex
  absl::Time time;
  // Name and version of the pack and the question as AuthZEN JSON, for a receipt; empty and null in
  // what an older broker stored.
  std::string bundle, version;
  Json request;
};

// `decided` was decided under `policy` at `time`.
std::string DecisionToJson(const Decided& decided, const PolicyInForce& policy, absl::Time time);
// DATA_LOSS / LOG_INCONSISTENT for anything that DecisionToJson did not write.
absl::StatusOr<StoredDecision> DecisionFromJson(const std::string& text);

}  // namespace sluis::exchange
