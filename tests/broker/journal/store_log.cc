#include "tests/broker/journal/store_log.h"

#include <vector>

#include "broker/journal/receipts.h"
#include "lib/base/status_macros.h"

namespace sluis::testing {

absl::StatusOr<Bytes> StoreLog::ReadCheckpoint() {
  SLUIS_ASSIGN_OR_RETURN(const storage::LogHead head, reader_->ReadHead());
  return head.note;
}

absl::StatusOr<Bytes> StoreLog::ReadTile(const tlog::TileId& id) {
  return journal::StoreTiles(*reader_).ReadTile(id);
}

absl::StatusOr<Bytes> StoreLog::ReadBundle(const tlog::BundleId& id) {
  const std::uint64_t first = id.index * tlog::kTileWidth;
  SLUIS_ASSIGN_OR_RETURN(const std::vector<Bytes> leaves,
                         reader_->ReadLeaves(first, first + static_cast<std::uint64_t>(id.width)));
  return tlog::EncodeBundle(leaves);
}

}  // namespace sluis::testing
