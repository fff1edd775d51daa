// Which pseudonym sessions of a party live (pseudonyms.md §5): the broker's registry. The
// transcryptors and the edges have their own and believe those.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "broker/storage/store.h"

namespace sluis::exchange {

// More live sessions than this a party never needs: two overlap at a renewal, a move takes two.
inline constexpr int kMostSessions = 16;

// Contexts (TLV bytes), newest first.
absl::StatusOr<std::vector<Bytes>> LiveContexts(storage::Reader& store, const PartyId& party,
                                                absl::Time now);

// The newest; empty when there is none.
absl::StatusOr<Bytes> NewestContext(storage::Reader& store, const PartyId& party, absl::Time now);

}  // namespace sluis::exchange
