#include "broker/storage/memory/memory_store.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "broker/storage/engine_rules.h"
#include "broker/storage/memory/memory_reads.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {
namespace {

std::set<PartyId> PartiesOf(const CaseRecord& record) {
  std::set<PartyId> parties = record.participants;
  parties.insert(record.holder);
  return parties;
}

std::set<PartyId> PartiesOf(const ExchangeRecord& record) {
  return {record.owner, record.provider_desk, record.recipient_desk};
}

// Newest issue first, then context descending is not needed by anybody: ascending will do.
std::pair<std::int64_t, Bytes> PlaceOf(const LiveSessionRecord& record) {
  return {-absl::ToUnixNanos(record.issued), record.context};
}

}  // namespace

// The writes of the port on a state of its own; the store sees it at Commit().
class MemoryTransaction : public MemoryReads<Transaction> {
 public:
  MemoryTransaction(MemoryStore& store, MemoryState state)
      : MemoryReads<Transaction>(std::move(state)), store_(store) {}
  ~MemoryTransaction() override {
    if (!progress_.ended()) store_.EndWriting();
  }

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
  MemoryStore& store_;
  TransactionProgress progress_;
  MemoryState before_item_;
};

absl::Status MemoryTransaction::BeginItem() {
  SLUIS_RETURN_IF_ERROR(progress_.BeginItem());
  before_item_ = state_;
  return absl::OkStatus();
}

absl::Status MemoryTransaction::KeepItem() { return progress_.EndItem(); }

absl::Status MemoryTransaction::UndoItem() {
  SLUIS_RETURN_IF_ERROR(progress_.EndItem());
  state_ = before_item_;
  return absl::OkStatus();
}

absl::Status MemoryTransaction::PutCase(const CaseRecord& record) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  if (const CaseRecord* old = state_.cases.Find(record.id)) {
    for (const PartyId& party : PartiesOf(*old)) {
      state_.case_parties.Erase({party, {old->create_time, old->id}});
    }
  }
  for (const PartyId& party : PartiesOf(record)) {
    state_.case_parties.Put({party, {record.create_time, record.id}}, true);
  }
  state_.cases.Put(record.id, record);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::PutExchange(const ExchangeRecord& record) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  if (const ExchangeRecord* old = state_.exchanges.Find(record.id)) {
    for (const PartyId& party : PartiesOf(*old)) {
      state_.exchange_parties.Erase({party, {old->create_time, old->id}});
    }
    state_.expiries.Erase({old->expire_time, old->id});
  }
  for (const PartyId& party : PartiesOf(record)) {
    state_.exchange_parties.Put({party, {record.create_time, record.id}}, record.case_id);
  }
  if (record.expire_time != absl::InfiniteFuture()) {
    state_.expiries.Put({record.expire_time, record.id}, true);
  }
  state_.exchanges.Put(record.id, record);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::PutMailbox(const MailboxRecord& record) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  if (state_.exchanges.Find(record.exchange) == nullptr) {
    return progress_.Note(StoreInconsistent("a mailbox needs its exchange; store that first"));
  }
  state_.mailboxes.Put(record.exchange, record);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::DeleteMailbox(const ExchangeId& id) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  state_.mailboxes.Erase(id);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::PutArrangement(const ArrangementRecord& record) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  state_.arrangement_history.Put({record.id, record.serial}, record);
  const ArrangementRecord* newest = state_.arrangements.Find(record.id);
  if (newest != nullptr && newest->serial > record.serial) return absl::OkStatus();
  if (newest != nullptr) {
    for (const Oin& organisation : newest->organisations) {
      state_.arrangement_organisations.Erase({organisation, record.id});
    }
  }
  for (const Oin& organisation : record.organisations) {
    state_.arrangement_organisations.Put({organisation, record.id}, true);
  }
  state_.arrangements.Put(record.id, record);
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> MemoryTransaction::AppendInbox(const PartyId& party,
                                                            const InboxRecord& record) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  const std::int64_t* last = state_.inbox_last.Find(party);
  InboxRecord stored = record;
  stored.sequence = (last == nullptr ? 0 : *last) + 1;
  state_.inbox.Put({party, stored.sequence}, stored);
  state_.inbox_last.Put(party, stored.sequence);
  return stored.sequence;
}

absl::Status MemoryTransaction::PutRequest(const RequestKey& key, const RequestRecord& record) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  state_.requests.Put(key, record);
  return absl::OkStatus();
}

absl::StatusOr<bool> MemoryTransaction::UseAssertion(std::string_view issuer, std::string_view jti,
                                                     absl::Time expires) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  const auto key = std::make_pair(std::string(issuer), std::string(jti));
  if (state_.assertions.Find(key) != nullptr) return false;
  state_.assertions.Put(key, expires);
  return true;
}

