#include "broker/storage/sqlite/sqlite_transaction.h"

#include <set>
#include <string>

#include "broker/storage/engine_rules.h"
#include "broker/storage/record_codec.h"
#include "broker/storage/sqlite/sqlite_store.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {

SqliteTransaction::~SqliteTransaction() {
  if (!progress_.ended()) End(absl::OkStatus());
}

void SqliteTransaction::End(const absl::Status& commit) {
  if (connection_.in_transaction()) connection_.Run("ROLLBACK").IgnoreError();  // nothing more to undo it with
  store_.EndWriting(commit.ok() && !connection_.faulted());
}

template <typename Write>
absl::Status SqliteTransaction::Guarded(Write write) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  return progress_.Note(write());
}

absl::Status SqliteTransaction::BeginItem() {
  SLUIS_RETURN_IF_ERROR(progress_.BeginItem());
  return Guarded([&] { return connection_.Run("SAVEPOINT item"); });
}

absl::Status SqliteTransaction::KeepItem() {
  SLUIS_RETURN_IF_ERROR(progress_.EndItem());
  return Guarded([&] { return connection_.Run("RELEASE item"); });
}

absl::Status SqliteTransaction::UndoItem() {
  SLUIS_RETURN_IF_ERROR(progress_.EndItem());
  return Guarded([&] { return connection_.Run("ROLLBACK TO item; RELEASE item"); });
}

absl::Status SqliteTransaction::PutCase(const CaseRecord& record) {
  return Guarded([&]() -> absl::Status {
    const std::int64_t created = NanosOf(record.create_time);
    SLUIS_RETURN_IF_ERROR(
        Statement(connection_, Sql::kPutCase).Blob(record.id.bytes()).Int(created).Blob(EncodeRecord(record)).Done());
    SLUIS_RETURN_IF_ERROR(Statement(connection_, Sql::kDropCaseParties).Blob(record.id.bytes()).Done());
    std::set<PartyId> parties = record.participants;
    parties.insert(record.holder);
    for (const PartyId& party : parties) {
      Statement add(connection_, Sql::kAddCaseParty);
      SLUIS_RETURN_IF_ERROR(add.Text(party.ToString()).Int(created).Blob(record.id.bytes()).Done());
    }
    return absl::OkStatus();
  });
}

absl::Status SqliteTransaction::PutExchange(const ExchangeRecord& record) {
  return Guarded([&]() -> absl::Status {
    const std::int64_t created = NanosOf(record.create_time);
    {
      Statement put(connection_, Sql::kPutExchange);
      put.Blob(record.id.bytes()).Int(created);
      record.expire_time == absl::InfiniteFuture() ? put.Null() : put.Int(NanosOf(record.expire_time));
      put.Int(KeepsRequestIds(record.state) ? 1 : 0).Blob(EncodeRecord(record));
      SLUIS_RETURN_IF_ERROR(put.Done());
    }
    return PutExchangeParties(record);
  });
}

// An exchange is put with each of its acts, and hardly ever with other parties: rows that stand
// already are left alone, since every page that is touched costs in the write-ahead log.
absl::Status SqliteTransaction::PutExchangeParties(const ExchangeRecord& record) {
  const std::int64_t created = NanosOf(record.create_time);
  std::set<std::string> parties;
  for (const PartyId& party : {record.owner, record.provider_desk, record.recipient_desk}) {
    parties.insert(party.ToString());
  }
  SLUIS_ASSIGN_OR_RETURN(const bool stand, ExchangePartiesStand(record, parties));
  if (stand) return absl::OkStatus();
  SLUIS_RETURN_IF_ERROR(Statement(connection_, Sql::kDropExchangeParties).Blob(record.id.bytes()).Done());
  for (const std::string& party : parties) {
    Statement add(connection_, Sql::kAddExchangeParty);
    add.Text(party).Int(created).Blob(record.id.bytes()).Blob(record.case_id.bytes());
    SLUIS_RETURN_IF_ERROR(add.Done());
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> SqliteTransaction::ExchangePartiesStand(const ExchangeRecord& record,
                                                             const std::set<std::string>& parties) {
  Statement stored(connection_, Sql::kExchangeParties);
  stored.Blob(record.id.bytes());
  std::size_t count = 0;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool row, stored.Step());
    if (!row) return count == parties.size();
    const bool same = parties.contains(stored.BlobAt(0)) &&
                      stored.IntAt(1) == NanosOf(record.create_time) &&
                      stored.BlobAt(2) == record.case_id.bytes();
    if (!same) return false;
    ++count;
  }
}

