#include "broker/exchange/approval_task.h"

#include <algorithm>
#include <set>

#include "broker/exchange/access.h"
#include "broker/exchange/end_exchange.h"
#include "broker/exchange/exchange_result.h"
#include "broker/exchange/states.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

constexpr char kDisclose[] = "disclose";

absl::Time ApprovedAt(const ExchangeResult& result) {
  absl::Time latest = absl::InfinitePast();
  for (const storage::ApprovalRecord& approval : result.exchange.approvals) {
    if (approval.granted) latest = std::max(latest, approval.time);
  }
  return latest == absl::InfinitePast() ? result.decided : latest;
}

// While the exchange goes on: approved once its newest decision permits it.
ApprovalTask OpenTask(const ExchangeResult& result, absl::Time now) {
  ApprovalTask task;
  if (now >= result.exchange.expire_time) {
    task.status = TaskStatus::kExpired;
  } else if (result.exchange.state != ExchangeState::kAwaitingApproval &&
             result.decision.outcome == policy::Outcome::kPermitted) {
    task = {TaskStatus::kApproved, ApprovedAt(result), result.exchange.expire_time};
  }
  return task;
}

std::set<std::string> AsSet(const std::vector<std::string>& fields) {
  return {fields.begin(), fields.end()};
}

}  // namespace

bool CanBeAskedAlone(std::string_view action) { return action == kDisclose; }

bool IsTaskOf(const Caller& caller, const storage::ExchangeRecord& exchange) {
  return exchange.owner == caller.party && exchange.requester == caller.person &&
         CanBeAskedAlone(exchange.action) && !exchange.from_domain;
}

bool AsksTheSame(const CreateExchange& ask, const storage::ExchangeRecord& exchange) {
  return ask.parent == exchange.owner && ask.action == exchange.action &&
         ask.purpose == exchange.purpose && ask.basis == exchange.basis &&
         ask.provider == exchange.provider && ask.recipient == exchange.recipient &&
         ask.case_id == exchange.case_id && ask.regime == exchange.regime &&
         ask.subject_category == exchange.subject_category && ask.subset == exchange.subset &&
         ask.emergency == exchange.emergency && AsSet(ask.fields) == AsSet(exchange.fields);
}

ApprovalTask TaskOf(const ExchangeResult& result, absl::Time now) {
  switch (result.exchange.state) {
    case ExchangeState::kAwaitingApproval:
    case ExchangeState::kForwarded:
    case ExchangeState::kQueued:
      return OpenTask(result, now);
    case ExchangeState::kAnswered:
    case ExchangeState::kCollected:
    case ExchangeState::kDestroyed:
    case ExchangeState::kRecalled:
      // The newest decision is that of the release: what was approved has been done.
      return {TaskStatus::kApproved, ApprovedAt(result), result.decided};
    case ExchangeState::kDenied:
    case ExchangeState::kRefused:
      return {TaskStatus::kDenied, {}, {}};
    case ExchangeState::kExpired:
      return {TaskStatus::kExpired, {}, {}};
    case ExchangeState::kWithdrawn:
      return {TaskStatus::kCancelled, {}, {}};
  }
  return {TaskStatus::kDenied, {}, {}};
}

absl::StatusOr<ExchangeId> CancelTaskIn(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(const ExchangeResult found, LoadResult(turn.store, id));
  if (!IsTaskOf(turn.caller, found.exchange)) return NotAccessible();
  switch (TaskOf(found, turn.now).status) {
    case TaskStatus::kPending:
      return WithdrawIn(turn, id);
    case TaskStatus::kExpired:
      return Error(ErrorCode::kPrecondition, "APPROVAL_EXPIRED",
                   "its time is over; evaluate again and ask anew");
    default:
      return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
                   "it was decided already; what was approved is withdrawn in the exchange itself");
  }
}

}  // namespace sluis::exchange
