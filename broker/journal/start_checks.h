// What a log must show before it goes on (log.md B9, 1 to 3): that nothing it signed has been lost
// or changed.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "broker/storage/store.h"
#include "lib/tlog/tile_builder.h"
#include "lib/tlog/vkey.h"

namespace sluis::journal {

// A log as it stands, ready to be continued.
struct LogState {
  storage::LogHead head;  // as stored
  tlog::TileBuilder tree;
  std::int64_t last_hour = 0;  // of the last leaf, seconds since 1970
};

// `guard`: what the rollback guard says, nullopt when there is none. `key`: the log's own, named by
// its origin. Refusals are DATA_LOSS / LOG_INCONSISTENT with metadata `check`:
//   head-note   the head is not the checkpoint that the log signed
//   right-edge  the tiles do not lead to the root of the head
//   last-leaves one of the last 256 leaves is not the one in the tiles
//   guard       no guard although there are leaves, or a guard the log never signed
//   rollback    the database is older than the guard
//   fork        the database is not a continuation of the guard
// FAILED_PRECONDITION / LOG_CLOSED when the last leaf is CLOSE. The errors of the store.
absl::StatusOr<LogState> CheckStart(storage::Reader& reader,
                                    const std::optional<storage::LogHead>& guard,
                                    const tlog::VerifierKey& key);

}  // namespace sluis::journal
