#include "broker/storage/sqlite/sqlite_state.h"

#include "broker/storage/engine_rules.h"
#include "broker/storage/record_codec.h"
#include "broker/storage/sqlite/private_file.h"
#include "broker/storage/sqlite/transcryptor_statements.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {
namespace {

constexpr absl::Duration kStateBusyTimeout = absl::Seconds(5);

Statement& BindTime(Statement& statement, const std::optional<absl::Time>& time) {
  return time ? statement.Int(NanosOf(*time)) : statement.Null();
}

std::optional<absl::Time> TimeAt(const Statement& statement, int column) {
  if (statement.IsNullAt(column)) return std::nullopt;
  return TimeOf(statement.IntAt(column));
}

absl::StatusOr<std::optional<SaltRecord>> ReadSalt(Connection& connection, BytesView domain) {
  Statement find(connection, StateSql::kFindSalt);
  find.Blob(domain);
  SLUIS_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  return SaltRecord{find.BlobAt(0), TimeAt(find, 1), TimeAt(find, 2)};
}

absl::StatusOr<std::optional<Digest>> ReadCommitment(Connection& connection, int hop, BytesView id) {
  Statement find(connection, StateSql::kFindCommitment);
  find.Int(hop).Blob(id);
  SLUIS_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  return DigestAt(find, 0);
}

absl::Status PutTombstone(Connection& connection, BytesView domain, absl::Time now) {
  return Statement(connection, StateSql::kPutTombstone).Blob(domain).Int(NanosOf(now)).Done();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteStateStore>> SqliteStateStore::Open(
    const std::filesystem::path& path, bool create) {
  std::error_code ignored;
  if (!create && !std::filesystem::exists(path, ignored)) {
    return Error(ErrorCode::kNotFound, "STATE_MISSING",
                 "the state of this transcryptor is not there: restore it, or hold a new ceremony; without it "
                 "shredded cases would open again");
  }
  SLUIS_RETURN_IF_ERROR(MakePrivateFile(path));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<Connection> writer,
                         Connection::Open(path, Connection::Role::kWriter, kStateBusyTimeout));
  SLUIS_RETURN_IF_ERROR(PrepareSchema(*writer, StateSchema()));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<Connection> reader,
                         Connection::Open(path, Connection::Role::kReader, kStateBusyTimeout));
  return std::unique_ptr<SqliteStateStore>(new SqliteStateStore(std::move(writer), std::move(reader)));
}

absl::Status SqliteStateStore::Write(const std::function<absl::Status()>& change) {
  if (writer_->faulted()) return StoreUnavailable("a write failed before; restart the transcryptor");
  SLUIS_RETURN_IF_ERROR(writer_->CheckInPlace());
  SLUIS_RETURN_IF_ERROR(writer_->Run("BEGIN IMMEDIATE"));
  absl::Status status = change();
  if (status.ok()) status = writer_->Run("COMMIT");
  if (!status.ok()) writer_->Run("ROLLBACK").IgnoreError();  // the first fault is the one to tell
  return status;
}

// Old pages stand in the write-ahead log until they are copied back; a reader that is busy delays that, so it is
// asked again by the next one who shreds.
absl::Status SqliteStateStore::CutLog() {
  MutexLock lock(reading_);
  return writer_->Ask("PRAGMA wal_checkpoint(TRUNCATE)").status();
}

absl::StatusOr<StateHead> SqliteStateStore::ReadHead() {
  MutexLock lock(reading_);
  Statement read(*reader_, StateSql::kReadHead);
  SLUIS_ASSIGN_OR_RETURN(const bool found, read.Step());
  if (!found) return StoreInconsistent("the state has no head");
  return StateHead{read.BlobAt(0), read.BlobAt(1), TimeOf(read.IntAt(2))};
}

absl::Status SqliteStateStore::PutHead(const StateHead& head) {
  MutexLock lock(writing_);
  return Write([&] {
    return Statement(*writer_, StateSql::kPutHead)
        .Blob(head.first_start)
        .Blob(head.replay_identity)
        .Int(NanosOf(head.replay_unknown_until))
        .Done();
  });
}

absl::StatusOr<std::optional<SaltRecord>> SqliteStateStore::FindSalt(BytesView domain) {
  MutexLock lock(reading_);
  return ReadSalt(*reader_, domain);
}

absl::StatusOr<SaltRecord> SqliteStateStore::AddSalt(BytesView domain, const SaltRecord& record) {
  MutexLock lock(writing_);
  std::optional<SaltRecord> kept;
  const absl::Status written = Write([&]() -> absl::Status {
    {
      Statement add(*writer_, StateSql::kAddSalt);
      add.Blob(domain).Blob(record.sealed);
      BindTime(add, record.shred_after);
      BindTime(add, record.destroyed);
      SLUIS_RETURN_IF_ERROR(add.Done());
    }
    SLUIS_ASSIGN_OR_RETURN(kept, ReadSalt(*writer_, domain));
    return kept ? absl::OkStatus() : StoreInconsistent("a salt that was kept is not there");
  });
  SLUIS_RETURN_IF_ERROR(written);
  return *kept;
}

