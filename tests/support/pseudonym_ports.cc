#include "tests/support/pseudonym_ports.h"

#include "lib/pseudonym/refusal.h"

namespace sluis::testing {

using pseudonym::NonceState;
using pseudonym::Refuse;

absl::StatusOr<NonceState> MemoryNonceCache::Reserve(const pseudonym::NonceUse& use) {
  MutexLock lock(mutex_);
  const auto [entry, fresh] = seen_.emplace(std::pair(use.signer, use.nonce), use.request_digest);
  if (fresh && use.issued < unknown_before_) {
    seen_.erase(entry);
    return Refuse("E_REPLAY_UNKNOWN", "issued before the cache was lost");
  }
  if (entry->second != use.request_digest) return Refuse("E_REPLAY", "another request's nonce");
  if (fresh) return NonceState::kFresh;
  return answered_.contains(use.request_digest) ? NonceState::kAnswered : NonceState::kResumed;
}

void MemoryNonceCache::Answered(const Digest& request) {
  MutexLock lock(mutex_);
  answered_.insert(request);
}

void MemoryNonceCache::LoseUntil(absl::Time from) {
  MutexLock lock(mutex_);
  seen_.clear();
  answered_.clear();
  unknown_before_ = from;
}

absl::Status MemoryQuotaBook::Charge(const pseudonym::QuotaUse& use) {
  const auto lines = pseudonym::QuotaLinesOf(use, limits_);
  MutexLock lock(mutex_);
  if (!charged_.insert(use.request_digest).second) return absl::OkStatus();
  absl::Status status;
  for (const pseudonym::QuotaLine& line : lines) {
    std::uint64_t& used = used_[line.key];
    used += use.items;
    if (used > line.limit) status = Refuse("E_QUOTA", "the quota of the day is used up");
  }
  return status;
}

std::uint64_t MemoryQuotaBook::Charged(const std::string& line) {
  MutexLock lock(mutex_);
  return used_[line];
}

void MemorySessions::Record(const pseudonym::Context& context, const GroupElement& y,
                            absl::Time end) {
  MutexLock lock(mutex_);
  sessions_.insert_or_assign(context.bytes(), pseudonym::LiveSession{y, context.party(), end});
}

void MemorySessions::Revoke(const pseudonym::Context& context) {
  MutexLock lock(mutex_);
  sessions_.erase(context.bytes());
}

absl::StatusOr<std::optional<pseudonym::LiveSession>> MemorySessions::Find(
    const pseudonym::Context& context) {
  MutexLock lock(mutex_);
  const auto found = sessions_.find(context.bytes());
  if (found == sessions_.end()) return std::optional<pseudonym::LiveSession>();
  return std::optional(found->second);
}

absl::StatusOr<std::optional<GroupElement>> MemoryCommitments::Find(pseudonym::Hop hop,
                                                                    BytesView id) {
  MutexLock lock(mutex_);
  const auto found = kept_.find({hop, Bytes(id)});
  if (found == kept_.end()) return std::optional<GroupElement>();
  return std::optional(found->second);
}

absl::StatusOr<GroupElement> MemoryCommitments::KeepFirst(pseudonym::Hop hop, BytesView id,
                                                          const GroupElement& value) {
  MutexLock lock(mutex_);
  return kept_.emplace(std::pair(hop, Bytes(id)), value).first->second;
}

bool MemoryHeaders::Contains(const Digest& digest) {
  MutexLock lock(mutex_);
  return digests_.contains(digest);
}

void MemoryHeaders::Remember(const Digest& digest) {
  MutexLock lock(mutex_);
  digests_.insert(digest);
}

std::size_t MemoryHeaders::size() {
  MutexLock lock(mutex_);
  return digests_.size();
}

}  // namespace sluis::testing
