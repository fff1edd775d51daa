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
  Job job;
  job.reservation = &reservation;
  SLUIS_RETURN_IF_ERROR(Submit(job));
  return job.outcome;
}

absl::StatusOr<Bytes> SqliteReplayStore::KeepResponse(const NonceKey& key, const Digest& request,
                                                      BytesView response) {
  Job job;
  job.key = &key;
  job.request = &request;
  job.response = response;
  SLUIS_RETURN_IF_ERROR(Submit(job));
  return job.kept;
}

absl::Status SqliteReplayStore::Prune(absl::Time now) {
  MutexLock lock(mutex_);
  while (busy_) changed_.Wait(mutex_);
  if (!usable_) return StoreUnavailable("a write failed before; restart the transcryptor");
  for (const ReplaySql sql : {ReplaySql::kPruneNonces, ReplaySql::kPruneCounts}) {
    SLUIS_RETURN_IF_ERROR(Statement(*writer_, sql).Int(NanosOf(now)).Done());
  }
  return absl::OkStatus();
}

// The first of those who wait writes for all of them; the others sleep.
absl::Status SqliteReplayStore::Submit(Job& job) {
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
    SLUIS_RETURN_IF_ERROR(writer_->Run("SAVEPOINT job"));
    job->status = Apply(*job);
    const bool keep = job->status.ok() && job->outcome == ReserveOutcome::kReserved;
    SLUIS_RETURN_IF_ERROR(writer_->Run(keep ? "RELEASE job" : "ROLLBACK TO job; RELEASE job"));
  }
  return writer_->Run("COMMIT");
}

absl::StatusOr<bool> SqliteReplayStore::Count(const QuotaLine& line) {
  SLUIS_RETURN_IF_ERROR(Statement(*writer_, ReplaySql::kAddCount)
                            .Blob(line.counter)
                            .Int(line.items)
                            .Int(NanosOf(line.forget_after))
                            .Done());
  Statement count(*writer_, ReplaySql::kCount);
  count.Blob(line.counter);
  SLUIS_RETURN_IF_ERROR(count.Step().status());
  return count.IntAt(0) <= line.limit;
}

absl::Status SqliteReplayStore::Apply(Job& job) {
  const NonceKey& key = job.reservation != nullptr ? job.reservation->key : *job.key;
  const Digest& request = job.reservation != nullptr ? job.reservation->request : *job.request;
  SLUIS_ASSIGN_OR_RETURN(const std::optional<NonceRecord> used, ReadNonce(*writer_, key));
  if (job.reservation == nullptr) {
    if (!used || used->request != request) {
      return StoreMisuse("an answer was kept for a nonce that is not reserved");
    }
    job.kept = used->response.value_or(Bytes(job.response));
    if (used->response) return absl::OkStatus();
    return Statement(*writer_, ReplaySql::kKeepResponse)
        .Blob(job.response)
        .Text(key.signer.ToString())
        .Blob(AsView(key.nonce))
        .Done();
  }
  if (used) {
    job.outcome =
        used->request == request ? ReserveOutcome::kSameBytes : ReserveOutcome::kOtherBytes;
    return absl::OkStatus();
  }
  for (const QuotaLine& line : job.reservation->quotas) {
    SLUIS_ASSIGN_OR_RETURN(const bool fits, Count(line));
    if (fits) continue;
    job.outcome = ReserveOutcome::kQuota;
    return absl::OkStatus();
  }
  return Statement(*writer_, ReplaySql::kAddNonce)
      .Text(key.signer.ToString())
      .Blob(AsView(key.nonce))
      .Blob(AsView(request))
      .Int(NanosOf(job.reservation->forget_after))
      .Done();
}

}  // namespace sluis::storage