absl::Status SqliteTransaction::PutMailbox(const MailboxRecord& record) {
  return Guarded([&] {
    return Statement(connection_, Sql::kPutMailbox)
        .Blob(record.exchange.bytes())
        .Blob(EncodeRecord(record))
        .Done();
  });
}

absl::Status SqliteTransaction::DeleteMailbox(const ExchangeId& id) {
  return Guarded([&] { return Statement(connection_, Sql::kDeleteMailbox).Blob(id.bytes()).Done(); });
}

absl::Status SqliteTransaction::PutArrangement(const ArrangementRecord& record) {
  return Guarded([&]() -> absl::Status {
    {
      Statement put(connection_, Sql::kPutArrangement);
      SLUIS_RETURN_IF_ERROR(put.Text(record.id).Int(record.serial).Blob(EncodeRecord(record)).Done());
    }
    SLUIS_ASSIGN_OR_RETURN(const std::optional<ArrangementRecord> newest, FindArrangement(record.id));
    if (!newest || newest->serial > record.serial) return absl::OkStatus();
    SLUIS_RETURN_IF_ERROR(Statement(connection_, Sql::kDropArrangementOrganisations).Text(record.id).Done());
    return AddArrangementOrganisations(record);
  });
}

absl::Status SqliteTransaction::AddArrangementOrganisations(const ArrangementRecord& record) {
  for (const Oin& organisation : record.organisations) {
    Statement add(connection_, Sql::kAddArrangementOrganisation);
    SLUIS_RETURN_IF_ERROR(add.Text(organisation.str()).Text(record.id).Int(record.serial).Done());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> SqliteTransaction::AppendInbox(const PartyId& party,
                                                            const InboxRecord& record) {
  std::int64_t sequence = 0;
  const absl::Status added = Guarded([&]() -> absl::Status {
    {
      Statement last(connection_, Sql::kLastInbox);
      SLUIS_RETURN_IF_ERROR(last.Text(party.ToString()).Step().status());
      sequence = last.IntAt(0) + 1;  // NULL, for an empty inbox, reads as 0
    }
    Statement add(connection_, Sql::kAddInbox);
    add.Text(party.ToString()).Int(sequence).Int(record.event);
    return add.Blob(record.exchange.bytes()).Int(NanosOf(record.create_time)).Done();
  });
  if (!added.ok()) return added;
  return sequence;
}

absl::Status SqliteTransaction::PutRequest(const RequestKey& key, const RequestRecord& record) {
  return Guarded([&] {
    const std::optional<ExchangeId> exchange = ExchangeNamedBy(record.answer);
    Statement put(connection_, Sql::kPutRequest);
    put.Text(key.organisation.str()).Text(key.method).Text(key.request_id).Int(NanosOf(record.time));
    exchange ? put.Blob(exchange->bytes()) : put.Null();
    return put.Blob(EncodeRecord(record)).Done();
  });
}

absl::StatusOr<bool> SqliteTransaction::UseAssertion(std::string_view issuer, std::string_view jti,
                                                     absl::Time expires) {
  SLUIS_RETURN_IF_ERROR(Guarded([&] {
    return Statement(connection_, Sql::kUseAssertion).Text(issuer).Text(jti).Int(NanosOf(expires)).Done();
  }));
  return connection_.changes() == 1;
}

absl::Status SqliteTransaction::PutSession(const LiveSessionRecord& record) {
  return Guarded([&] {
    Statement put(connection_, Sql::kPutSession);
    put.Blob(record.context).Text(record.party.oin.str()).Text(record.party.unit.str());
    return put.Int(NanosOf(record.issued)).Int(NanosOf(record.end)).Done();
  });
}

absl::Status SqliteTransaction::DeleteSession(BytesView context) {
  return Guarded([&] { return Statement(connection_, Sql::kDeleteSession).Blob(context).Done(); });
}

absl::Status SqliteTransaction::PutWeighingTable(const WeighingTableRecord& record) {
  return Guarded([&]() -> absl::Status {
    Statement put(connection_, Sql::kPutWeighingTable);
    put.Text(record.riec.str()).Text(record.quarter).Blob(record.domain.bytes()).Int(NanosOf(record.create_time));
    SLUIS_RETURN_IF_ERROR(put.Done());
    if (connection_.changes() == 1) return absl::OkStatus();
    return StoreInconsistent("this weighing table is there already");
  });
}

absl::Status SqliteTransaction::PutErrand(const ErrandRecord& record) {
  return Guarded([&] {
    Statement put(connection_, Sql::kPutErrand);
    return put.Text(record.queue).Text(record.id).Blob(record.body).Int(NanosOf(record.create_time)).Done();
  });
}

absl::Status SqliteTransaction::DeleteErrand(std::string_view queue, std::string_view id) {
  return Guarded([&] { return Statement(connection_, Sql::kDeleteErrand).Text(queue).Text(id).Done(); });
}

absl::Status SqliteTransaction::Prune(absl::Time now, absl::Time requests_before) {
  return Guarded([&]() -> absl::Status {
    SLUIS_RETURN_IF_ERROR(Statement(connection_, Sql::kPruneAssertions).Int(NanosOf(now)).Done());
    SLUIS_RETURN_IF_ERROR(Statement(connection_, Sql::kPruneSessions).Int(NanosOf(now)).Done());
    return Statement(connection_, Sql::kPruneRequests).Int(NanosOf(requests_before)).Done();
  });
}

absl::Status SqliteTransaction::PutDirectoryVersion(std::int64_t version) {
  return Guarded([&] { return Statement(connection_, Sql::kPutDirectoryVersion).Int(version).Done(); });
}

absl::Status SqliteTransaction::AppendLeaf(std::uint64_t index, BytesView leaf,
                                           const std::optional<LogRecord>& record,
                                           std::span<const PartyId> parties, absl::Time time) {
  return Guarded([&]() -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const std::uint64_t next, NextLeaf());
    SLUIS_RETURN_IF_ERROR(CheckLeaf(index, next, leaf, record));
    return AddLeaf(index, leaf, record, parties, time);
  });
}