absl::Status MemoryTransaction::PutSession(const LiveSessionRecord& record) {
  SLUIS_RETURN_IF_ERROR(DeleteSession(record.context));
  state_.sessions.Put(record.context, record);
  state_.party_sessions.Put({record.party, PlaceOf(record)}, true);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::DeleteSession(BytesView context) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  const LiveSessionRecord* old = state_.sessions.Find(Bytes(context));
  if (old == nullptr) return absl::OkStatus();
  state_.party_sessions.Erase({old->party, PlaceOf(*old)});
  state_.sessions.Erase(Bytes(context));
  return absl::OkStatus();
}

absl::Status MemoryTransaction::PutWeighingTable(const WeighingTableRecord& record) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  const auto key = std::make_pair(record.riec, record.quarter);
  if (state_.weighing_tables.Find(key) != nullptr || state_.weighing_domains.Find(record.domain) != nullptr) {
    return progress_.Note(StoreInconsistent("this weighing table is there already"));
  }
  state_.weighing_tables.Put(key, record);
  state_.weighing_domains.Put(record.domain, key);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::PutErrand(const ErrandRecord& record) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  state_.errands.Put({record.queue, record.id}, record);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::DeleteErrand(std::string_view queue, std::string_view id) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  state_.errands.Erase({std::string(queue), std::string(id)});
  return absl::OkStatus();
}

absl::Status MemoryTransaction::Prune(absl::Time now, absl::Time requests_before) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  const MemoryState whole = state_;
  whole.assertions.From({}, [&](const auto& key, absl::Time expires) {
    if (expires <= now) state_.assertions.Erase(key);
    return true;
  });
  whole.requests.From({}, [&](const RequestKey& key, const RequestRecord& record) {
    const std::optional<ExchangeId> id = ExchangeNamedBy(record.answer);
    const ExchangeRecord* exchange = id ? whole.exchanges.Find(*id) : nullptr;
    const bool kept = exchange != nullptr && KeepsRequestIds(exchange->state);
    if (record.time < requests_before && !kept) state_.requests.Erase(key);
    return true;
  });
  whole.sessions.From({}, [&](const Bytes& context, const LiveSessionRecord& session) {
    if (session.end <= now) {
      state_.party_sessions.Erase({session.party, PlaceOf(session)});
      state_.sessions.Erase(context);
    }
    return true;
  });
  return absl::OkStatus();
}

absl::Status MemoryTransaction::PutDirectoryVersion(std::int64_t version) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  state_.directory_version = std::max(state_.directory_version, version);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::AppendLeaf(std::uint64_t index, BytesView leaf,
                                           const std::optional<LogRecord>& record,
                                           std::span<const PartyId> parties, absl::Time time) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  SLUIS_RETURN_IF_ERROR(progress_.Note(CheckLeaf(index, state_.leaf_count, leaf, record)));
  state_.leaves.Put(index, Bytes(leaf));
  ++state_.leaf_count;
  if (!record) return absl::OkStatus();
  state_.records.Put(index, *record);
  for (const PartyId& party : parties) state_.record_parties.Put({party, index}, time);
  return absl::OkStatus();
}

absl::Status MemoryTransaction::PutTile(int level, std::uint64_t n, BytesView hashes) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  SLUIS_ASSIGN_OR_RETURN(const std::optional<Bytes> stored, ReadTile(level, n));
  SLUIS_RETURN_IF_ERROR(progress_.Note(CheckTile(stored, hashes)));
  state_.tiles.Put({level, n}, Bytes(hashes));
  return absl::OkStatus();
}

absl::Status MemoryTransaction::SwapHead(const LogHead& old_head, const LogHead& new_head) {
  SLUIS_RETURN_IF_ERROR(progress_.Check());
  if (state_.head.size != old_head.size || state_.head.root != old_head.root) return progress_.Note(HeadMoved());
  state_.head = new_head;
  return absl::OkStatus();
}

absl::Status MemoryTransaction::Commit() {
  SLUIS_RETURN_IF_ERROR(progress_.BeginCommit());
  store_.Publish(state_);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Transaction>> MemoryStore::Begin() {
  MutexLock lock(mutex_);
  while (writing_) free_.Wait(mutex_);
  writing_ = true;
  return std::make_unique<MemoryTransaction>(*this, committed_);
}

absl::StatusOr<std::unique_ptr<Reader>> MemoryStore::Snapshot() {
  MutexLock lock(mutex_);
  return std::make_unique<MemoryReads<Reader>>(committed_);
}

void MemoryStore::Publish(MemoryState state) {
  MutexLock lock(mutex_);
  committed_ = std::move(state);
  writing_ = false;
  free_.NotifyOne();
}

void MemoryStore::EndWriting() {
  MutexLock lock(mutex_);
  writing_ = false;
  free_.NotifyOne();
}

}  // namespace sluis::storage
