#include "broker/storage/sqlite/sqlite_reads.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_format.h"
#include "broker/storage/engine_rules.h"
#include "broker/storage/record_codec.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

// SQLite takes a negative limit for none at all.
int AtLeastZero(int limit) { return limit < 0 ? 0 : limit; }

// The record in the first column of the first row, if there is a row.
template <typename Record>
absl::StatusOr<std::optional<Record>> One(Statement& statement) {
  SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(Record record, DecodeRecord<Record>(statement.BlobAt(0)));
  return record;
}

template <typename Record>
absl::StatusOr<std::vector<Record>> All(Statement& statement) {
  std::vector<Record> list;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) return list;
    SLUIS_ASSIGN_OR_RETURN(Record record, DecodeRecord<Record>(statement.BlobAt(0)));
    list.push_back(std::move(record));
  }
}

// Where a list that starts with the newest goes on. The first place is behind every id there can be.
struct Place {
  std::int64_t create_ns = kLargest;
  Bytes id = Bytes(17, '\xff');
};

template <typename Id>
absl::StatusOr<std::optional<Place>> PlaceOf(Connection& connection, Sql sql, const std::optional<Id>& after) {
  if (!after) return Place();
  Statement statement(connection, sql);
  statement.Blob(after->bytes());
  SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::nullopt;
  return Place{statement.IntAt(0), Bytes(after->bytes())};
}

template <typename Id>
absl::StatusOr<Id> IdAt(const Statement& statement, int column) {
  const Bytes bytes = statement.BlobAt(column);
  std::array<std::uint8_t, 16> id;
  if (bytes.size() != id.size()) return StoreInconsistent("a stored id is not 16 bytes");
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return Id::FromBytes(id);
}

absl::StatusOr<ExchangeId> ExchangeIdAt(const Statement& statement, int column) {
  return IdAt<ExchangeId>(statement, column);
}

// A weighing table in the columns domain, riec, quarter, create_ns of the first row, if there is a row.
absl::StatusOr<std::optional<WeighingTableRecord>> OneTable(Statement& statement) {
  SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::nullopt;
  WeighingTableRecord record;
  SLUIS_ASSIGN_OR_RETURN(record.domain, IdAt<CaseId>(statement, 0));
  const absl::StatusOr<Oin> riec = Oin::Parse(statement.BlobAt(1));
  if (!riec.ok()) return StoreInconsistent("the organisation of a weighing table cannot be read");
  record.riec = *riec;
  record.quarter = statement.BlobAt(2);
  record.create_time = TimeOf(statement.IntAt(3));
  return record;
}

}  // namespace

template <typename Port>
absl::StatusOr<std::optional<CaseRecord>> SqliteReads<Port>::FindCase(const CaseId& id) {
  Statement statement(connection_, Sql::kFindCase);
  return One<CaseRecord>(statement.Blob(id.bytes()));
}

template <typename Port>
absl::StatusOr<std::vector<CaseRecord>> SqliteReads<Port>::ListCases(
    const PartyId& party, const std::optional<CaseId>& after, int limit) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<Place> place, PlaceOf(connection_, Sql::kCasePlace, after));
  if (!place) return std::vector<CaseRecord>();
  Statement statement(connection_, Sql::kListCases);
  return All<CaseRecord>(
      statement.Text(party.ToString()).Int(place->create_ns).Blob(place->id).Int(AtLeastZero(limit)));
}

template <typename Port>
absl::StatusOr<std::optional<ExchangeRecord>> SqliteReads<Port>::FindExchange(const ExchangeId& id) {
  Statement statement(connection_, Sql::kFindExchange);
  return One<ExchangeRecord>(statement.Blob(id.bytes()));
}

template <typename Port>
absl::StatusOr<std::vector<ExchangeRecord>> SqliteReads<Port>::ListExchanges(
    const PartyId& party, const std::optional<CaseId>& in_case,
    const std::optional<ExchangeId>& after, int limit) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<Place> place,
                         PlaceOf(connection_, Sql::kExchangePlace, after));
  if (!place) return std::vector<ExchangeRecord>();
  Statement statement(connection_, in_case ? Sql::kListExchangesInCase : Sql::kListExchanges);
  statement.Text(party.ToString()).Int(place->create_ns).Blob(place->id).Int(AtLeastZero(limit));
  if (in_case) statement.Blob(in_case->bytes());
  return All<ExchangeRecord>(statement);
}

