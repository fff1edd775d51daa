// The replay store in a SQLite file of its own: WAL mode, full synchronous writes. Callers that reserve at the same
// time share one commit, so that a disk that syncs a hundred times a second does not bound the work.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "broker/storage/sqlite/connection.h"
#include "broker/storage/transcryptor_store.h"
#include "lib/base/mutex.h"

namespace sluis::storage {

// Thread-safe. After a commit that failed it refuses everything: only a new process reads what is really there.
class SqliteReplayStore : public ReplayStore {
 public:
  // Makes the file (mode 0600) and its identity if there is none. UNAVAILABLE / STORE_UNAVAILABLE or DATA_LOSS /
  // LOG_INCONSISTENT as SqliteStore::Open: then the cache cannot be loaded.
  static absl::StatusOr<std::unique_ptr<SqliteReplayStore>> Open(const std::filesystem::path& path);

  absl::StatusOr<Bytes> Identity() override;
  absl::StatusOr<std::optional<NonceRecord>> FindNonce(const NonceKey& key) override;
  absl::StatusOr<ReserveOutcome> Reserve(const Reservation& reservation) override;
  absl::StatusOr<Bytes> KeepResponse(const NonceKey& key, const Digest& request,
                                     BytesView response) override;
  absl::StatusOr<std::int64_t> CountOf(BytesView counter) override;
  absl::Status Prune(absl::Time now) override;

 private:
  // One caller's write, and what became of it. The caller sleeps until `done`.
  struct Job {
    const Reservation* reservation = nullptr;  // or an answer to keep:
    const NonceKey* key = nullptr;
    const Digest* request = nullptr;
    BytesView response;
    ReserveOutcome outcome = ReserveOutcome::kReserved;
    Bytes kept;
    absl::Status status;
    bool done = false;
  };
  SqliteReplayStore(std::unique_ptr<Connection> writer, std::unique_ptr<Connection> reader)
      : writer_(std::move(writer)), reader_(std::move(reader)) {}
  absl::Status Submit(Job& job);
  void RunBatch(const std::vector<Job*>& batch);
  absl::Status RunJobs(const std::vector<Job*>& batch);
  absl::Status Apply(Job& job);
  absl::StatusOr<bool> Count(const QuotaLine& line);

  // Used by whoever set busy_.
  const std::unique_ptr<Connection> writer_;
  Mutex mutex_;
  CondVar changed_;
  bool busy_ SLUIS_GUARDED_BY(mutex_) = false;
  bool usable_ SLUIS_GUARDED_BY(mutex_) = true;
  std::vector<Job*> waiting_ SLUIS_GUARDED_BY(mutex_);

  Mutex reading_;
  const std::unique_ptr<Connection> reader_ SLUIS_GUARDED_BY(reading_);
};

}  // namespace sluis::storage
