#include "broker/storage/sqlite/sqlite_replay.h"

#include "broker/storage/engine_rules.h"
#include "broker/storage/record_codec.h"
#include "broker/storage/sqlite/private_file.h"
#include "broker/storage/sqlite/schema.h"
#include "broker/storage/sqlite/transcryptor_statements.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {
namespace {

constexpr absl::Duration kBusyTimeout = absl::Seconds(5);
// Enough that a slow disk never bounds the work; few enough that nobody waits for strangers.
constexpr std::size_t kMostInBatch = 256;

absl::StatusOr<std::optional<NonceRecord>> ReadNonce(Connection& connection, const NonceKey& key) {
  Statement find(connection, ReplaySql::kFindNonce);
  find.Text(key.signer.ToString()).Blob(AsView(key.nonce));
  SLUIS_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  NonceRecord record;
  SLUIS_ASSIGN_OR_RETURN(record.request, DigestAt(find, 0));
  if (!find.IsNullAt(1)) record.response = find.BlobAt(1);
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteReplayStore>> SqliteReplayStore::Open(
    const std::filesystem::path& path) {
  SLUIS_RETURN_IF_ERROR(MakePrivateFile(path));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<Connection> writer,
                         Connection::Open(path, Connection::Role::kWriter, kBusyTimeout));
  SLUIS_RETURN_IF_ERROR(PrepareSchema(*writer, ReplaySchema()));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader,
                         Connection::Open(path, Connection::Role::kReader, kBusyTimeout));
  return std::unique_ptr<SqliteReplayStore>(
      new SqliteReplayStore(std::move(writer), std::move(reader)));
}

absl::StatusOr<Bytes> SqliteReplayStore::Identity() {
  MutexLock lock(reading_);
  Statement read(*reader_, ReplaySql::kIdentity);
  SLUIS_ASSIGN_OR_RETURN(const bool found, read.Step());
  if (!found) return StoreInconsistent("the replay store has no identity");
  return read.BlobAt(0);
}

absl::StatusOr<std::optional<NonceRecord>> SqliteReplayStore::FindNonce(const NonceKey& key) {
  MutexLock lock(reading_);
  return ReadNonce(*reader_, key);
}

absl::StatusOr<std::int64_t> SqliteReplayStore::CountOf(BytesView counter) {
  MutexLock lock(reading_);
  Statement count(*reader_, ReplaySql::kCount);
  count.Blob(counter);
  SLUIS_ASSIGN_OR_RETURN(const bool found, count.Step());
  return found ? count.IntAt(0) : 0;
}

absl::StatusOr<ReserveOutcome> SqliteReplayStore::Reserve(const Reservation& reservation) {
  ReserveOutcome outcome = ReserveOutcome::kReserved;
  const absl::Status status = Submit([&]() -> absl::StatusOr<bool> {
    SLUIS_ASSIGN_OR_RETURN(outcome, WriteNonce(reservation));
    return outcome == ReserveOutcome::kReserved;
  });
  SLUIS_RETURN_IF_ERROR(status);
  return outcome;
}

absl::StatusOr<bool> SqliteReplayStore::ChargeOnce(const Charge& charge) {
  bool within = false;
  SLUIS_RETURN_IF_ERROR(Submit([&] { return WriteCharge(charge, within); }));
  return within;
}

absl::StatusOr<Bytes> SqliteReplayStore::KeepResponse(const NonceKey& key, const Digest& request,
                                                      BytesView response) {
  Bytes kept;
  SLUIS_RETURN_IF_ERROR(Submit([&] { return WriteResponse(key, request, response, kept); }));
  return kept;
}

absl::Status SqliteReplayStore::Prune(absl::Time now) {
  MutexLock lock(mutex_);
  while (busy_) changed_.Wait(mutex_);
  if (!usable_) return StoreUnavailable("a write failed before; restart the transcryptor");
  for (const ReplaySql sql : {ReplaySql::kPruneNonces, ReplaySql::kPruneCounts, ReplaySql::kPruneCharges}) {
    SLUIS_RETURN_IF_ERROR(Statement(*writer_, sql).Int(NanosOf(now)).Done());
  }
  return absl::OkStatus();
}

