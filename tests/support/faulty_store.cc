#include "tests/support/faulty_store.h"

#include <utility>

#include "broker/storage/engine_rules.h"
#include "lib/base/status_macros.h"

namespace sluis::testing {

using storage::Transaction;

namespace {

absl::Status Failure() { return storage::StoreUnavailable("a fault that the test armed"); }

}  // namespace

class FaultyTransaction : public Transaction {
 public:
  FaultyTransaction(FaultyStore& faults, std::unique_ptr<Transaction> inner)
      : faults_(faults), inner_(std::move(inner)) {}

  absl::StatusOr<std::optional<storage::CaseRecord>> FindCase(const CaseId& id) override {
    return inner_->FindCase(id);
  }
  absl::StatusOr<std::vector<storage::CaseRecord>> ListCases(const PartyId& party,
                                                             const std::optional<CaseId>& after,
                                                             int limit) override {
    return inner_->ListCases(party, after, limit);
  }
  absl::StatusOr<std::optional<storage::ExchangeRecord>> FindExchange(const ExchangeId& id) override {
    return inner_->FindExchange(id);
  }
  absl::StatusOr<std::vector<storage::ExchangeRecord>> ListExchanges(
      const PartyId& party, const std::optional<CaseId>& in_case,
      const std::optional<ExchangeId>& after, int limit) override {
    return inner_->ListExchanges(party, in_case, after, limit);
  }
  absl::StatusOr<std::vector<ExchangeId>> ListExpired(absl::Time now, int limit) override {
    return inner_->ListExpired(now, limit);
  }
  absl::StatusOr<std::optional<storage::MailboxRecord>> FindMailbox(const ExchangeId& id) override {
    return inner_->FindMailbox(id);
  }
  absl::StatusOr<std::vector<storage::ArrangementRecord>> ListArrangements(
      const Oin& organisation, std::string_view after_id, int limit) override {
    return inner_->ListArrangements(organisation, after_id, limit);
  }
  absl::StatusOr<std::optional<storage::ArrangementRecord>> FindArrangement(std::string_view id) override {
    return inner_->FindArrangement(id);
  }
  absl::StatusOr<std::vector<storage::InboxRecord>> ListInbox(const PartyId& party, std::int64_t after,
                                                              int limit) override {
    return inner_->ListInbox(party, after, limit);
  }
  absl::StatusOr<std::optional<storage::RequestRecord>> FindRequest(
      const storage::RequestKey& key) override {
    return inner_->FindRequest(key);
  }
  absl::StatusOr<std::vector<storage::LiveSessionRecord>> ListSessions(const PartyId& party, absl::Time now,
                                                                   int limit) override {
    return inner_->ListSessions(party, now, limit);
  }
  absl::StatusOr<std::optional<storage::WeighingTableRecord>> FindWeighingTable(const Oin& riec,
                                                                                std::string_view quarter) override {
    return inner_->FindWeighingTable(riec, quarter);
  }
  absl::StatusOr<std::optional<storage::WeighingTableRecord>> FindWeighingTableOf(const CaseId& domain) override {
    return inner_->FindWeighingTableOf(domain);
  }
  absl::StatusOr<std::vector<storage::ErrandRecord>> ListErrands(std::string_view queue, std::string_view after_id,
                                                                 int limit) override {
    return inner_->ListErrands(queue, after_id, limit);
  }
  absl::StatusOr<std::int64_t> DirectoryVersion() override { return inner_->DirectoryVersion(); }
  absl::StatusOr<storage::LogHead> ReadHead() override { return inner_->ReadHead(); }
  absl::StatusOr<std::vector<Bytes>> ReadLeaves(std::uint64_t first, std::uint64_t end) override {
    return inner_->ReadLeaves(first, end);
  }
  absl::StatusOr<std::optional<Bytes>> ReadTile(int level, std::uint64_t n) override {
    return inner_->ReadTile(level, n);
  }
  absl::StatusOr<std::optional<storage::LogRecord>> ReadRecord(std::uint64_t index) override {
    return inner_->ReadRecord(index);
  }
  absl::StatusOr<std::vector<std::uint64_t>> ListRecordIndices(const PartyId& party, absl::Time start,
                                                               absl::Time end,
                                                               std::optional<std::uint64_t> after,
                                                               int limit) override {
    return inner_->ListRecordIndices(party, start, end, after, limit);
  }