absl::Status SqliteTransaction::AddLeaf(std::uint64_t index, BytesView leaf,
                                        const std::optional<LogRecord>& record,
                                        std::span<const PartyId> parties, absl::Time time) {
  SLUIS_RETURN_IF_ERROR(Statement(connection_, Sql::kAddLeaf).Index(index).Blob(leaf).Done());
  if (!record) return absl::OkStatus();
  SLUIS_RETURN_IF_ERROR(Statement(connection_, Sql::kAddRecord).Index(index).Blob(record->sealed).Done());
  SLUIS_RETURN_IF_ERROR(Statement(connection_, Sql::kAddSalt).Index(index).Blob(record->salt).Done());
  for (const PartyId& party : parties) {
    Statement add(connection_, Sql::kAddRecordParty);
    SLUIS_RETURN_IF_ERROR(add.Text(party.ToString()).Index(index).Int(NanosOf(time)).Done());
  }
  return absl::OkStatus();
}

absl::Status SqliteTransaction::PutTile(int level, std::uint64_t n, BytesView hashes) {
  return Guarded([&]() -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const std::optional<Bytes> stored, ReadTile(level, n));
    SLUIS_RETURN_IF_ERROR(CheckTile(stored, hashes));
    return Statement(connection_, Sql::kPutTile).Int(level).Index(n).Blob(hashes).Done();
  });
}

absl::Status SqliteTransaction::SwapHead(const LogHead& old_head, const LogHead& new_head) {
  return Guarded([&]() -> absl::Status {
    Statement swap(connection_, Sql::kSwapHead);
    swap.Index(new_head.size).Blob(AsView(new_head.root)).Blob(new_head.note);
    SLUIS_RETURN_IF_ERROR(swap.Index(old_head.size).Blob(AsView(old_head.root)).Done());
    return connection_.changes() == 1 ? absl::OkStatus() : HeadMoved();
  });
}

absl::Status SqliteTransaction::Commit() {
  SLUIS_RETURN_IF_ERROR(progress_.BeginCommit());
  absl::Status status = connection_.CheckInPlace();
  if (status.ok()) status = connection_.Run("COMMIT");
  End(status);
  return status;
}

}  // namespace sluis::storage
