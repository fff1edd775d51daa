// Exchanges that wait (architecture §5, QUEUED): for a session of the receiving party, without any
// content; or for a transcryptor, with the sealed release in the mailbox.
#pragma once

#include "absl/status/statusor.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/turn.h"
#include "broker/storage/records.h"

namespace sluis::exchange {

// sluis.v1.QueueReason
enum class QueueReason { kNone = 0, kRecipientSession = 1, kTranscryptor = 2 };

inline bool WaitsFor(const storage::ExchangeRecord& exchange, QueueReason reason) {
  return exchange.state == storage::ExchangeState::kQueued &&
         exchange.queue_reason == static_cast<int>(reason);
}

// Would this decision let the asker bring the subject: permitted, or waiting for the provider
// alone?
bool MaySendSubject(const View& view, const storage::ExchangeRecord& exchange,
                    const storage::CaseRecord& the_case, const policy::Decision& decision);

// Does what was decided need a session of the recipient: does anything leave as a pseudonym?
bool NeedsSession(const storage::ExchangeRecord& exchange, const policy::Decision& decision);

// The exchange was permitted and the desk that sends may go on: gives it its statement, or lets it
// wait for a session when `needs_session` and the receiving party has none. Logs; the caller stores
// the exchange. Nothing without transcryptors.
absl::Status LetSend(Turn& turn, storage::ExchangeRecord& exchange, const Decided& decided,
                     bool needs_session);

// The release waits for a transcryptor, until `until`. Logs and leaves the errand.
absl::Status LetWaitForTranscryptor(Turn& turn, storage::ExchangeRecord& exchange,
                                    absl::Time until);

// Takes the exchange out of whatever queue it stands in; not its content.
absl::Status LeaveQueue(Turn& turn, storage::ExchangeRecord& exchange);

// If the receiving party has a session now, the exchange goes on, and the desk that sends is told.
// False when it has none, or when the exchange does not wait for one any more. An operator's turn.
absl::StatusOr<bool> ReadyIn(Turn& turn, const ExchangeId& id);

}  // namespace sluis::exchange
