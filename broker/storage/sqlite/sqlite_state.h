// The transcryptor's state in a SQLite file of its own: WAL mode, full synchronous writes, secure_delete. A shredded
// salt is overwritten in the file and the write-ahead log is cut, so that no copy is left on this disk; copies of the
// file elsewhere (backups) are the operator's to keep short.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "broker/storage/sqlite/connection.h"
#include "broker/storage/transcryptor_store.h"
#include "lib/base/mutex.h"

namespace sluis::storage {

// Thread-safe. After a fault of the disk it writes no more.
class SqliteStateStore : public StateStore {
 public:
  // As SqliteStore::Open. `create` false: NOT_FOUND / STATE_MISSING when there is no file.
  static absl::StatusOr<std::unique_ptr<SqliteStateStore>> Open(const std::filesystem::path& path, bool create);

  absl::StatusOr<StateHead> ReadHead() override;
  absl::Status PutHead(const StateHead& head) override;
  absl::StatusOr<std::optional<SaltRecord>> FindSalt(BytesView domain) override;
  absl::StatusOr<SaltRecord> AddSalt(BytesView domain, const SaltRecord& record) override;
  absl::StatusOr<absl::Time> Shred(BytesView domain, absl::Time now) override;
  absl::StatusOr<int> ShredDue(absl::Time now) override;
  absl::StatusOr<std::optional<SessionRecord>> FindSession(BytesView context) override;
  absl::Status PutSession(const SessionRecord& record) override;
  absl::Status PruneSessions(absl::Time before) override;
  absl::StatusOr<Digest> KeepFirstCommitment(int hop, BytesView id, const Digest& value) override;
  absl::StatusOr<std::optional<Digest>> FindCommitment(int hop, BytesView id) override;
  absl::Status PutArrangement(const ArrangementRecord& record) override;
  absl::StatusOr<std::optional<ArrangementRecord>> FindArrangement(std::string_view id) override;
  absl::StatusOr<std::vector<ArrangementRecord>> ListArrangements(const Oin& organisation, int limit) override;

 private:
  SqliteStateStore(std::unique_ptr<Connection> writer, std::unique_ptr<Connection> reader)
      : writer_(std::move(writer)), reader_(std::move(reader)) {}
  // Runs `change` in a transaction and commits it, or undoes it.
  absl::Status Write(const std::function<absl::Status()>& change) SLUIS_REQUIRES(writing_);
  absl::Status CutLog() SLUIS_REQUIRES(writing_);

  Mutex writing_;
  const std::unique_ptr<Connection> writer_ SLUIS_GUARDED_BY(writing_);
  Mutex reading_;
  const std::unique_ptr<Connection> reader_ SLUIS_GUARDED_BY(reading_);
};

}  // namespace sluis::storage
