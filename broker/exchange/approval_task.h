// An approval that is asked for before there is anything to send (exports.md §5.5): an exchange
// like any other, looked at as a task. Whoever approves it does so in the exchange; an approval is
// an input to a decision and never one.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/exchange/caller.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

enum class TaskStatus { kPending, kApproved, kDenied, kExpired, kCancelled };

struct ApprovalTask {
  TaskStatus status = TaskStatus::kPending;
  // Of kApproved. One whose exchange was carried out was good until then.
  absl::Time approved_at, approved_until;
  bool HoldsAt(absl::Time now) const {
    return status == TaskStatus::kApproved && now < approved_until;
  }
};

// Is whom it is about no part of the question? Only of a disclosure, whose content its sender
// brings once he may. Whom a question is about goes with it, sealed or looked up in an index; a
// recall names what it recalls, and a promotion where the pseudonym comes from.
bool CanBeAskedAlone(std::string_view action);

// Is it an exchange that this very person asked, and that could be asked alone?
bool IsTaskOf(const Caller& caller, const storage::ExchangeRecord& exchange);

// Does `ask` ask what `exchange` asked? The order of fields says nothing.
bool AsksTheSame(const CreateExchange& ask, const storage::ExchangeRecord& exchange);

ApprovalTask TaskOf(const ExchangeResult& result, absl::Time now);

// Takes a task back that nobody has decided. NotAccessible() for what is no task of the caller;
// FAILED_PRECONDITION / APPROVAL_EXPIRED or EXCHANGE_CLOSED once it ended.
absl::StatusOr<ExchangeId> CancelTaskIn(Turn& turn, const ExchangeId& id);

}  // namespace sluis::exchange
