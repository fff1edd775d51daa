// Inbox lines: what a desk should look at. The values are those of sluis.v1.InboxEvent.
#pragma once

#include <string>

#include "broker/exchange/turn.h"

namespace sluis::exchange {

enum class InboxEvent {
  kQuestion = 1,
  kDelivery = 2,
  kApprovalNeeded = 3,
  kEnded = 4,
  kRecall = 5,
  kConfirmed = 6,
  kDestroyDue = 7,
  kSessionReady = 8,
  kReleaseRefused = 9,
};

// Puts one line into the inbox of `party`.
absl::Status Notify(Turn& turn, const PartyId& party, InboxEvent event, const ExchangeId& exchange);

// The first moment after the Amsterdam day `yyyy-mm-dd`; InfiniteFuture for an empty text.
absl::StatusOr<absl::Time> EndOfDay(const std::string& day);

}  // namespace sluis::exchange