template <typename Port>
absl::StatusOr<std::vector<ExchangeId>> SqliteReads<Port>::ListExpired(absl::Time now, int limit) {
  Statement statement(connection_, Sql::kListExpired);
  statement.Int(NanosOf(now)).Int(AtLeastZero(limit));
  std::vector<ExchangeId> list;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) return list;
    SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ExchangeIdAt(statement, 0));
    list.push_back(id);
  }
}

template <typename Port>
absl::StatusOr<std::optional<MailboxRecord>> SqliteReads<Port>::FindMailbox(const ExchangeId& id) {
  Statement statement(connection_, Sql::kFindMailbox);
  return One<MailboxRecord>(statement.Blob(id.bytes()));
}

template <typename Port>
absl::StatusOr<std::vector<ArrangementRecord>> SqliteReads<Port>::ListArrangements(
    const Oin& organisation, std::string_view after_id, int limit) {
  Statement statement(connection_, Sql::kListArrangements);
  return All<ArrangementRecord>(statement.Text(organisation.str()).Text(after_id).Int(AtLeastZero(limit)));
}

template <typename Port>
absl::StatusOr<std::optional<ArrangementRecord>> SqliteReads<Port>::FindArrangement(
    std::string_view id) {
  Statement statement(connection_, Sql::kFindArrangement);
  return One<ArrangementRecord>(statement.Text(id));
}

template <typename Port>
absl::StatusOr<std::vector<InboxRecord>> SqliteReads<Port>::ListInbox(const PartyId& party,
                                                                      std::int64_t after,
                                                                      int limit) {
  Statement statement(connection_, Sql::kListInbox);
  statement.Text(party.ToString()).Int(after).Int(AtLeastZero(limit));
  std::vector<InboxRecord> list;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) return list;
    SLUIS_ASSIGN_OR_RETURN(const ExchangeId exchange, ExchangeIdAt(statement, 2));
    list.push_back({.sequence = statement.IntAt(0),
                    .event = static_cast<int>(statement.IntAt(1)),
                    .exchange = exchange,
                    .create_time = TimeOf(statement.IntAt(3))});
  }
}

template <typename Port>
absl::StatusOr<std::optional<RequestRecord>> SqliteReads<Port>::FindRequest(const RequestKey& key) {
  Statement statement(connection_, Sql::kFindRequest);
  return One<RequestRecord>(statement.Text(key.organisation.str()).Text(key.method).Text(key.request_id));
}

template <typename Port>
absl::StatusOr<std::vector<LiveSessionRecord>> SqliteReads<Port>::ListSessions(const PartyId& party, absl::Time now,
                                                                           int limit) {
  Statement statement(connection_, Sql::kListSessions);
  statement.Text(party.oin.str()).Text(party.unit.str()).Int(NanosOf(now)).Int(AtLeastZero(limit));
  std::vector<LiveSessionRecord> list;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) return list;
    list.push_back({.party = party,
                    .context = statement.BlobAt(0),
                    .issued = TimeOf(statement.IntAt(1)),
                    .end = TimeOf(statement.IntAt(2))});
  }
}

template <typename Port>
absl::StatusOr<std::optional<WeighingTableRecord>> SqliteReads<Port>::FindWeighingTable(
    const Oin& riec, std::string_view quarter) {
  Statement statement(connection_, Sql::kFindWeighingTable);
  return OneTable(statement.Text(riec.str()).Text(quarter));
}

template <typename Port>
absl::StatusOr<std::optional<WeighingTableRecord>> SqliteReads<Port>::FindWeighingTableOf(const CaseId& domain) {
  Statement statement(connection_, Sql::kFindWeighingTableOf);
  return OneTable(statement.Blob(domain.bytes()));
}

