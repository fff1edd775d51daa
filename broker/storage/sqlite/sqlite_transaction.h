// The writes of the port inside one BEGIN IMMEDIATE.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "broker/storage/engine_rules.h"
#include "broker/storage/sqlite/sqlite_reads.h"
#include "broker/storage/store.h"

namespace sluis::storage {

class SqliteStore;

class SqliteTransaction : public SqliteReads<Transaction> {
 public:
  SqliteTransaction(SqliteStore& store, Connection& connection)
      : SqliteReads<Transaction>(connection), store_(store) {}
  ~SqliteTransaction() override;

  absl::Status BeginItem() override;
  absl::Status KeepItem() override;
  absl::Status UndoItem() override;
  absl::Status PutCase(const CaseRecord& record) override;
  absl::Status PutExchange(const ExchangeRecord& record) override;
  absl::Status PutMailbox(const MailboxRecord& record) override;
  absl::Status DeleteMailbox(const ExchangeId& id) override;
  absl::Status PutArrangement(const ArrangementRecord& record) override;
  absl::StatusOr<std::int64_t> AppendInbox(const PartyId& party, const InboxRecord& record) override;
  absl::Status PutRequest(const RequestKey& key, const RequestRecord& record) override;
  absl::StatusOr<bool> UseAssertion(std::string_view issuer, std::string_view jti,
                                    absl::Time expires) override;
  absl::Status PutSession(const LiveSessionRecord& record) override;
  absl::Status DeleteSession(BytesView context) override;
  absl::Status PutWeighingTable(const WeighingTableRecord& record) override;
  absl::Status PutErrand(const ErrandRecord& record) override;
  absl::Status DeleteErrand(std::string_view queue, std::string_view id) override;
  absl::Status Prune(absl::Time now, absl::Time requests_before) override;
  absl::Status PutDirectoryVersion(std::int64_t version) override;
  absl::Status AppendLeaf(std::uint64_t index, BytesView leaf, const std::optional<LogRecord>& record,
                          std::span<const PartyId> parties, absl::Time time) override;
  absl::Status PutTile(int level, std::uint64_t n, BytesView hashes) override;
  absl::Status SwapHead(const LogHead& old_head, const LogHead& new_head) override;
  absl::Status Commit() override;

 private:
  // Runs `write` unless something failed before; a failure of it is the last write that was tried.
  template <typename Write>
  absl::Status Guarded(Write write);
  // Rolls back what is left and lets the next transaction begin. The connection is another's from then on.
  void End(const absl::Status& commit);
  absl::Status AddArrangementOrganisations(const ArrangementRecord& record);
  absl::Status PutExchangeParties(const ExchangeRecord& record);
  // Whether the stored rows are exactly these.
  absl::StatusOr<bool> ExchangePartiesStand(const ExchangeRecord& record,
                                            const std::set<std::string>& parties);
  absl::Status AddLeaf(std::uint64_t index, BytesView leaf, const std::optional<LogRecord>& record,
                       std::span<const PartyId> parties, absl::Time time);

  SqliteStore& store_;
  TransactionProgress progress_;
};

}  // namespace sluis::storage
