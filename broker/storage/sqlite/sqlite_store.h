// The embedded engine: one SQLite file in WAL mode with full synchronous writes. One connection writes, any number
// read beside it. Source: log.md B2, B4, B11; sqlite.org/wal.html.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/storage/sqlite/connection.h"
#include "broker/storage/store.h"
#include "lib/base/mutex.h"

namespace sluis::storage {

struct SqliteOptions {
  // How long Begin() waits for another process that writes to the file.
  absl::Duration busy_timeout = absl::Seconds(5);
  // Connections that stay open for the next Snapshot(); more are opened when more are in use.
  std::size_t idle_readers = 8;
};

// Thread-safe. Outlives its transactions and snapshots. After a commit that failed, or a fault of the disk, it
// begins no further transaction (log.md B11): only a new process reads what is really there.
class SqliteStore : public Store {
 public:
  // Makes the file (mode 0600) if there is none. UNAVAILABLE / STORE_UNAVAILABLE when it cannot be written, others
  // may read it, or it has a form that this version does not know; DATA_LOSS / LOG_INCONSISTENT when it is damaged.
  static absl::StatusOr<std::unique_ptr<SqliteStore>> Open(const std::filesystem::path& path,
                                                           const SqliteOptions& options = {});

  absl::StatusOr<std::unique_ptr<Transaction>> Begin() override;
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot() override;

 private:
  friend class SqliteSnapshot;
  friend class SqliteTransaction;
  SqliteStore(std::filesystem::path path, const SqliteOptions& options, std::unique_ptr<Connection> writer)
      : path_(std::move(path)), options_(options), writer_(std::move(writer)) {}
  void EndWriting(bool usable);
  absl::StatusOr<std::unique_ptr<Connection>> TakeReader();
  void GiveBack(std::unique_ptr<Connection> reader);

  const std::filesystem::path path_;
  const SqliteOptions options_;
  // Used by the holder of the transaction alone: whoever set writing_.
  const std::unique_ptr<Connection> writer_;

  Mutex mutex_;
  CondVar free_;
  bool writing_ SLUIS_GUARDED_BY(mutex_) = false;
  bool usable_ SLUIS_GUARDED_BY(mutex_) = true;
  std::vector<std::unique_ptr<Connection>> idle_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::storage
