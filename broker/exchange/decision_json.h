// How a decision is kept beside its exchange: canonical JSON, so that what was decided can be shown
// as it was even when the pack has changed since.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "policy/engine/decision.h"

namespace sluis::exchange {

struct StoredDecision {
  policy::Decision decision;
  std::string policy_digest;  // lower-case hex
  absl::Time time;
};

std::string DecisionToJson(const policy::Decision& decision, const Digest& policy_digest,
                           absl::Time time);
// DATA_LOSS / LOG_INCONSISTENT for anything that DecisionToJson did not write.
absl::StatusOr<StoredDecision> DecisionFromJson(const std::string& text);

}  // namespace sluis::exchange
