// The ports of lib/pseudonym in memory, for tests. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/pseudonym/commitment.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/request_check.h"

namespace sluis::testing {

class MemoryTrustList : public pseudonym::TrustList {
 public:
  void Add(const pseudonym::Party& party, const Ed25519PublicKey& key) {
    keys_.insert_or_assign(party, key);
  }
  std::optional<Ed25519PublicKey> SigningKey(const pseudonym::Party& party) const override {
    const auto key = keys_.find(party);
    return key == keys_.end() ? std::nullopt : std::optional(key->second);
  }

 private:
  std::map<pseudonym::Party, Ed25519PublicKey> keys_;
};

// Permits everything under its packs, or refuses with `verdict`. Counts how often it was asked.
class FixedJudge : public pseudonym::MandateJudge {
 public:
  explicit FixedJudge(std::vector<Digest> packs) : packs_(std::move(packs)) {}
  std::vector<Digest> Packs() const override { return packs_; }
  absl::Status Permits(const pseudonym::DecisionStatement&, pseudonym::RequestKind, const Digest&,
                       absl::Time) override {
    ++asked;
    return verdict;
  }
  absl::Status verdict = absl::OkStatus();
  int asked = 0;

 private:
  std::vector<Digest> packs_;
};

class MemoryNonceCache : public pseudonym::NonceCache {
 public:
  absl::StatusOr<pseudonym::NonceState> Reserve(const pseudonym::NonceUse& use) override;
  // The answer to the request is kept from now on.
  void Answered(const Digest& request);
  // As after a start without the cache: what was issued before `from` is E_REPLAY_UNKNOWN.
  void LoseUntil(absl::Time from);

 private:
  Mutex mutex_;
  std::map<std::pair<pseudonym::Party, pseudonym::RequestNonce>, Digest> seen_
      SLUIS_GUARDED_BY(mutex_);
  std::set<Digest> answered_ SLUIS_GUARDED_BY(mutex_);
  absl::Time unknown_before_ SLUIS_GUARDED_BY(mutex_) = absl::InfinitePast();
};

class MemoryQuotaBook : public pseudonym::QuotaBook {
 public:
  explicit MemoryQuotaBook(pseudonym::QuotaLimits limits = {}) : limits_(limits) {}
  // All lines or none; refused work counts.
  absl::Status Charge(const pseudonym::QuotaUse& use) override;
  std::uint64_t Charged(const std::string& line);

 private:
  const pseudonym::QuotaLimits limits_;
  Mutex mutex_;
  std::map<std::string, std::uint64_t> used_ SLUIS_GUARDED_BY(mutex_);
  std::set<Digest> charged_ SLUIS_GUARDED_BY(mutex_);
};

class MemorySessions : public pseudonym::SessionRegistry {
 public:
  void Record(const pseudonym::Context& context, const GroupElement& y, absl::Time end);
  void Revoke(const pseudonym::Context& context);
  absl::StatusOr<std::optional<pseudonym::LiveSession>> Find(
      const pseudonym::Context& context) override;

 private:
  Mutex mutex_;
  std::map<Bytes, pseudonym::LiveSession> sessions_ SLUIS_GUARDED_BY(mutex_);
};

class MemoryCommitments : public pseudonym::CommitmentStore {
 public:
  absl::StatusOr<std::optional<GroupElement>> Find(pseudonym::Hop hop, BytesView id) override;
  absl::StatusOr<GroupElement> KeepFirst(pseudonym::Hop hop, BytesView id,
                                         const GroupElement& value) override;

 private:
  Mutex mutex_;
  std::map<std::pair<pseudonym::Hop, Bytes>, GroupElement> kept_ SLUIS_GUARDED_BY(mutex_);
};

class MemoryHeaders : public pseudonym::VerifiedHeaders {
 public:
  bool Contains(const Digest& digest) override;
  void Remember(const Digest& digest) override;
  std::size_t size();

 private:
  Mutex mutex_;
  std::set<Digest> digests_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::testing
