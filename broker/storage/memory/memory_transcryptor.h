// The transcryptor's stores in memory, for tests. Nothing is durable; everything else is as in the
// contract of broker/storage/transcryptor_store.h.
#pragma once

#include <map>
#include <string>

#include "broker/storage/transcryptor_store.h"
#include "lib/base/mutex.h"

namespace sluis::storage {

class MemoryReplayStore : public ReplayStore {
 public:
  explicit MemoryReplayStore(Bytes identity) : identity_(std::move(identity)) {}
  absl::StatusOr<Bytes> Identity() override { return identity_; }
  absl::StatusOr<std::optional<NonceRecord>> FindNonce(const NonceKey& key) override;
  absl::StatusOr<ReserveOutcome> Reserve(const Reservation& reservation) override;
  absl::StatusOr<bool> ChargeOnce(const Charge& charge) override;
  absl::StatusOr<Bytes> KeepResponse(const NonceKey& key, const Digest& request,
                                     BytesView response) override;
  absl::StatusOr<std::int64_t> CountOf(BytesView counter) override;
  absl::Status Prune(absl::Time now) override;

 private:
  struct Used {
    NonceRecord record;
    absl::Time forget_after;
  };
  struct Count {
    std::int64_t items = 0;
    absl::Time forget_after;
  };
  const Bytes identity_;
  Mutex mutex_;
  std::map<NonceKey, Used> nonces_ SLUIS_GUARDED_BY(mutex_);
  std::map<Bytes, Count, std::less<>> counts_ SLUIS_GUARDED_BY(mutex_);
  std::map<Digest, absl::Time> charged_ SLUIS_GUARDED_BY(mutex_);
};

class MemoryStateStore : public StateStore {
 public:
  absl::StatusOr<StateHead> ReadHead() override;
  absl::Status PutHead(const StateHead& head) override;
  absl::StatusOr<std::optional<SaltRecord>> FindSalt(BytesView domain) override;
  absl::StatusOr<SaltRecord> AddSalt(BytesView domain, const SaltRecord& record) override;
  absl::StatusOr<absl::Time> Shred(BytesView domain, absl::Time now) override;
  absl::StatusOr<int> ShredDue(absl::Time now) override;
  absl::StatusOr<std::optional<SessionRecord>> FindSession(BytesView context) override;
  absl::Status PutSession(const SessionRecord& record) override;
  absl::Status PruneSessions(absl::Time before) override;
  absl::StatusOr<Digest> KeepFirstCommitment(int hop, BytesView id, const Digest& value) override;
  absl::StatusOr<std::optional<Digest>> FindCommitment(int hop, BytesView id) override;
  absl::Status PutArrangement(const ArrangementRecord& record) override;
  absl::StatusOr<std::optional<ArrangementRecord>> FindArrangement(std::string_view id) override;
  absl::StatusOr<std::vector<ArrangementRecord>> ListArrangements(const Oin& organisation,
                                                                  int limit) override;

 private:
  Mutex mutex_;
  StateHead head_ SLUIS_GUARDED_BY(mutex_);
  std::map<Bytes, SaltRecord, std::less<>> salts_ SLUIS_GUARDED_BY(mutex_);
  std::map<Bytes, SessionRecord, std::less<>> sessions_ SLUIS_GUARDED_BY(mutex_);
  std::map<std::pair<int, Bytes>, Digest> commitments_ SLUIS_GUARDED_BY(mutex_);
  std::map<std::string, ArrangementRecord, std::less<>> arrangements_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::storage
