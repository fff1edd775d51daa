#include "broker/journal/watched_transaction.h"

#include <utility>

#include "lib/base/error.h"

namespace sluis::journal {
namespace {

const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

}  // namespace

template <typename Result>
Result WatchedTransaction::Watch(Result result) {
  if (!result.ok() && fault_.ok()) fault_ = StatusOf(result);
  return result;
}

template <typename Result>
Result WatchedTransaction::Write(Result result) {
  written_ = true;
  return Watch(std::move(result));
}

absl::Status WatchedTransaction::NotForItems() {
  return Watch(Error(ErrorCode::kInternal, "INCIDENT", "an item did what only the journal may do"));
}

absl::StatusOr<std::optional<storage::CaseRecord>> WatchedTransaction::FindCase(const CaseId& id) {
  return Watch(inner_.FindCase(id));
}

absl::StatusOr<std::vector<storage::CaseRecord>> WatchedTransaction::ListCases(
    const PartyId& party, const std::optional<CaseId>& after, int limit) {
  return Watch(inner_.ListCases(party, after, limit));
}

absl::StatusOr<std::optional<storage::ExchangeRecord>> WatchedTransaction::FindExchange(
    const ExchangeId& id) {
  return Watch(inner_.FindExchange(id));
}

absl::StatusOr<std::vector<storage::ExchangeRecord>> WatchedTransaction::ListExchanges(
    const PartyId& party, const std::optional<CaseId>& in_case,
    const std::optional<ExchangeId>& after, int limit) {
  return Watch(inner_.ListExchanges(party, in_case, after, limit));
}

absl::StatusOr<std::vector<ExchangeId>> WatchedTransaction::ListExpired(absl::Time now, int limit) {
  return Watch(inner_.ListExpired(now, limit));
}

absl::StatusOr<std::optional<storage::MailboxRecord>> WatchedTransaction::FindMailbox(
    const ExchangeId& id) {
  return Watch(inner_.FindMailbox(id));
}

absl::StatusOr<std::vector<storage::ArrangementRecord>> WatchedTransaction::ListArrangements(
    const Oin& organisation, std::string_view after_id, int limit) {
  return Watch(inner_.ListArrangements(organisation, after_id, limit));
}

absl::StatusOr<std::optional<storage::ArrangementRecord>> WatchedTransaction::FindArrangement(
    std::string_view id) {
  return Watch(inner_.FindArrangement(id));
}

absl::StatusOr<std::vector<storage::InboxRecord>> WatchedTransaction::ListInbox(
    const PartyId& party, std::int64_t after, int limit) {
  return Watch(inner_.ListInbox(party, after, limit));
}

absl::StatusOr<std::optional<storage::RequestRecord>> WatchedTransaction::FindRequest(
    const storage::RequestKey& key) {
  return Watch(inner_.FindRequest(key));
}

absl::StatusOr<std::vector<storage::LiveSessionRecord>> WatchedTransaction::ListSessions(
    const PartyId& party, absl::Time now, int limit) {
  return Watch(inner_.ListSessions(party, now, limit));
}

absl::StatusOr<std::optional<storage::WeighingTableRecord>> WatchedTransaction::FindWeighingTable(
    const Oin& riec, std::string_view quarter) {
  return Watch(inner_.FindWeighingTable(riec, quarter));
}

absl::StatusOr<std::optional<storage::WeighingTableRecord>> WatchedTransaction::FindWeighingTableOf(
    const CaseId& domain) {
  return Watch(inner_.FindWeighingTableOf(domain));
}

absl::StatusOr<std::vector<storage::ErrandRecord>> WatchedTransaction::ListErrands(
    std::string_view queue, std::string_view after_id, int limit) {
  return Watch(inner_.ListErrands(queue, after_id, limit));
}

absl::StatusOr<std::int64_t> WatchedTransaction::DirectoryVersion() {
  return Watch(inner_.DirectoryVersion());
}

absl::StatusOr<storage::LogHead> WatchedTransaction::ReadHead() { return Watch(inner_.ReadHead()); }

absl::StatusOr<std::vector<Bytes>> WatchedTransaction::ReadLeaves(std::uint64_t first,
                                                                  std::uint64_t end) {
  return Watch(inner_.ReadLeaves(first, end));
}

absl::StatusOr<std::optional<Bytes>> WatchedTransaction::ReadTile(int level, std::uint64_t n) {
  return Watch(inner_.ReadTile(level, n));
}

absl::StatusOr<std::optional<storage::LogRecord>> WatchedTransaction::ReadRecord(
    std::uint64_t index) {
  return Watch(inner_.ReadRecord(index));
}

absl::StatusOr<std::vector<std::uint64_t>> WatchedTransaction::ListRecordIndices(
    const PartyId& party, absl::Time start, absl::Time end, std::optional<std::uint64_t> after,
    int limit) {
  return Watch(inner_.ListRecordIndices(party, start, end, after, limit));
}

absl::Status WatchedTransaction::PutCase(const storage::CaseRecord& record) {
  return Write(inner_.PutCase(record));
}

absl::Status WatchedTransaction::PutExchange(const storage::ExchangeRecord& record) {
  return Write(inner_.PutExchange(record));
}

absl::Status WatchedTransaction::PutMailbox(const storage::MailboxRecord& record) {
  return Write(inner_.PutMailbox(record));
}

absl::Status WatchedTransaction::DeleteMailbox(const ExchangeId& id) {
  return Write(inner_.DeleteMailbox(id));
}

absl::Status WatchedTransaction::PutArrangement(const storage::ArrangementRecord& record) {
  return Write(inner_.PutArrangement(record));
}

absl::StatusOr<std::int64_t> WatchedTransaction::AppendInbox(const PartyId& party,
                                                             const storage::InboxRecord& record) {
  return Write(inner_.AppendInbox(party, record));
}

absl::Status WatchedTransaction::PutRequest(const storage::RequestKey& key,
                                            const storage::RequestRecord& record) {
  return Write(inner_.PutRequest(key, record));
}

absl::StatusOr<bool> WatchedTransaction::UseAssertion(std::string_view issuer, std::string_view jti,
                                                      absl::Time expires) {
  return Write(inner_.UseAssertion(issuer, jti, expires));
}

absl::Status WatchedTransaction::PutSession(const storage::LiveSessionRecord& record) {
  return Write(inner_.PutSession(record));
}

absl::Status WatchedTransaction::DeleteSession(BytesView context) {
  return Write(inner_.DeleteSession(context));
}

absl::Status WatchedTransaction::PutWeighingTable(const storage::WeighingTableRecord& record) {
  return Write(inner_.PutWeighingTable(record));
}

absl::Status WatchedTransaction::PutErrand(const storage::ErrandRecord& record) {
  return Write(inner_.PutErrand(record));
}

absl::Status WatchedTransaction::DeleteErrand(std::string_view queue, std::string_view id) {
  return Write(inner_.DeleteErrand(queue, id));
}

absl::Status WatchedTransaction::Prune(absl::Time now, absl::Time requests_before) {
  return Write(inner_.Prune(now, requests_before));
}

absl::Status WatchedTransaction::PutDirectoryVersion(std::int64_t version) {
  return Write(inner_.PutDirectoryVersion(version));
}

absl::Status WatchedTransaction::BeginItem() { return NotForItems(); }

absl::Status WatchedTransaction::KeepItem() { return NotForItems(); }

absl::Status WatchedTransaction::UndoItem() { return NotForItems(); }

absl::Status WatchedTransaction::AppendLeaf(std::uint64_t, BytesView,
                                            const std::optional<storage::LogRecord>&,
                                            std::span<const PartyId>, absl::Time) {
  return NotForItems();
}

absl::Status WatchedTransaction::PutTile(int, std::uint64_t, BytesView) { return NotForItems(); }

absl::Status WatchedTransaction::SwapHead(const storage::LogHead&, const storage::LogHead&) {
  return NotForItems();
}

absl::Status WatchedTransaction::Commit() { return NotForItems(); }

}  // namespace sluis::journal
