// Who may see or touch what. Existence is never told: who may not see a resource gets
// PERMISSION_DENIED / RESOURCE_NOT_ACCESSIBLE whether or not it exists (api.md §2).
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "broker/exchange/caller.h"
#include "broker/storage/store.h"

namespace sluis::exchange {

absl::Status NotAccessible();

// The exchange, if the caller's party started it, provides or receives in it.
absl::StatusOr<storage::ExchangeRecord> ExchangeOf(storage::Reader& store, const Caller& caller,
                                                   const ExchangeId& id);
// Likewise, and the caller's party must be the desk that provides / receives / the one that started
// it.
absl::StatusOr<storage::ExchangeRecord> AsProvider(storage::Reader& store, const Caller& caller,
                                                   const ExchangeId& id);
absl::StatusOr<storage::ExchangeRecord> AsRecipient(storage::Reader& store, const Caller& caller,
                                                    const ExchangeId& id);
absl::StatusOr<storage::ExchangeRecord> AsOwner(storage::Reader& store, const Caller& caller,
                                                const ExchangeId& id);

// The case, if the caller's organisation holds it or his party takes part in it. What a unit of the
// same organisation may ask in it is for the policy to say.
absl::StatusOr<storage::CaseRecord> CaseOf(storage::Reader& store, const Caller& caller,
                                           const CaseId& id);
// Likewise, and the caller's party must hold it.
absl::StatusOr<storage::CaseRecord> AsHolder(storage::Reader& store, const Caller& caller,
                                             const CaseId& id);

// The case of an exchange that is known; DATA_LOSS / LOG_INCONSISTENT when it is gone.
absl::StatusOr<storage::CaseRecord> CaseOfExchange(storage::Reader& store,
                                                   const storage::ExchangeRecord& exchange);

// `parent` must be the caller's own party, else OIN_MISMATCH.
absl::Status OwnParty(const Caller& caller, const PartyId& parent);

}  // namespace sluis::exchange
