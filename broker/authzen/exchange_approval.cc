#include "broker/authzen/exchange_approval.h"

#include <optional>
#include <utility>

#include "broker/authzen/exchange_verdict.h"
#include "broker/exchange/approval_task.h"
#include "lib/base/status_macros.h"

namespace sluis::authzen {
namespace {

using exchange::ApprovalTask;
using exchange::TaskStatus;

constexpr std::string_view kTaskPrefix = "t-", kApprovalPrefix = "a-";
constexpr std::string_view kAskAnew = "request", kWait = "retry", kNothing = "none";

BroughtApproval DoesNotCount(std::string_view reason, std::string_view next_action) {
  return {true, reason, next_action, {}};
}

absl::StatusOr<ExchangeId> ParsePrefixed(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return absl::InvalidArgumentError("not an id of ours");
  return ExchangeId::Parse(text.substr(prefix.size()));
}

BroughtApproval OfTask(exchange::ExchangeResult task, absl::Time now) {
  const ApprovalTask state = TaskOf(task, now);
  if (state.status == TaskStatus::kPending) return DoesNotCount("grant_pending", kWait);
  if (state.status == TaskStatus::kDenied) return DoesNotCount(kPolicyDenied, kNothing);
  if (!state.HoldsAt(now)) return DoesNotCount("approval_expired", kAskAnew);
  // If it is not enough any more, an approver's word grew old or the rules ask for more.
  return {true, "approval_expired", kAskAnew, std::move(task.exchange.approvals)};
}

}  // namespace

std::string TaskIdOf(const ExchangeId& id) { return std::string(kTaskPrefix) + id.hex(); }
std::string ApprovalIdOf(const ExchangeId& id) { return std::string(kApprovalPrefix) + id.hex(); }
absl::StatusOr<ExchangeId> ParseTaskId(std::string_view text) {
  return ParsePrefixed(kTaskPrefix, text);
}

absl::StatusOr<BroughtApproval> LookUpApproval(const ExchangeQuestion& question,
                                               const exchange::Moment& moment) {
  if (!question.approval) return BroughtApproval();
  const BroughtApproval unknown = DoesNotCount("approval_unverifiable", kNothing);
  const absl::StatusOr<ExchangeId> id = ParsePrefixed(kApprovalPrefix, *question.approval);
  if (!id.ok()) return unknown;
  SLUIS_ASSIGN_OR_RETURN(std::optional<exchange::ExchangeResult> task, moment.FindTask(*id));
  if (!task) return unknown;
  if (!AsksTheSame(question.ask, task->exchange)) return DoesNotCount("out_of_scope", kAskAnew);
  return OfTask(*std::move(task), moment.now());
}

void TellNextStep(const BroughtApproval& approval, Verdict& verdict) {
  if (!approval.brought || verdict.decision) return;
  const std::string reason = verdict.context.at("reason");
  if (reason != kApprovalRequired && reason != kProhibited && reason != kNoLegalBasis) return;
  const bool could_help = reason == kApprovalRequired;
  const std::string_view next = could_help ? approval.next_action : kNothing;
  verdict.context["reason"] = could_help ? approval.reason : kPolicyDenied;
  verdict.context["next_action"] = next;
  if (next == kWait) verdict.context["retry_after"] = absl::ToInt64Seconds(kPollPause);
  if (next != kAskAnew) verdict.context.erase("access_request");
}

}  // namespace sluis::authzen
