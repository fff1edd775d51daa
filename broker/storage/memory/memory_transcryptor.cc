#include "broker/storage/memory/memory_transcryptor.h"

#include "broker/storage/engine_rules.h"

namespace sluis::storage {
namespace {

template <typename Map, typename Key>
auto Copied(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

SaltRecord Tombstone(absl::Time now) { return {{}, std::nullopt, now}; }

}  // namespace

absl::StatusOr<std::optional<NonceRecord>> MemoryReplayStore::FindNonce(const NonceKey& key) {
  MutexLock lock(mutex_);
  const auto found = nonces_.find(key);
  if (found == nonces_.end()) return std::nullopt;
  return found->second.record;
}

absl::StatusOr<ReserveOutcome> MemoryReplayStore::Reserve(const Reservation& reservation) {
  MutexLock lock(mutex_);
  const auto used = nonces_.find(reservation.key);
  if (used != nonces_.end()) {
    return used->second.record.request == reservation.request ? ReserveOutcome::kSameBytes
                                                              : ReserveOutcome::kOtherBytes;
  }
  nonces_[reservation.key] = {{reservation.request, std::nullopt}, reservation.forget_after};
  return ReserveOutcome::kReserved;
}

absl::StatusOr<bool> MemoryReplayStore::ChargeOnce(const Charge& charge) {
  MutexLock lock(mutex_);
  if (charged_.contains(charge.request)) return true;
  std::map<Bytes, Count, std::less<>> after = counts_;
  for (const QuotaLine& line : charge.lines) {
    Count& count = after[line.counter];
    count.items += line.items;
    count.forget_after = charge.forget_after;
    if (count.items > line.limit) return false;
  }
  counts_ = std::move(after);
  charged_[charge.request] = charge.forget_after;
  return true;
}

absl::StatusOr<Bytes> MemoryReplayStore::KeepResponse(const NonceKey& key, const Digest& request,
                                                      BytesView response) {
  MutexLock lock(mutex_);
  const auto used = nonces_.find(key);
  if (used == nonces_.end() || used->second.record.request != request) {
    return StoreMisuse("an answer was kept for a nonce that is not reserved");
  }
  if (!used->second.record.response) used->second.record.response = Bytes(response);
  return *used->second.record.response;
}

absl::StatusOr<std::int64_t> MemoryReplayStore::CountOf(BytesView counter) {
  MutexLock lock(mutex_);
  const auto found = counts_.find(counter);
  return found == counts_.end() ? 0 : found->second.items;
}

absl::Status MemoryReplayStore::Prune(absl::Time now) {
  MutexLock lock(mutex_);
  std::erase_if(nonces_, [&](const auto& entry) { return entry.second.forget_after < now; });
  std::erase_if(counts_, [&](const auto& entry) { return entry.second.forget_after < now; });
  std::erase_if(charged_, [&](const auto& entry) { return entry.second < now; });
  return absl::OkStatus();
}

absl::StatusOr<StateHead> MemoryStateStore::ReadHead() {
  MutexLock lock(mutex_);
  return head_;
}

absl::Status MemoryStateStore::PutHead(const StateHead& head) {
  MutexLock lock(mutex_);
  head_ = head;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<SaltRecord>> MemoryStateStore::FindSalt(BytesView domain) {
  MutexLock lock(mutex_);
  return Copied(salts_, domain);
}

absl::StatusOr<SaltRecord> MemoryStateStore::AddSalt(BytesView domain, const SaltRecord& record) {
  MutexLock lock(mutex_);
  return salts_.try_emplace(Bytes(domain), record).first->second;
}

absl::StatusOr<absl::Time> MemoryStateStore::Shred(BytesView domain, absl::Time now) {
  MutexLock lock(mutex_);
  SaltRecord& record = salts_[Bytes(domain)];
  if (!record.destroyed) record = Tombstone(now);
  return *record.destroyed;
}

absl::StatusOr<int> MemoryStateStore::ShredDue(absl::Time now) {
  MutexLock lock(mutex_);
  int shredded = 0;
  for (auto& [domain, record] : salts_) {
    if (record.destroyed || !record.shred_after || *record.shred_after > now) continue;
    record = Tombstone(now);
    ++shredded;
  }
  return shredded;
}

absl::StatusOr<std::optional<SessionRecord>> MemoryStateStore::FindSession(BytesView context) {
  MutexLock lock(mutex_);
  return Copied(sessions_, context);
}

absl::Status MemoryStateStore::PutSession(const SessionRecord& record) {
  MutexLock lock(mutex_);
  sessions_[record.context] = record;
  return absl::OkStatus();
}

absl::Status MemoryStateStore::PruneSessions(absl::Time before) {
  MutexLock lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.end < before; });
  return absl::OkStatus();
}

absl::StatusOr<Digest> MemoryStateStore::KeepFirstCommitment(int hop, BytesView id,
                                                             const Digest& value) {
  MutexLock lock(mutex_);
  return commitments_.try_emplace({hop, Bytes(id)}, value).first->second;
}

absl::StatusOr<std::optional<Digest>> MemoryStateStore::FindCommitment(int hop, BytesView id) {
  MutexLock lock(mutex_);
  return Copied(commitments_, std::pair(hop, Bytes(id)));
}

absl::Status MemoryStateStore::PutArrangement(const ArrangementRecord& record) {
  MutexLock lock(mutex_);
  ArrangementRecord& kept = arrangements_[record.id];
  if (kept.serial < record.serial) kept = record;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<ArrangementRecord>> MemoryStateStore::FindArrangement(
    std::string_view id) {
  MutexLock lock(mutex_);
  return Copied(arrangements_, id);
}

absl::StatusOr<std::vector<ArrangementRecord>> MemoryStateStore::ListArrangements(
    const Oin& organisation, int limit) {
  MutexLock lock(mutex_);
  std::vector<ArrangementRecord> found;
  for (const auto& [id, record] : arrangements_) {
    if (static_cast<int>(found.size()) >= limit) break;
    if (record.organisations.contains(organisation)) found.push_back(record);
  }
  return found;
}

}  // namespace sluis::storage
