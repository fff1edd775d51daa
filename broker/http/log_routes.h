// What the routes of the log share: the address under which a log is served, and reading out of the
// store what the published size implies and nothing beyond it (log.md A2, A3, B4, B10).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "broker/http/message.h"
#include "broker/storage/store.h"
#include "lib/tlog/tile.h"

namespace sluis::http {

// "" or "/segment" one or more times, of [a-z0-9._-] without a segment of dots; else
// INVALID_ARGUMENT.
absl::Status CheckPrefix(std::string_view prefix);
// What stands behind `prefix` and its slash; nullopt when the target is elsewhere.
std::optional<std::string_view> BelowPrefix(std::string_view target, std::string_view prefix);

// The first `id.width` hashes of a tile of a log whose first `size` leaves are public. NOT_FOUND
// for what `size` does not imply; DATA_LOSS / LOG_INCONSISTENT when the store holds less than it
// must.
absl::StatusOr<Bytes> ReadPublishedTile(storage::Store& store, const tlog::TileId& id,
                                        std::uint64_t size);
// The same for the entries of a bundle, framed.
absl::StatusOr<Bytes> ReadPublishedBundle(storage::Store& store, const tlog::BundleId& id,
                                          std::uint64_t size);

}  // namespace sluis::http
