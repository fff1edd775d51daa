#include "broker/storage/sqlite/sqlite_store.h"

#include <utility>

#include "broker/storage/engine_rules.h"
#include "broker/storage/sqlite/private_file.h"
#include "broker/storage/sqlite/schema.h"
#include "broker/storage/sqlite/sqlite_reads.h"
#include "broker/storage/sqlite/sqlite_transaction.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {

// A read transaction on a connection of its own, which goes back to the store.
class SqliteSnapshot : public SqliteReads<Reader> {
 public:
  SqliteSnapshot(SqliteStore& store, std::unique_ptr<Connection> connection)
      : SqliteReads<Reader>(*connection), store_(store), own_(std::move(connection)) {}
  ~SqliteSnapshot() override {
    if (own_->Run("COMMIT").ok() && !own_->faulted()) store_.GiveBack(std::move(own_));
  }

 private:
  SqliteStore& store_;
  std::unique_ptr<Connection> own_;
};

absl::StatusOr<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::filesystem::path& path,
                                                               const SqliteOptions& options) {
  SLUIS_RETURN_IF_ERROR(MakePrivateFile(path));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<Connection> writer,
                         Connection::Open(path, Connection::Role::kWriter, options.busy_timeout));
  SLUIS_RETURN_IF_ERROR(PrepareSchema(*writer));
  return std::unique_ptr<SqliteStore>(new SqliteStore(path, options, std::move(writer)));
}

absl::StatusOr<std::unique_ptr<Transaction>> SqliteStore::Begin() {
  {
    MutexLock lock(mutex_);
    while (writing_) free_.Wait(mutex_);
    if (!usable_) return StoreUnavailable("a write failed before; restart the broker");
    writing_ = true;
  }
  absl::Status status = writer_->CheckInPlace();
  if (status.ok()) status = writer_->Run("BEGIN IMMEDIATE");
  if (status.ok()) return std::make_unique<SqliteTransaction>(*this, *writer_);
  EndWriting(!writer_->faulted());
  return status;
}

absl::StatusOr<std::unique_ptr<Reader>> SqliteStore::Snapshot() {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader, TakeReader());
  SLUIS_RETURN_IF_ERROR(reader->CheckInPlace());
  SLUIS_RETURN_IF_ERROR(reader->Run("BEGIN"));
  auto snapshot = std::make_unique<SqliteSnapshot>(*this, std::move(reader));
  // SQLite fixes the moment at the first read, not at BEGIN.
  SLUIS_RETURN_IF_ERROR(snapshot->ReadHead().status());
  return snapshot;
}

void SqliteStore::EndWriting(bool usable) {
  MutexLock lock(mutex_);
  usable_ = usable_ && usable;
  writing_ = false;
  free_.NotifyOne();
}

absl::StatusOr<std::unique_ptr<Connection>> SqliteStore::TakeReader() {
  {
    MutexLock lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Connection> reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  return Connection::Open(path_, Connection::Role::kReader, options_.busy_timeout);
}

void SqliteStore::GiveBack(std::unique_ptr<Connection> reader) {
  MutexLock lock(mutex_);
  if (idle_.size() < options_.idle_readers) idle_.push_back(std::move(reader));
}

}  // namespace sluis::storage