// The first of those who wait writes for all of them; the others sleep.
absl::Status SqliteReplayStore::Submit(std::function<absl::StatusOr<bool>()> write) {
  Job job{.write = std::move(write), .status = absl::OkStatus()};
  mutex_.Lock();
  waiting_.push_back(&job);
  while (!job.done) {
    if (busy_) {
      changed_.Wait(mutex_);
      continue;
    }
    busy_ = true;
    const std::size_t size = std::min(waiting_.size(), kMostInBatch);
    const std::vector<Job*> batch(waiting_.begin(), waiting_.begin() + size);
    waiting_.erase(waiting_.begin(), waiting_.begin() + size);
    const bool usable = usable_;
    mutex_.Unlock();
    if (usable) {
      RunBatch(batch);
    } else {
      for (Job* one : batch) {
        one->status = StoreUnavailable("a write failed before; restart the transcryptor");
      }
    }
    mutex_.Lock();
    for (Job* one : batch) one->done = true;
    usable_ = usable_ && !writer_->faulted();
    busy_ = false;
    changed_.NotifyAll();
  }
  mutex_.Unlock();
  return job.status;
}

void SqliteReplayStore::RunBatch(const std::vector<Job*>& batch) {
  const absl::Status status = RunJobs(batch);
  if (status.ok()) return;
  writer_->Run("ROLLBACK").IgnoreError();  // the first fault is the one to tell
  for (Job* job : batch) job->status = status;
}

absl::Status SqliteReplayStore::RunJobs(const std::vector<Job*>& batch) {
  SLUIS_RETURN_IF_ERROR(writer_->CheckInPlace());
  SLUIS_RETURN_IF_ERROR(writer_->Run("BEGIN IMMEDIATE"));
  for (Job* job : batch) {
    SLUIS_RETURN_IF_ERROR(RunOne(*job));
  }
  return writer_->Run("COMMIT");
}

// What one job breaks is its own; only a fault of the database is everybody's.
absl::Status SqliteReplayStore::RunOne(Job& job) {
  SLUIS_RETURN_IF_ERROR(writer_->Run("SAVEPOINT job"));
  const absl::StatusOr<bool> keep = job.write();
  job.status = keep.status();
  return writer_->Run(keep.ok() && *keep ? "RELEASE job" : "ROLLBACK TO job; RELEASE job");
}

absl::StatusOr<ReserveOutcome> SqliteReplayStore::WriteNonce(const Reservation& reservation) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<NonceRecord> used,
                         ReadNonce(*writer_, reservation.key));
  if (used) {
    return used->request == reservation.request ? ReserveOutcome::kSameBytes
                                                : ReserveOutcome::kOtherBytes;
  }
  SLUIS_RETURN_IF_ERROR(Statement(*writer_, ReplaySql::kAddNonce)
                            .Text(reservation.key.signer.ToString())
                            .Blob(AsView(reservation.key.nonce))
                            .Blob(AsView(reservation.request))
                            .Int(NanosOf(reservation.forget_after))
                            .Done());
  return ReserveOutcome::kReserved;
}

absl::StatusOr<bool> SqliteReplayStore::WriteCharge(const Charge& charge, bool& within) {
  SLUIS_RETURN_IF_ERROR(Statement(*writer_, ReplaySql::kAddCharge)
                            .Blob(AsView(charge.request))
                            .Int(NanosOf(charge.forget_after))
                            .Done());
  within = true;
  if (writer_->changes() == 0) return false;  // charged before
  for (const QuotaLine& line : charge.lines) {
    SLUIS_RETURN_IF_ERROR(Statement(*writer_, ReplaySql::kAddCount)
                              .Blob(line.counter)
                              .Int(line.items)
                              .Int(NanosOf(charge.forget_after))
                              .Done());
    Statement count(*writer_, ReplaySql::kCount);
    count.Blob(line.counter);
    SLUIS_RETURN_IF_ERROR(count.Step().status());
    within = within && count.IntAt(0) <= line.limit;
  }
  return within;
}

absl::StatusOr<bool> SqliteReplayStore::WriteResponse(const NonceKey& key, const Digest& request,
                                                      BytesView response, Bytes& kept) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<NonceRecord> used, ReadNonce(*writer_, key));
  if (!used || used->request != request) {
    return StoreMisuse("an answer was kept for a nonce that is not reserved");
  }
  kept = used->response.value_or(Bytes(response));
  if (used->response) return false;
  SLUIS_RETURN_IF_ERROR(Statement(*writer_, ReplaySql::kKeepResponse)
                            .Blob(response)
                            .Text(key.signer.ToString())
                            .Blob(AsView(key.nonce))
                            .Done());
  return true;
}

}  // namespace sluis::storage
