#include "broker/exchange/waiting.h"

#include <algorithm>

#include "broker/exchange/access.h"
#include "broker/exchange/errands.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/sessions.h"
#include "broker/exchange/statement.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

// DELIVERY with NOT_DELIVERED: the log has no kind of its own for waiting (log.md B5).
absl::Status LogWaiting(Turn& turn, storage::ExchangeRecord& exchange, std::string_view what) {
  return Log(turn, exchange,
             ExchangeLeaf(turn, exchange, tlog::LeafKind::kDelivery,
                          tlog::LeafOutcome::kNotDelivered, {{"waits_for", std::string(what)}}))
      .status();
}

absl::Status LetWaitForSession(Turn& turn, storage::ExchangeRecord& exchange) {
  const bool waited = WaitsFor(exchange, QueueReason::kRecipientSession);
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kWait));
  exchange.queue_reason = static_cast<int>(QueueReason::kRecipientSession);
  exchange.statement.clear();
  if (!waited) SLUIS_RETURN_IF_ERROR(LogWaiting(turn, exchange, "session"));
  return turn.store.PutErrand({.queue = SessionQueue(ReceivingDesk(exchange)),
                               .id = exchange.id.hex(),
                               .body = {},
                               .create_time = turn.now});
}

// From the decision of this moment; none when it would not let the subject go.
absl::Status RenewStatement(Turn& turn, storage::ExchangeRecord& exchange) {
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(turn.store, exchange));
  exchange.case_phase = the_case.phase;
  const absl::StatusOr<Decided> decided =
      DecideOn(turn, exchange, the_case, {.approvals = exchange.approvals});
  if (absl::IsInvalidArgument(decided.status())) return absl::OkStatus();
  SLUIS_RETURN_IF_ERROR(decided.status());
  if (!MaySendSubject(turn, exchange, the_case, decided->decision)) return absl::OkStatus();
  return LetSend(turn, exchange, *decided, /*needs_session=*/true);
}

}  // namespace

bool MaySendSubject(const View& view, const storage::ExchangeRecord& exchange,
                    const storage::CaseRecord& the_case, const policy::Decision& decision) {
  return decision.outcome == policy::Outcome::kPermitted ||
         (decision.outcome == policy::Outcome::kNeedsApproval &&
          OnlyProviderRolesMissing(view, exchange, the_case, decision));
}

bool NeedsSession(const storage::ExchangeRecord& exchange, const policy::Decision& decision) {
  if (exchange.action == "promote") return true;
  return std::any_of(decision.fields.begin(), decision.fields.end(),
                     [](const auto& field) { return field.second == "pseudonym"; });
}

absl::Status LetSend(Turn& turn, storage::ExchangeRecord& exchange, const Decided& decided,
                     bool needs_session) {
  if (turn.pseudonyms == nullptr || !MayHaveStatement(exchange)) return absl::OkStatus();
  if (needs_session) {
    SLUIS_ASSIGN_OR_RETURN(const Bytes context,
                           NewestContext(turn.store, ReceivingDesk(exchange), turn.now));
    if (context.empty()) return LetWaitForSession(turn, exchange);
  }
  if (exchange.state == ExchangeState::kQueued) {
    SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
    SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kReady));
  }
  SLUIS_ASSIGN_OR_RETURN(exchange.statement, MakeStatement(turn, exchange, decided));
  return absl::OkStatus();
}

absl::Status LetWaitForTranscryptor(Turn& turn, storage::ExchangeRecord& exchange,
                                    absl::Time until) {
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kWait));
  exchange.queue_reason = static_cast<int>(QueueReason::kTranscryptor);
  exchange.expire_time = until;
  SLUIS_RETURN_IF_ERROR(LogWaiting(turn, exchange, "transcryptor"));
  return LeaveErrand(turn, TripErrand(turn, exchange.id));
}

absl::Status LeaveQueue(Turn& turn, storage::ExchangeRecord& exchange) {
  if (WaitsFor(exchange, QueueReason::kRecipientSession)) {
    SLUIS_RETURN_IF_ERROR(
        turn.store.DeleteErrand(SessionQueue(ReceivingDesk(exchange)), exchange.id.hex()));
  }
  if (WaitsFor(exchange, QueueReason::kTranscryptor)) {
    SLUIS_RETURN_IF_ERROR(turn.store.DeleteErrand(kTripQueue, exchange.id.hex()));
  }
  exchange.queue_reason = static_cast<int>(QueueReason::kNone);
  return absl::OkStatus();
}

absl::StatusOr<bool> ReadyIn(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ExchangeRecord> exchange,
                         turn.store.FindExchange(id));
  if (!exchange || !WaitsFor(*exchange, QueueReason::kRecipientSession)) return false;
  SLUIS_ASSIGN_OR_RETURN(const Bytes context,
                         NewestContext(turn.store, ReceivingDesk(*exchange), turn.now));
  if (context.empty()) return false;
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, *exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange->state, NextState(ExchangeState::kQueued, Verb::kReady));
  SLUIS_RETURN_IF_ERROR(Log(turn, *exchange,
                            ExchangeLeaf(turn, *exchange, tlog::LeafKind::kDelivery,
                                         tlog::LeafOutcome::kNone, {{"goes_on", "session"}}))
                            .status());
  // The asker has no act of his own that would make him a statement.
  if (AwaitsSubject(*exchange)) SLUIS_RETURN_IF_ERROR(RenewStatement(turn, *exchange));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(*exchange));
  SLUIS_RETURN_IF_ERROR(Notify(turn, SendingDesk(*exchange), InboxEvent::kSessionReady, id));
  return true;
}

}  // namespace sluis::exchange
