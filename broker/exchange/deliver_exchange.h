// From a sealed answer to an empty mailbox (architecture §5, hop 7 and 8). Each is one turn of the
// recipient.
#pragma once

#include "broker/exchange/turn.h"

namespace sluis::exchange {

// Logs DELIVERY; as often as needed while the answer waits.
absl::StatusOr<ExchangeId> DeliverIn(Turn& turn, const ExchangeId& id);
// The content that waits, for the recipient's desk alone.
absl::StatusOr<storage::MailboxRecord> ContentOf(Turn& turn, const ExchangeId& id);
// Logs OPENING, empties the mailbox, starts the retention term.
absl::StatusOr<ExchangeId> CollectIn(Turn& turn, const ExchangeId& id);
// Logs DESTROY: the recipient confirms that what it received is gone.
absl::StatusOr<ExchangeId> DestroyIn(Turn& turn, const ExchangeId& id);

}  // namespace sluis::exchange
