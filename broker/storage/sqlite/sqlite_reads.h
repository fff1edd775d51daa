// The reads of the port over one connection, for snapshots and transactions alike.
#pragma once

#include "broker/storage/sqlite/connection.h"
#include "broker/storage/store.h"

namespace sluis::storage {

// Port is Reader or Transaction.
template <typename Port>
class SqliteReads : public Port {
 public:
  // `connection` outlives it and is in a transaction.
  explicit SqliteReads(Connection& connection) : connection_(connection) {}

  absl::StatusOr<std::optional<CaseRecord>> FindCase(const CaseId& id) override;
  absl::StatusOr<std::vector<CaseRecord>> ListCases(const PartyId& party,
                                                    const std::optional<CaseId>& after,
                                                    int limit) override;
  absl::StatusOr<std::optional<ExchangeRecord>> FindExchange(const ExchangeId& id) override;
  absl::StatusOr<std::vector<ExchangeRecord>> ListExchanges(const PartyId& party,
                                                            const std::optional<CaseId>& in_case,
                                                            const std::optional<ExchangeId>& after,
                                                            int limit) override;
  absl::StatusOr<std::vector<ExchangeId>> ListExpired(absl::Time now, int limit) override;
  absl::StatusOr<std::optional<MailboxRecord>> FindMailbox(const ExchangeId& id) override;
  absl::StatusOr<std::vector<ArrangementRecord>> ListArrangements(const Oin& organisation,
                                                                  std::string_view after_id,
                                                                  int limit) override;
  absl::StatusOr<std::optional<ArrangementRecord>> FindArrangement(std::string_view id) override;
  absl::StatusOr<std::vector<InboxRecord>> ListInbox(const PartyId& party, std::int64_t after,
                                                     int limit) override;
  absl::StatusOr<std::optional<RequestRecord>> FindRequest(const RequestKey& key) override;
  absl::StatusOr<std::vector<LiveSessionRecord>> ListSessions(const PartyId& party, absl::Time now,
                                                          int limit) override;
  absl::StatusOr<std::optional<WeighingTableRecord>> FindWeighingTable(
      const Oin& riec, std::string_view quarter) override;
  absl::StatusOr<std::optional<WeighingTableRecord>> FindWeighingTableOf(const CaseId& domain) override;
  absl::StatusOr<std::vector<ErrandRecord>> ListErrands(std::string_view queue, std::string_view after_id,
                                                        int limit) override;
  absl::StatusOr<std::int64_t> DirectoryVersion() override;
  absl::StatusOr<LogHead> ReadHead() override;
  absl::StatusOr<std::vector<Bytes>> ReadLeaves(std::uint64_t first, std::uint64_t end) override;
  absl::StatusOr<std::optional<Bytes>> ReadTile(int level, std::uint64_t n) override;
  absl::StatusOr<std::optional<LogRecord>> ReadRecord(std::uint64_t index) override;
  absl::StatusOr<std::vector<std::uint64_t>> ListRecordIndices(const PartyId& party,
                                                               absl::Time start, absl::Time end,
                                                               std::optional<std::uint64_t> after,
                                                               int limit) override;

 protected:
  // Index that the next leaf will have.
  absl::StatusOr<std::uint64_t> NextLeaf();

  Connection& connection_;
};

extern template class SqliteReads<Reader>;
extern template class SqliteReads<Transaction>;

}  // namespace sluis::storage
