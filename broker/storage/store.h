// The storage port: domain verbs, no SQL. Engines: sqlite/ (embedded default) and memory/ (tests); the same
// contract suite runs on each. Driver text never leaves an engine: failures are UNAVAILABLE /
// STORE_UNAVAILABLE, or DATA_LOSS / LOG_INCONSISTENT when what was read cannot be; INTERNAL / STORE_MISUSE when calls
// come in an order that has no meaning (an item in an item, a write after Commit()).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/storage/records.h"

namespace sluis::storage {

// Reads of one moment. Not thread-safe; one per thread. Lists are in a stated, total order; a list call
// returns at most `limit` elements (none for a limit below 1) and the caller goes on after the last one; nothing
// follows an `after` that names nothing. Times are kept in nanoseconds.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual absl::StatusOr<std::optional<CaseRecord>> FindCase(const CaseId& id) = 0;
  // Cases held by or with participant `party`, newest first (create_time, id descending), after `after`.
  virtual absl::StatusOr<std::vector<CaseRecord>> ListCases(const PartyId& party,
                                                            const std::optional<CaseId>& after,
                                                            int limit) = 0;

  virtual absl::StatusOr<std::optional<ExchangeRecord>> FindExchange(const ExchangeId& id) = 0;
  // Exchanges whose owner, provider desk or recipient desk is `party`, newest first, after `after`.
  virtual absl::StatusOr<std::vector<ExchangeRecord>> ListExchanges(
      const PartyId& party, const std::optional<CaseId>& in_case,
      const std::optional<ExchangeId>& after, int limit) = 0;
  // Exchanges with expire_time <= `now`, oldest first.
  virtual absl::StatusOr<std::vector<ExchangeId>> ListExpired(absl::Time now, int limit) = 0;

  virtual absl::StatusOr<std::optional<MailboxRecord>> FindMailbox(const ExchangeId& id) = 0;

  // Newest serial of each arrangement, where that serial names `organisation`, by id, after `after_id`.
  virtual absl::StatusOr<std::vector<ArrangementRecord>> ListArrangements(
      const Oin& organisation, std::string_view after_id, int limit) = 0;
  virtual absl::StatusOr<std::optional<ArrangementRecord>> FindArrangement(std::string_view id) = 0;

  // Inbox lines with sequence > `after`, ascending.
  virtual absl::StatusOr<std::vector<InboxRecord>> ListInbox(const PartyId& party,
                                                             std::int64_t after, int limit) = 0;

  virtual absl::StatusOr<std::optional<RequestRecord>> FindRequest(const RequestKey& key) = 0;

  // Sessions of `party` that end after `now`, newest issue first.
  virtual absl::StatusOr<std::vector<LiveSessionRecord>> ListSessions(const PartyId& party, absl::Time now,
                                                                  int limit) = 0;
  virtual absl::StatusOr<std::optional<WeighingTableRecord>> FindWeighingTable(const Oin& riec,
                                                                               std::string_view quarter) = 0;
  virtual absl::StatusOr<std::optional<WeighingTableRecord>> FindWeighingTableOf(const CaseId& domain) = 0;
  // By id, after `after_id`.
  virtual absl::StatusOr<std::vector<ErrandRecord>> ListErrands(std::string_view queue, std::string_view after_id,
                                                                int limit) = 0;

  // Highest directory version that was put into force, 0 for none.
  virtual absl::StatusOr<std::int64_t> DirectoryVersion() = 0;

  // --- the log ---
  virtual absl::StatusOr<LogHead> ReadHead() = 0;
  // Leaves [first, end), each 192 bytes; fewer never: a missing leaf is LOG_INCONSISTENT.
  virtual absl::StatusOr<std::vector<Bytes>> ReadLeaves(std::uint64_t first, std::uint64_t end) = 0;
  // Hashes of the widest stored tile (level, n), a multiple of 32 bytes; nullopt when there is none.
  virtual absl::StatusOr<std::optional<Bytes>> ReadTile(int level, std::uint64_t n) = 0;
  virtual absl::StatusOr<std::optional<LogRecord>> ReadRecord(std::uint64_t index) = 0;
  // Indices of records that name `party` (see AppendLeaf), in [start, end) of time, ascending, after `after`.
  virtual absl::StatusOr<std::vector<std::uint64_t>> ListRecordIndices(
      const PartyId& party, absl::Time start, absl::Time end, std::optional<std::uint64_t> after,
      int limit) = 0;
};

