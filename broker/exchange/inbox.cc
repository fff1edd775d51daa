#include "broker/exchange/inbox.h"

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {

absl::Status Notify(Turn& turn, const PartyId& party, InboxEvent event,
                    const ExchangeId& exchange) {
  turn.told.insert(party);
  return turn.store
      .AppendInbox(
          party, {.event = static_cast<int>(event), .exchange = exchange, .create_time = turn.now})
      .status();
}

absl::StatusOr<absl::Time> EndOfDay(const std::string& day) {
  if (day.empty()) return absl::InfiniteFuture();
  absl::CivilDay civil;
  if (!absl::ParseCivilTime(day, &civil)) {
    return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
                 "a stored date cannot be read; call the operator");
  }
  return absl::FromCivil(civil + 1, AmsterdamZone());
}

}  // namespace sluis::exchange
