// What a party's edge asks of both transcryptors at once: to open a session, to revoke one, to
// shred a domain (pseudonyms.md §4, §5). The broker carries, notes the sessions that live, and logs
// KEY_CHANGE.
#pragma once

#include <array>
#include <string>

#include "absl/status/statusor.h"
#include "broker/exchange/errands.h"
#include "broker/exchange/transcryptors.h"
#include "broker/exchange/turn.h"
#include "lib/pseudonym/session.h"

namespace sluis::exchange {

// The head of a session order, of the caller's own party, signed with its key. INVALID_ARGUMENT or
// FAILED_PRECONDITION with the codes of §17.
absl::StatusOr<pseudonym::SessionHead> CheckSessionOrder(const Caller& caller,
                                                         const SignedBytes& order,
                                                         const identity::Directory& directory);

// The order to shred is of the caller's own party; the transcryptors check its signature and its
// domain.
absl::Status CheckShredOrder(const Caller& caller, const SignedBytes& order);

using SessionHalves = std::array<SessionHalf, 2>;

// First T1, then T2 with T1's evaluation, then T1 with T2's, so that both have the same entry.
// `plane` outlives the reply.
void OpenAtBoth(const PseudonymPlane& plane, SignedBytes head, Reply<SessionHalves> reply);

// What one transcryptor made of an order: the time, or why not.
using OrderOutcomes = std::array<absl::StatusOr<absl::Time>, 2>;
// Revokes or shreds at both, the second also when the first is away or refuses.
void OrderBoth(const PseudonymPlane& plane, OrderKind kind, SignedBytes order,
               std::function<void(OrderOutcomes)> reply);

// Notes the session: KEY_CHANGE, and what waited for it goes on.
absl::Status NoteSessionIn(Turn& turn, const pseudonym::SessionHead& head,
                           const SignedBytes& order);

// A revocation or a shredding was ordered: KEY_CHANGE, before either transcryptor hears of it, and
// an errand to each, so that it is carried out whatever happens. A revoked session is no longer
// used from now on.
absl::Status OrderIn(Turn& turn, OrderKind kind, const SignedBytes& order, BytesView context);
// How the transcryptors took it: KEY_CHANGE when one answered that had not before. The errand to
// one that is away stays.
absl::Status NoteOrderIn(Turn& turn, OrderKind kind, const SignedBytes& order,
                         const OrderOutcomes& outcomes);

// Notes that an order which had waited was taken or refused. An operator's turn.
absl::Status NoteLateOrderIn(Turn& turn, int hop, const Order& order, const absl::Status& outcome);

// The halves as the text that a repeat is answered with, and back.
std::string HalvesToText(const SessionHalves& halves);
absl::StatusOr<SessionHalves> HalvesFromText(const std::string& text);

}  // namespace sluis::exchange