// One write transaction. The journal's thread alone holds one. It ends with Commit() or by destruction, which
// rolls back; after Commit() it may only be destroyed. A transaction reads its own writes. After the first call
// that failed, all later ones and Commit() fail too.
class Transaction : public Reader {
 public:
  // One item of a batch: what was written since BeginItem() is kept or undone as a whole.
  virtual absl::Status BeginItem() = 0;
  virtual absl::Status KeepItem() = 0;
  virtual absl::Status UndoItem() = 0;

  virtual absl::Status PutCase(const CaseRecord& record) = 0;
  virtual absl::Status PutExchange(const ExchangeRecord& record) = 0;
  // LOG_INCONSISTENT without its exchange.
  virtual absl::Status PutMailbox(const MailboxRecord& record) = 0;
  virtual absl::Status DeleteMailbox(const ExchangeId& id) = 0;
  // Serials stand beside each other; a late, lower one changes nothing for readers.
  virtual absl::Status PutArrangement(const ArrangementRecord& record) = 0;
  // Gives the sequence and returns it; `record.sequence` is ignored.
  virtual absl::StatusOr<std::int64_t> AppendInbox(const PartyId& party, const InboxRecord& record) = 0;
  virtual absl::Status PutRequest(const RequestKey& key, const RequestRecord& record) = 0;
  // False if (issuer, jti) is already there. Kept until `expires`.
  virtual absl::StatusOr<bool> UseAssertion(std::string_view issuer, std::string_view jti,
                                            absl::Time expires) = 0;
  // One per context; a later one replaces.
  virtual absl::Status PutSession(const LiveSessionRecord& record) = 0;
  virtual absl::Status DeleteSession(BytesView context) = 0;
  // LOG_INCONSISTENT when this RIEC and quarter, or this domain, is there already.
  virtual absl::Status PutWeighingTable(const WeighingTableRecord& record) = 0;
  // One per queue and id; a later one replaces.
  virtual absl::Status PutErrand(const ErrandRecord& record) = 0;
  virtual absl::Status DeleteErrand(std::string_view queue, std::string_view id) = 0;
  // Drops sessions that ended, used assertions that expired, and request ids older than `requests_before` whose
  // exchange (if their answer names one) is no longer open.
  virtual absl::Status Prune(absl::Time now, absl::Time requests_before) = 0;
  // A version below the highest changes nothing.
  virtual absl::Status PutDirectoryVersion(std::int64_t version) = 0;

  // --- the log ---
  // The next leaf (any other index, or not 192 bytes, is LOG_INCONSISTENT) with its record, if any. `parties` find
  // the record by ListRecordIndices at `time`.
  virtual absl::Status AppendLeaf(std::uint64_t index, BytesView leaf,
                                  const std::optional<LogRecord>& record,
                                  std::span<const PartyId> parties, absl::Time time) = 0;
  // Replaces a narrower tile; LOG_INCONSISTENT when it does not begin with the stored hashes.
  virtual absl::Status PutTile(int level, std::uint64_t n, BytesView hashes) = 0;
  // Compare-and-swap on size and root; ABORTED when the stored head is another (another writer).
  virtual absl::Status SwapHead(const LogHead& old_head, const LogHead& new_head) = 0;

  // Durable when it returns OK. After any other status nobody knows: the caller stops (log.md B11).
  virtual absl::Status Commit() = 0;
};

// A store. Thread-safe; what it hands out is not.
class Store {
 public:
  virtual ~Store() = default;
  // Waits for a transaction under way. UNAVAILABLE when the database is gone.
  virtual absl::StatusOr<std::unique_ptr<Transaction>> Begin() = 0;
  // What was committed last.
  virtual absl::StatusOr<std::unique_ptr<Reader>> Snapshot() = 0;
};

}  // namespace sluis::storage
