// The approval that a question brings (exports.md §5.5): looked up by its id, for who calls and for
// this very question. What was approved is one more input to the decision; that it was is none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/authzen/decision_point.h"
#include "broker/authzen/exchange_question.h"
#include "broker/exchange/moment.h"

namespace sluis::authzen {

// Ids of the profile: the exchange, under two names.
std::string TaskIdOf(const ExchangeId& id);
std::string ApprovalIdOf(const ExchangeId& id);
absl::StatusOr<ExchangeId> ParseTaskId(std::string_view text);

inline constexpr absl::Duration kPollPause = absl::Minutes(1);

struct BroughtApproval {
  bool brought = false;
  // Why it does not count, and what the caller may do; of one that counts, what to do if it is not
  // enough.
  std::string_view reason, next_action;
  std::vector<storage::ApprovalRecord> approvals;
};

absl::StatusOr<BroughtApproval> LookUpApproval(const ExchangeQuestion& question,
                                               const exchange::Moment& moment);

// Says in a denial what the approval came to.
void TellNextStep(const BroughtApproval& approval, Verdict& verdict);

}  // namespace sluis::authzen