absl::StatusOr<absl::Time> SqliteStateStore::Shred(BytesView domain, absl::Time now) {
  MutexLock lock(writing_);
  std::optional<SaltRecord> left;
  const absl::Status written = Write([&]() -> absl::Status {
    SLUIS_RETURN_IF_ERROR(PutTombstone(*writer_, domain, now));
    SLUIS_ASSIGN_OR_RETURN(left, ReadSalt(*writer_, domain));
    return left && left->destroyed ? absl::OkStatus() : StoreInconsistent("a tombstone is not there");
  });
  SLUIS_RETURN_IF_ERROR(written);
  SLUIS_RETURN_IF_ERROR(CutLog());
  return *left->destroyed;
}

absl::StatusOr<int> SqliteStateStore::ShredDue(absl::Time now) {
  MutexLock lock(writing_);
  int shredded = 0;
  const absl::Status written = Write([&]() -> absl::Status {
    std::vector<Bytes> due;
    {
      Statement list(*writer_, StateSql::kListDue);
      list.Int(NanosOf(now));
      for (;;) {
        SLUIS_ASSIGN_OR_RETURN(const bool more, list.Step());
        if (!more) break;
        due.push_back(list.BlobAt(0));
      }
    }
    for (const Bytes& domain : due) SLUIS_RETURN_IF_ERROR(PutTombstone(*writer_, domain, now));
    shredded = static_cast<int>(due.size());
    return absl::OkStatus();
  });
  SLUIS_RETURN_IF_ERROR(written);
  if (shredded != 0) SLUIS_RETURN_IF_ERROR(CutLog());
  return shredded;
}

absl::StatusOr<std::optional<SessionRecord>> SqliteStateStore::FindSession(BytesView context) {
  MutexLock lock(reading_);
  Statement find(*reader_, StateSql::kFindSession);
  find.Blob(context);
  SLUIS_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  SessionRecord record;
  record.context = Bytes(context);
  SLUIS_ASSIGN_OR_RETURN(record.party.oin, Oin::Parse(find.BlobAt(0)));
  SLUIS_ASSIGN_OR_RETURN(record.party.unit, UnitPath::Parse(find.BlobAt(1)));
  SLUIS_ASSIGN_OR_RETURN(record.head, DigestAt(find, 2));
  if (!find.IsNullAt(3)) {
    SLUIS_ASSIGN_OR_RETURN(record.key, DigestAt(find, 3));
  }
  record.end = TimeOf(find.IntAt(4));
  return record;
}

absl::Status SqliteStateStore::PutSession(const SessionRecord& record) {
  MutexLock lock(writing_);
  return Write([&] {
    Statement put(*writer_, StateSql::kPutSession);
    put.Blob(record.context).Text(record.party.oin.str()).Text(record.party.unit.str());
    put.Blob(AsView(record.head));
    record.key ? put.Blob(AsView(*record.key)) : put.Null();
    return put.Int(NanosOf(record.end)).Done();
  });
}

absl::Status SqliteStateStore::PruneSessions(absl::Time before) {
  MutexLock lock(writing_);
  return Write([&] { return Statement(*writer_, StateSql::kPruneSessions).Int(NanosOf(before)).Done(); });
}

absl::StatusOr<Digest> SqliteStateStore::KeepFirstCommitment(int hop, BytesView id, const Digest& value) {
  MutexLock lock(writing_);
  SLUIS_ASSIGN_OR_RETURN(const std::optional<Digest> known, ReadCommitment(*writer_, hop, id));
  if (known) return *known;
  const absl::Status written = Write([&] {
    return Statement(*writer_, StateSql::kKeepCommitment).Int(hop).Blob(id).Blob(AsView(value)).Done();
  });
  SLUIS_RETURN_IF_ERROR(written);
  return value;
}

absl::StatusOr<std::optional<Digest>> SqliteStateStore::FindCommitment(int hop, BytesView id) {
  MutexLock lock(reading_);
  return ReadCommitment(*reader_, hop, id);
}

absl::Status SqliteStateStore::PutArrangement(const ArrangementRecord& record) {
  MutexLock lock(writing_);
  return Write([&]() -> absl::Status {
    SLUIS_RETURN_IF_ERROR(Statement(*writer_, StateSql::kPutArrangement)
                              .Text(record.id)
                              .Int(record.serial)
                              .Blob(EncodeRecord(record))
                              .Done());
    if (writer_->changes() == 0) return absl::OkStatus();  // an older serial
    SLUIS_RETURN_IF_ERROR(Statement(*writer_, StateSql::kDropOrganisations).Text(record.id).Done());
    for (const Oin& organisation : record.organisations) {
      SLUIS_RETURN_IF_ERROR(Statement(*writer_, StateSql::kAddOrganisation)
                                .Text(organisation.str())
                                .Text(record.id)
                                .Done());
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<std::optional<ArrangementRecord>> SqliteStateStore::FindArrangement(std::string_view id) {
  MutexLock lock(reading_);
  Statement find(*reader_, StateSql::kFindArrangement);
  find.Text(id);
  SLUIS_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  return DecodeRecord<ArrangementRecord>(find.BlobAt(0));
}

absl::StatusOr<std::vector<ArrangementRecord>> SqliteStateStore::ListArrangements(const Oin& organisation,
                                                                                  int limit) {
  MutexLock lock(reading_);
  Statement list(*reader_, StateSql::kListArrangements);
  list.Text(organisation.str()).Int(limit);
  std::vector<ArrangementRecord> found;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool more, list.Step());
    if (!more) return found;
    SLUIS_ASSIGN_OR_RETURN(ArrangementRecord record, DecodeRecord<ArrangementRecord>(list.BlobAt(0)));
    found.push_back(std::move(record));
  }
}

}  // namespace sluis::storage