template <typename Port>
absl::StatusOr<std::vector<ErrandRecord>> SqliteReads<Port>::ListErrands(std::string_view queue,
                                                                         std::string_view after_id, int limit) {
  Statement statement(connection_, Sql::kListErrands);
  statement.Text(queue).Text(after_id).Int(AtLeastZero(limit));
  std::vector<ErrandRecord> list;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) return list;
    list.push_back({.queue = std::string(queue),
                    .id = statement.BlobAt(0),
                    .body = statement.BlobAt(1),
                    .create_time = TimeOf(statement.IntAt(2))});
  }
}

template <typename Port>
absl::StatusOr<std::int64_t> SqliteReads<Port>::DirectoryVersion() {
  Statement statement(connection_, Sql::kDirectoryVersion);
  SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return StoreInconsistent("the directory version is missing; restore the database from the backup");
  return statement.IntAt(0);
}

template <typename Port>
absl::StatusOr<LogHead> SqliteReads<Port>::ReadHead() {
  Statement statement(connection_, Sql::kReadHead);
  SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
  LogHead head;
  const Bytes root = found ? statement.BlobAt(1) : Bytes();
  if (root.size() != head.root.size()) {
    return StoreInconsistent("the head of the log cannot be read; restore the database from the backup");
  }
  head.size = static_cast<std::uint64_t>(statement.IntAt(0));
  std::copy(root.begin(), root.end(), head.root.begin());
  head.note = statement.BlobAt(2);
  return head;
}

template <typename Port>
absl::StatusOr<std::uint64_t> SqliteReads<Port>::NextLeaf() {
  Statement statement(connection_, Sql::kLastLeaf);
  SLUIS_RETURN_IF_ERROR(statement.Step().status());
  return statement.IsNullAt(0) ? 0 : static_cast<std::uint64_t>(statement.IntAt(0)) + 1;
}

template <typename Port>
absl::StatusOr<std::vector<Bytes>> SqliteReads<Port>::ReadLeaves(std::uint64_t first,
                                                                 std::uint64_t end) {
  std::vector<Bytes> leaves;
  if (first >= end) return leaves;
  // Before reading: a range that cannot be whole must not be read into memory first.
  SLUIS_ASSIGN_OR_RETURN(const std::uint64_t next, NextLeaf());
  if (end > next) return StoreInconsistent(absl::StrFormat("leaf %d is missing", std::max(first, next)));
  Statement statement(connection_, Sql::kReadLeaves);
  statement.Index(first).Index(end);
  for (std::uint64_t index = first; index < end; ++index) {
    SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found || static_cast<std::uint64_t>(statement.IntAt(0)) != index) {
      return StoreInconsistent(absl::StrFormat("leaf %d is missing", index));
    }
    leaves.push_back(statement.BlobAt(1));
  }
  return leaves;
}

template <typename Port>
absl::StatusOr<std::optional<Bytes>> SqliteReads<Port>::ReadTile(int level, std::uint64_t n) {
  Statement statement(connection_, Sql::kReadTile);
  statement.Int(level).Index(n);
  SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::nullopt;
  return statement.BlobAt(0);
}

template <typename Port>
absl::StatusOr<std::optional<LogRecord>> SqliteReads<Port>::ReadRecord(std::uint64_t index) {
  Statement statement(connection_, Sql::kReadRecord);
  statement.Index(index);
  SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::nullopt;
  if (statement.IsNullAt(1)) return StoreInconsistent(absl::StrFormat("the salt of record %d is missing", index));
  return LogRecord{.sealed = statement.BlobAt(0), .salt = statement.BlobAt(1)};
}

template <typename Port>
absl::StatusOr<std::vector<std::uint64_t>> SqliteReads<Port>::ListRecordIndices(
    const PartyId& party, absl::Time start, absl::Time end, std::optional<std::uint64_t> after,
    int limit) {
  std::vector<std::uint64_t> list;
  if (after == std::numeric_limits<std::uint64_t>::max()) return list;
  Statement statement(connection_, Sql::kListRecordIndices);
  statement.Text(party.ToString()).Index(after ? *after + 1 : 0);
  statement.Int(NanosOf(start)).Int(NanosOf(end)).Int(AtLeastZero(limit));
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) return list;
    list.push_back(static_cast<std::uint64_t>(statement.IntAt(0)));
  }
}

template class SqliteReads<Reader>;
template class SqliteReads<Transaction>;

}  // namespace sluis::storage
