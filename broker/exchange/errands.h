// Work that waits and goes on by itself (architecture §10): how it stands in the store.
//
//   queue "trip"             id = exchange, body = who released it: a release that both
//                            transcryptors have yet to pass on
//   queue "hop 1", "hop 2"   id = what, body = the bytes: an order that one transcryptor has not
//                            yet answered
//   queue "session P"        id = exchange: waits until party P has a session
//   queue "ready"            id = party: has one now; its queue is to be looked through
#pragma once

#include <string>

#include "broker/exchange/transcryptors.h"
#include "broker/exchange/turn.h"
#include "broker/storage/records.h"
#include "broker/storage/store.h"

namespace sluis::exchange {

inline constexpr char kTripQueue[] = "trip";
inline constexpr char kReadyQueue[] = "ready";
std::string HopQueue(int hop);
std::string SessionQueue(const PartyId& party);

// An order to one transcryptor.
enum class OrderKind { kRevoke, kShred, kArrangement };
// Id and body of its errand. An arrangement's body is its statement and signatures; the others' the
// signed bytes.
storage::ErrandRecord OrderErrand(int hop, OrderKind kind, const SignedBytes& order,
                                  absl::Time now);
storage::ErrandRecord ArrangementErrand(int hop, const std::string& arrangement, absl::Time now);
struct Order {
  OrderKind kind;
  SignedBytes signed_bytes;  // revoke, shred
  std::string arrangement;   // its id
};
// LOG_INCONSISTENT for what neither of the two makes.
absl::StatusOr<Order> OrderOf(const storage::ErrandRecord& errand);

// The errand of a release that waits: who released it, and the directory version that it was
// checked with. His roles are not kept: what they gave stands in the approvals.
storage::ErrandRecord TripErrand(const Turn& turn, const ExchangeId& exchange);
struct Releaser {
  Caller caller;
  std::int64_t directory_version = 0;
};
// LOG_INCONSISTENT for what TripErrand did not make.
absl::StatusOr<Releaser> ReleaserOf(const storage::ErrandRecord& trip);

// Does it still wait?
absl::StatusOr<bool> IsLeft(storage::Reader& reader, const storage::ErrandRecord& errand);

// Leaves an errand and says so, so that somebody looks.
absl::Status LeaveErrand(Turn& turn, storage::ErrandRecord errand);

}  // namespace sluis::exchange
