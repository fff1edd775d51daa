// The transaction as an item sees it. It notices every failure of the store, so that an item that
// swallows one cannot be committed half; it knows whether anything was written; and what is the
// journal's own to do (items, leaves, tiles, head, commit) it refuses.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/storage/store.h"

namespace sluis::journal {

class WatchedTransaction : public storage::Transaction {
 public:
  // `inner` must outlive it.
  explicit WatchedTransaction(storage::Transaction& inner) : inner_(inner) {}

  // The first failure; after it the transaction must not be committed.
  const absl::Status& fault() const { return fault_; }
  // Whether something was written since the last call.
  bool TakeWritten() { return std::exchange(written_, false); }

  absl::StatusOr<std::optional<storage::CaseRecord>> FindCase(const CaseId& id) override;
  absl::StatusOr<std::vector<storage::CaseRecord>> ListCases(const PartyId& party,
                                                             const std::optional<CaseId>& after,
                                                             int limit) override;
  absl::StatusOr<std::optional<storage::ExchangeRecord>> FindExchange(
      const ExchangeId& id) override;
  absl::StatusOr<std::vector<storage::ExchangeRecord>> ListExchanges(
      const PartyId& party, const std::optional<CaseId>& in_case,
      const std::optional<ExchangeId>& after, int limit) override;
  absl::StatusOr<std::vector<ExchangeId>> ListExpired(absl::Time now, int limit) override;
  absl::StatusOr<std::optional<storage::MailboxRecord>> FindMailbox(const ExchangeId& id) override;
  absl::StatusOr<std::vector<storage::ArrangementRecord>> ListArrangements(
      const Oin& organisation, std::string_view after_id, int limit) override;
  absl::StatusOr<std::optional<storage::ArrangementRecord>> FindArrangement(
      std::string_view id) override;
  absl::StatusOr<std::vector<storage::InboxRecord>> ListInbox(const PartyId& party,
                                                              std::int64_t after,
                                                              int limit) override;
  absl::StatusOr<std::optional<storage::RequestRecord>> FindRequest(
      const storage::RequestKey& key) override;
  absl::StatusOr<std::vector<storage::LiveSessionRecord>> ListSessions(const PartyId& party,
                                                                       absl::Time now,
                                                                       int limit) override;
  absl::StatusOr<std::optional<storage::WeighingTableRecord>> FindWeighingTable(
      const Oin& riec, std::string_view quarter) override;
  absl::StatusOr<std::optional<storage::WeighingTableRecord>> FindWeighingTableOf(
      const CaseId& domain) override;
  absl::StatusOr<std::vector<storage::ErrandRecord>> ListErrands(std::string_view queue,
                                                                 std::string_view after_id,
                                                                 int limit) override;
  absl::StatusOr<std::int64_t> DirectoryVersion() override;
  absl::StatusOr<storage::LogHead> ReadHead() override;
  absl::StatusOr<std::vector<Bytes>> ReadLeaves(std::uint64_t first, std::uint64_t end) override;
  absl::StatusOr<std::optional<Bytes>> ReadTile(int level, std::uint64_t n) override;
  absl::StatusOr<std::optional<storage::LogRecord>> ReadRecord(std::uint64_t index) override;
  absl::StatusOr<std::vector<std::uint64_t>> ListRecordIndices(const PartyId& party,
                                                               absl::Time start, absl::Time end,
                                                               std::optional<std::uint64_t> after,
                                                               int limit) override;

  absl::Status PutCase(const storage::CaseRecord& record) override;
  absl::Status PutExchange(const storage::ExchangeRecord& record) override;
  absl::Status PutMailbox(const storage::MailboxRecord& record) override;
  absl::Status DeleteMailbox(const ExchangeId& id) override;
  absl::Status PutArrangement(const storage::ArrangementRecord& record) override;
  absl::StatusOr<std::int64_t> AppendInbox(const PartyId& party,
                                           const storage::InboxRecord& record) override;
  absl::Status PutRequest(const storage::RequestKey& key,
                          const storage::RequestRecord& record) override;
  absl::StatusOr<bool> UseAssertion(std::string_view issuer, std::string_view jti,
                                    absl::Time expires) override;
  absl::Status PutSession(const storage::LiveSessionRecord& record) override;
  absl::Status DeleteSession(BytesView context) override;
  absl::Status PutWeighingTable(const storage::WeighingTableRecord& record) override;
  absl::Status PutErrand(const storage::ErrandRecord& record) override;
  absl::Status DeleteErrand(std::string_view queue, std::string_view id) override;
  absl::Status Prune(absl::Time now, absl::Time requests_before) override;
  absl::Status PutDirectoryVersion(std::int64_t version) override;

  // --- not for items: INTERNAL / INCIDENT, and a fault ---
  absl::Status BeginItem() override;
  absl::Status KeepItem() override;
  absl::Status UndoItem() override;
  absl::Status AppendLeaf(std::uint64_t index, BytesView leaf,
                          const std::optional<storage::LogRecord>& record,
                          std::span<const PartyId> parties, absl::Time time) override;
  absl::Status PutTile(int level, std::uint64_t n, BytesView hashes) override;
  absl::Status SwapHead(const storage::LogHead& old_head,
                        const storage::LogHead& new_head) override;
  absl::Status Commit() override;

 private:
  template <typename Result>
  Result Watch(Result result);
  template <typename Result>
  Result Write(Result result);
  absl::Status NotForItems();

  storage::Transaction& inner_;
  absl::Status fault_;
  bool written_ = false;
};

}  // namespace sluis::journal
