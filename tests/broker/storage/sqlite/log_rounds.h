// Transactions that touch everything a batch of the journal touches, and the check that none of them is there by
// half. Round i stores leaf i with its record, exchange i, tile 0/0 of i + 1 hashes, and a head of size i + 1.
#pragma once

#include <cstdint>

#include "broker/storage/store.h"

namespace sluis::storage::testing {

inline constexpr std::uint64_t kMostRounds = 256;  // one tile

// All of round `round` but the commit.
absl::Status WriteRound(Transaction& transaction, std::uint64_t round);
absl::Status CommitRound(Store& store, std::uint64_t round);

// Size of the log; a test failure unless leaves, records, tile, exchanges and head all say the same.
std::uint64_t CheckRounds(Store& store);

}  // namespace sluis::storage::testing
