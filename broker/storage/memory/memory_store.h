// The memory engine: the semantics of the port without a disk, for tests. Snapshots are isolated; a transaction
// is published whole by Commit().
#pragma once

#include <memory>

#include "broker/storage/memory/memory_state.h"
#include "broker/storage/store.h"
#include "lib/base/mutex.h"

namespace sluis::storage {

// Thread-safe. Outlives its transactions; a snapshot may outlive it.
class MemoryStore : public Store {
 public:
  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override;
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot() override;

 private:
  friend class MemoryTransaction;
  void Publish(MemoryState state);
  void EndWriting();

  Mutex mutex_;
  CondVar free_;
  bool writing_ SLUIS_GUARDED_BY(mutex_) = false;
  MemoryState committed_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::storage
