// The replay store in a SQLite file of its own: WAL mode, full synchronous writes. Callers that reserve at the same
// time share one commit, so that a disk that syncs a hundred times a second does not bound the work.
#pragma once

#include <filesystem>
#include <functional>
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
  absl::StatusOr<bool> ChargeOnce(const Charge& charge) override;
  absl::StatusOr<Bytes> KeepResponse(const NonceKey& key, const Digest& request,
                                     BytesView response) override;
  absl::StatusOr<std::int64_t> CountOf(BytesView counter) override;
  absl::Status Prune(absl::Time now) override;

 private:
  // One caller's write: it says whether it is to be kept. The caller sleeps until `done`.
  struct Job {
    std::function<absl::StatusOr<bool>()> write;
    absl::Status status;
    bool done = false;
  };
  SqliteReplayStore(std::unique_ptr<Connection> writer, std::unique_ptr<Connection> reader)
      : writer_(std::move(writer)), reader_(std::move(reader)) {}
  absl::Status Submit(std::function<absl::StatusOr<bool>()> write);
  void RunBatch(const std::vector<Job*>& batch);
  absl::Status RunJobs(const std::vector<Job*>& batch);
  absl::Status RunOne(Job& job);
  absl::StatusOr<ReserveOutcome> WriteNonce(const Reservation& reservation);
  absl::StatusOr<bool> WriteCharge(const Charge& charge, bool& within);
  absl::StatusOr<bool> WriteResponse(const NonceKey& key, const Digest& request,
                                     BytesView response, Bytes& kept);

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
