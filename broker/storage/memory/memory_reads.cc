#include "broker/storage/memory/memory_reads.h"

#include <limits>

#include "absl/strings/str_format.h"
#include "broker/storage/engine_rules.h"

namespace sluis::storage {
namespace {

template <typename K, typename V>
std::optional<V> CopyOf(const PersistentMap<K, V>& table, const K& key) {
  const V* found = table.Find(key);
  if (found == nullptr) return std::nullopt;
  return *found;
}

// Where a list goes on; nullopt when `after` names nothing, so that nothing follows it.
template <typename Id, typename Record>
std::optional<Recent<Id>> PlaceOf(const PersistentMap<Id, Record>& table, const std::optional<Id>& after) {
  if (!after) return Recent<Id>::First();
  const Record* record = table.Find(*after);
  if (record == nullptr) return std::nullopt;
  return Recent<Id>{record->create_time, *after};
}

bool Full(std::size_t size, int limit) { return limit <= 0 || size >= static_cast<std::size_t>(limit); }

// The records of `party` behind `after`, newest first, of those that `wanted` admits.
template <typename Id, typename Record, typename Extra, typename Wanted>
std::vector<Record> ListRecent(const PersistentMap<Id, Record>& table,
                               const PersistentMap<std::pair<PartyId, Recent<Id>>, Extra>& index,
                               const PartyId& party, const std::optional<Id>& after, int limit,
                               Wanted wanted) {
  std::vector<Record> list;
  const std::optional<Recent<Id>> place = PlaceOf(table, after);
  if (!place) return list;
  index.From({party, *place}, [&](const auto& key, const Extra& extra) {
    if (key.first != party || Full(list.size(), limit)) return false;
    if ((!after || key.second.id != *after) && wanted(extra)) list.push_back(*table.Find(key.second.id));
    return true;
  });
  return list;
}

}  // namespace

template <typename Port>
absl::StatusOr<std::optional<CaseRecord>> MemoryReads<Port>::FindCase(const CaseId& id) {
  return CopyOf(state_.cases, id);
}

template <typename Port>
absl::StatusOr<std::vector<CaseRecord>> MemoryReads<Port>::ListCases(
    const PartyId& party, const std::optional<CaseId>& after, int limit) {
  return ListRecent(state_.cases, state_.case_parties, party, after, limit, [](bool) { return true; });
}

template <typename Port>
absl::StatusOr<std::optional<ExchangeRecord>> MemoryReads<Port>::FindExchange(const ExchangeId& id) {
  return CopyOf(state_.exchanges, id);
}

template <typename Port>
absl::StatusOr<std::vector<ExchangeRecord>> MemoryReads<Port>::ListExchanges(
    const PartyId& party, const std::optional<CaseId>& in_case,
    const std::optional<ExchangeId>& after, int limit) {
  return ListRecent(state_.exchanges, state_.exchange_parties, party, after, limit,
                    [&](const CaseId& of) { return !in_case || of == *in_case; });
}

template <typename Port>
absl::StatusOr<std::vector<ExchangeId>> MemoryReads<Port>::ListExpired(absl::Time now, int limit) {
  std::vector<ExchangeId> list;
  state_.expiries.From({absl::InfinitePast(), ExchangeId()}, [&](const auto& key, bool) {
    if (key.first > now || Full(list.size(), limit)) return false;
    list.push_back(key.second);
    return true;
  });
  return list;
}

template <typename Port>
absl::StatusOr<std::optional<MailboxRecord>> MemoryReads<Port>::FindMailbox(const ExchangeId& id) {
  return CopyOf(state_.mailboxes, id);
}

template <typename Port>
absl::StatusOr<std::vector<ArrangementRecord>> MemoryReads<Port>::ListArrangements(
    const Oin& organisation, std::string_view after_id, int limit) {
  std::vector<ArrangementRecord> list;
  state_.arrangement_organisations.From(
      {organisation, std::string(after_id)}, [&](const auto& key, bool) {
        if (key.first != organisation || Full(list.size(), limit)) return false;
        if (key.second != after_id) list.push_back(*state_.arrangements.Find(key.second));
        return true;
      });
  return list;
}

template <typename Port>
absl::StatusOr<std::optional<ArrangementRecord>> MemoryReads<Port>::FindArrangement(
    std::string_view id) {
  return CopyOf(state_.arrangements, std::string(id));
}

template <typename Port>
absl::StatusOr<std::vector<InboxRecord>> MemoryReads<Port>::ListInbox(const PartyId& party,
                                                                      std::int64_t after,
                                                                      int limit) {
  std::vector<InboxRecord> list;
  state_.inbox.From({party, after}, [&](const auto& key, const InboxRecord& record) {
    if (key.first != party || Full(list.size(), limit)) return false;
    if (key.second != after) list.push_back(record);
    return true;
  });
  return list;
}

template <typename Port>
absl::StatusOr<std::optional<RequestRecord>> MemoryReads<Port>::FindRequest(const RequestKey& key) {
  return CopyOf(state_.requests, key);
}

template <typename Port>
absl::StatusOr<std::vector<LiveSessionRecord>> MemoryReads<Port>::ListSessions(const PartyId& party, absl::Time now,
                                                                           int limit) {
  std::vector<LiveSessionRecord> list;
  state_.party_sessions.From({party, {std::numeric_limits<std::int64_t>::min(), Bytes()}}, [&](const auto& key, bool) {
    if (key.first != party || Full(list.size(), limit)) return false;
    const LiveSessionRecord* session = state_.sessions.Find(key.second.second);
    if (session->end > now) list.push_back(*session);
    return true;
  });
  return list;
}

template <typename Port>
absl::StatusOr<std::optional<WeighingTableRecord>> MemoryReads<Port>::FindWeighingTable(
    const Oin& riec, std::string_view quarter) {
  return CopyOf(state_.weighing_tables, {riec, std::string(quarter)});
}

template <typename Port>
absl::StatusOr<std::optional<WeighingTableRecord>> MemoryReads<Port>::FindWeighingTableOf(const CaseId& domain) {
  const auto* key = state_.weighing_domains.Find(domain);
  if (key == nullptr) return std::nullopt;
  return CopyOf(state_.weighing_tables, *key);
}

template <typename Port>
absl::StatusOr<std::vector<ErrandRecord>> MemoryReads<Port>::ListErrands(std::string_view queue,
                                                                         std::string_view after_id, int limit) {
  std::vector<ErrandRecord> list;
  state_.errands.From({std::string(queue), std::string(after_id)}, [&](const auto& key, const ErrandRecord& errand) {
    if (key.first != queue || Full(list.size(), limit)) return false;
    if (key.second != after_id) list.push_back(errand);
    return true;
  });
  return list;
}

template <typename Port>
absl::StatusOr<std::int64_t> MemoryReads<Port>::DirectoryVersion() {
  return state_.directory_version;
}

template <typename Port>
absl::StatusOr<LogHead> MemoryReads<Port>::ReadHead() {
  return state_.head;
}

template <typename Port>
absl::StatusOr<std::vector<Bytes>> MemoryReads<Port>::ReadLeaves(std::uint64_t first,
                                                                 std::uint64_t end) {
  std::vector<Bytes> leaves;
  for (std::uint64_t index = first; index < end; ++index) {
    const Bytes* leaf = state_.leaves.Find(index);
    if (leaf == nullptr) return StoreInconsistent(absl::StrFormat("leaf %d is missing", index));
    leaves.push_back(*leaf);
  }
  return leaves;
}

template <typename Port>
absl::StatusOr<std::optional<Bytes>> MemoryReads<Port>::ReadTile(int level, std::uint64_t n) {
  return CopyOf(state_.tiles, {level, n});
}

template <typename Port>
absl::StatusOr<std::optional<LogRecord>> MemoryReads<Port>::ReadRecord(std::uint64_t index) {
  return CopyOf(state_.records, index);
}

template <typename Port>
absl::StatusOr<std::vector<std::uint64_t>> MemoryReads<Port>::ListRecordIndices(
    const PartyId& party, absl::Time start, absl::Time end, std::optional<std::uint64_t> after,
    int limit) {
  std::vector<std::uint64_t> list;
  state_.record_parties.From({party, after.value_or(0)}, [&](const auto& key, absl::Time time) {
    if (key.first != party || Full(list.size(), limit)) return false;
    if ((!after || key.second > *after) && start <= time && time < end) list.push_back(key.second);
    return true;
  });
  return list;
}

template class MemoryReads<Reader>;
template class MemoryReads<Transaction>;

}  // namespace sluis::storage
