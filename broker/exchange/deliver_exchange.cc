// From a sealed answer to an empty mailbox: handing over, confirming, destroying.
#include "broker/exchange/deliver_exchange.h"

#include "broker/exchange/access.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/states.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {

absl::StatusOr<ExchangeId> DeliverIn(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord exchange,
                         AsRecipient(turn.store, turn.caller, id));
  SLUIS_RETURN_IF_ERROR(NextState(exchange.state, Verb::kDeliver).status());
  SLUIS_RETURN_IF_ERROR(
      Log(turn, exchange,
          ExchangeLeaf(turn, exchange, tlog::LeafKind::kDelivery, tlog::LeafOutcome::kDelivered))
          .status());
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return id;
}

absl::StatusOr<storage::MailboxRecord> ContentOf(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(const storage::ExchangeRecord exchange,
                         AsRecipient(turn.store, turn.caller, id));
  SLUIS_RETURN_IF_ERROR(NextState(exchange.state, Verb::kDeliver).status());
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::MailboxRecord> mailbox, turn.store.FindMailbox(id));
  if (mailbox) return *std::move(mailbox);
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "the content of this answer is gone; call the operator");
}

absl::StatusOr<ExchangeId> CollectIn(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord exchange,
                         AsRecipient(turn.store, turn.caller, id));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kCollect));
  SLUIS_RETURN_IF_ERROR(turn.store.DeleteMailbox(id));
  SLUIS_RETURN_IF_ERROR(
      Log(turn, exchange,
          ExchangeLeaf(turn, exchange, tlog::LeafKind::kOpening, tlog::LeafOutcome::kDone))
          .status());
  // From now on the term of what was received runs; the sweep reminds when it ends.
  SLUIS_ASSIGN_OR_RETURN(exchange.expire_time, EndOfDay(exchange.retain_until));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  SLUIS_RETURN_IF_ERROR(Notify(turn, exchange.provider_desk, InboxEvent::kConfirmed, id));
  return id;
}

absl::StatusOr<ExchangeId> DestroyIn(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord exchange,
                         AsRecipient(turn.store, turn.caller, id));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kDestroy));
  exchange.expire_time = absl::InfiniteFuture();
  journal::LeafDraft draft =
      ExchangeLeaf(turn, exchange, tlog::LeafKind::kDestroy, tlog::LeafOutcome::kDone);
  draft.refers_to = exchange.answer_leaf;
  SLUIS_RETURN_IF_ERROR(Log(turn, exchange, std::move(draft)).status());
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  SLUIS_RETURN_IF_ERROR(Notify(turn, exchange.provider_desk, InboxEvent::kConfirmed, id));
  return id;
}

}  // namespace sluis::exchange
