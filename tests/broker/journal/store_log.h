// A store as a verifier sees it from outside: checkpoint, tiles and bundles of its head.
#pragma once

#include <memory>

#include "broker/storage/store.h"
#include "lib/tlog/log_verifier.h"

namespace sluis::testing {

// Reads one snapshot; the store need not outlive it.
class StoreLog : public tlog::LogSource {
 public:
  explicit StoreLog(storage::Store& store) : reader_(store.Snapshot().value()) {}

  absl::StatusOr<Bytes> ReadCheckpoint() override;
  absl::StatusOr<Bytes> ReadTile(const tlog::TileId& id) override;
  absl::StatusOr<Bytes> ReadBundle(const tlog::BundleId& id) override;

 private:
  std::unique_ptr<storage::Reader> reader_;
};

}  // namespace sluis::testing
