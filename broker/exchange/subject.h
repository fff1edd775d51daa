// Whose turn it is while the subject of a question is still to come (pseudonyms.md §11.2): the
// asker brings it into the index of the provider's register, and only then the provider is told.
#pragma once

#include "absl/status/status.h"
#include "broker/storage/records.h"
#include "lib/identity/directory.h"

namespace sluis::exchange {

inline constexpr char kInquire[] = "inquire";

// Is it a question whose subject SendSubject has still to bring?
inline bool AwaitsSubject(const storage::ExchangeRecord& exchange) {
  return !exchange.register_name.empty() && !exchange.subject_sent;
}

// The desk that sends next, and the one in whose session that arrives: a subject goes from the
// asker to the provider, everything else from the provider to the recipient.
inline const PartyId& SendingDesk(const storage::ExchangeRecord& exchange) {
  return AwaitsSubject(exchange) ? exchange.recipient_desk : exchange.provider_desk;
}
inline const PartyId& ReceivingDesk(const storage::ExchangeRecord& exchange) {
  return AwaitsSubject(exchange) ? exchange.provider_desk : exchange.recipient_desk;
}

// SUBJECT_NOT_SENT for what the provider cannot do before it knows whom the question is about.
absl::Status CheckSubjectSent(const storage::ExchangeRecord& exchange);

// Can its subject be brought now? EXCHANGE_CLOSED, APPROVAL_MISSING, E_SESSION.
absl::Status CheckAwaitsSubject(const storage::ExchangeRecord& exchange);

// The register of this party, or null.
const identity::Register* FindRegister(const identity::Directory& directory, const PartyId& party,
                                       std::string_view name);

}  // namespace sluis::exchange