  absl::Status BeginItem() override { return Write(&Transaction::BeginItem); }
  absl::Status KeepItem() override { return Write(&Transaction::KeepItem); }
  absl::Status UndoItem() override { return Write(&Transaction::UndoItem); }
  absl::Status PutCase(const storage::CaseRecord& record) override {
    return Write(&Transaction::PutCase, record);
  }
  absl::Status PutExchange(const storage::ExchangeRecord& record) override {
    return Write(&Transaction::PutExchange, record);
  }
  absl::Status PutMailbox(const storage::MailboxRecord& record) override {
    return Write(&Transaction::PutMailbox, record);
  }
  absl::Status DeleteMailbox(const ExchangeId& id) override { return Write(&Transaction::DeleteMailbox, id); }
  absl::Status PutArrangement(const storage::ArrangementRecord& record) override {
    return Write(&Transaction::PutArrangement, record);
  }
  absl::StatusOr<std::int64_t> AppendInbox(const PartyId& party,
                                           const storage::InboxRecord& record) override {
    return Write(&Transaction::AppendInbox, party, record);
  }
  absl::Status PutRequest(const storage::RequestKey& key, const storage::RequestRecord& record) override {
    return Write(&Transaction::PutRequest, key, record);
  }
  absl::StatusOr<bool> UseAssertion(std::string_view issuer, std::string_view jti,
                                    absl::Time expires) override {
    return Write(&Transaction::UseAssertion, issuer, jti, expires);
  }
  absl::Status PutSession(const storage::LiveSessionRecord& record) override {
    return Write(&Transaction::PutSession, record);
  }
  absl::Status DeleteSession(BytesView context) override { return Write(&Transaction::DeleteSession, context); }
  absl::Status PutWeighingTable(const storage::WeighingTableRecord& record) override {
    return Write(&Transaction::PutWeighingTable, record);
  }
  absl::Status PutErrand(const storage::ErrandRecord& record) override {
    return Write(&Transaction::PutErrand, record);
  }
  absl::Status DeleteErrand(std::string_view queue, std::string_view id) override {
    return Write(&Transaction::DeleteErrand, queue, id);
  }
  absl::Status Prune(absl::Time now, absl::Time requests_before) override {
    return Write(&Transaction::Prune, now, requests_before);
  }
  absl::Status PutDirectoryVersion(std::int64_t version) override {
    return Write(&Transaction::PutDirectoryVersion, version);
  }
  absl::Status AppendLeaf(std::uint64_t index, BytesView leaf, const std::optional<storage::LogRecord>& record,
                          std::span<const PartyId> parties, absl::Time time) override {
    return Write(&Transaction::AppendLeaf, index, leaf, record, parties, time);
  }
  absl::Status PutTile(int level, std::uint64_t n, BytesView hashes) override {
    return Write(&Transaction::PutTile, level, n, hashes);
  }
  absl::Status SwapHead(const storage::LogHead& old_head, const storage::LogHead& new_head) override {
    return Write(&Transaction::SwapHead, old_head, new_head);
  }

  absl::Status Commit() override {
    if (broken_) return Failure();
    const bool lost = faults_.fault_ == Fault::kCommitLost;
    if (!faults_.Strikes(lost ? Fault::kCommitLost : Fault::kCommitPersisted, faults_.commits_)) {
      return inner_->Commit();
    }
    broken_ = true;
    if (!lost) SLUIS_RETURN_IF_ERROR(inner_->Commit());
    return Failure();
  }

 private:
  template <typename Result, typename... Takes, typename... Gives>
  Result Write(Result (Transaction::*method)(Takes...), Gives&&... gives) {
    if (!broken_) broken_ = faults_.Strikes(Fault::kWrite, faults_.writes_);
    if (broken_) return Failure();
    return (inner_.get()->*method)(std::forward<Gives>(gives)...);
  }

  FaultyStore& faults_;
  std::unique_ptr<Transaction> inner_;
  bool broken_ = false;
};

void FaultyStore::Arm(Fault fault, int nth) {
  writes_ = commits_ = begins_ = snapshots_ = 0;
  struck_ = false;
  nth_ = nth;
  fault_ = fault;
}

bool FaultyStore::Strikes(Fault kind, std::atomic<int>& counter) {
  const int count = ++counter;
  if (fault_ != kind || count != nth_) return false;
  struck_ = true;
  return true;
}

absl::StatusOr<std::unique_ptr<Transaction>> FaultyStore::Begin() {
  if (Strikes(Fault::kBegin, begins_)) return Failure();
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<Transaction> inner, store_.Begin());
  return std::make_unique<FaultyTransaction>(*this, std::move(inner));
}

absl::StatusOr<std::unique_ptr<storage::Reader>> FaultyStore::Snapshot() {
  if (Strikes(Fault::kSnapshot, snapshots_)) return Failure();
  return store_.Snapshot();
}

}  // namespace sluis::testing
