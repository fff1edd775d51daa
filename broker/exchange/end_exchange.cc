#include "broker/exchange/end_exchange.h"

#include <set>

#include "broker/exchange/access.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

// What was asked with, what was about to be sent, and what waited in a queue or for an answer.
absl::Status ForgetContent(Turn& turn, storage::ExchangeRecord& exchange) {
  exchange.subject.reset();
  exchange.statement.clear();
  exchange.expire_time = absl::InfiniteFuture();
  return turn.store.DeleteMailbox(exchange.id);
}

// Both sides learn that nothing more comes; a desk never tells itself, and a provider that was
// never asked is not told.
absl::Status TellOthers(Turn& turn, const storage::ExchangeRecord& exchange) {
  std::set<PartyId> parties = {exchange.owner};
  if (!AwaitsSubject(exchange)) parties.insert(exchange.provider_desk);
  for (const PartyId& party : parties) {
    if (party == turn.caller.party) continue;
    SLUIS_RETURN_IF_ERROR(Notify(turn, party, InboxEvent::kEnded, exchange.id));
  }
  return absl::OkStatus();
}

// The term of what was received has ended: a reminder, once, and a line for the privacy officers.
absl::Status RemindToDestroy(Turn& turn, storage::ExchangeRecord& exchange) {
  exchange.expire_time = absl::InfiniteFuture();
  SLUIS_RETURN_IF_ERROR(Log(turn, exchange,
                            ExchangeLeaf(turn, exchange, tlog::LeafKind::kExpire,
                                         tlog::LeafOutcome::kExpired, {{"term_ended", true}}))
                            .status());
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return Notify(turn, exchange.recipient_desk, InboxEvent::kDestroyDue, exchange.id);
}

absl::Status EndByTime(Turn& turn, storage::ExchangeRecord& exchange) {
  if (exchange.state == ExchangeState::kAnswered) {
    SLUIS_RETURN_IF_ERROR(Notify(turn, exchange.recipient_desk, InboxEvent::kEnded, exchange.id));
  }
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kExpire));
  SLUIS_RETURN_IF_ERROR(ForgetContent(turn, exchange));
  SLUIS_RETURN_IF_ERROR(
      Log(turn, exchange,
          ExchangeLeaf(turn, exchange, tlog::LeafKind::kExpire, tlog::LeafOutcome::kExpired))
          .status());
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return TellOthers(turn, exchange);
}

}  // namespace

absl::StatusOr<ExchangeId> RefuseIn(Turn& turn, const Refuse& refuse) {
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord exchange,
                         AsProvider(turn.store, turn.caller, refuse.exchange));
  if (exchange.provider_desk == exchange.owner) {
    return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
                 "your own disclosure cannot be refused; withdraw it instead");
  }
  SLUIS_RETURN_IF_ERROR(CheckSubjectSent(exchange));
  if (WaitsFor(exchange, QueueReason::kTranscryptor)) {
    return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
                 "the answer was released and is on its way; recall it once it has arrived");
  }
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kRefuse));
  exchange.refusal_reason = refuse.reason;
  SLUIS_RETURN_IF_ERROR(ForgetContent(turn, exchange));
  SLUIS_RETURN_IF_ERROR(
      Log(turn, exchange,
          ExchangeLeaf(turn, exchange, tlog::LeafKind::kAnswer, tlog::LeafOutcome::kRefusedByPerson,
                       {{"refusal_reason", refuse.reason}}))
          .status());
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  SLUIS_RETURN_IF_ERROR(TellOthers(turn, exchange));
  return exchange.id;
}

absl::StatusOr<ExchangeId> WithdrawIn(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord exchange, AsOwner(turn.store, turn.caller, id));
  const bool provider_knew = exchange.state != ExchangeState::kAwaitingApproval;
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kWithdraw));
  SLUIS_RETURN_IF_ERROR(ForgetContent(turn, exchange));
  SLUIS_RETURN_IF_ERROR(
      Log(turn, exchange,
          ExchangeLeaf(turn, exchange, tlog::LeafKind::kCancel, tlog::LeafOutcome::kWithdrawn))
          .status());
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  if (provider_knew) SLUIS_RETURN_IF_ERROR(TellOthers(turn, exchange));
  return id;
}

absl::Status DenyIn(Turn& turn, storage::ExchangeRecord& exchange) {
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kNotApprove));
  return ForgetContent(turn, exchange);
}

absl::Status ExpireIn(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ExchangeRecord> exchange,
                         turn.store.FindExchange(id));
  if (!exchange || turn.now < exchange->expire_time) return absl::OkStatus();
  if (IsOpen(exchange->state)) return EndByTime(turn, *exchange);
  return RemindToDestroy(turn, *exchange);
}

}  // namespace sluis::exchange
