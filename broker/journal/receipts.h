// Receipts out of the store (log.md A7): for whoever asks again, later.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/journal/journal.h"
#include "broker/storage/store.h"
#include "lib/tlog/proof_builder.h"

namespace sluis::journal {

// The tiles of a store, cut to the width that is asked for: stored is only the widest (log.md B4).
// `reader` must outlive it.
class StoreTiles : public tlog::TileReader {
 public:
  explicit StoreTiles(storage::Reader& reader) : reader_(reader) {}
  // DATA_LOSS / LOG_INCONSISTENT when there is none or it is too narrow, and the errors of the
  // store.
  absl::StatusOr<Bytes> ReadTile(const tlog::TileId& id) override;

 private:
  storage::Reader& reader_;
};

// Receipts against `head`, whose tree the reader holds. Each is verified before it is handed out.
// NOT_FOUND / RESOURCE_NOT_FOUND for an index beyond the head, DATA_LOSS / LOG_INCONSISTENT for one
// that does not verify.
absl::StatusOr<std::vector<CommittedLeaf>> ReadReceipts(storage::Reader& reader,
                                                        const storage::LogHead& head,
                                                        const std::vector<std::uint64_t>& indices);

// One leaf; NOT_FOUND / RESOURCE_NOT_FOUND when `index` is not below `size`.
absl::StatusOr<Bytes> ReadLeaf(storage::Reader& reader, std::uint64_t index, std::uint64_t size);

}  // namespace sluis::journal
