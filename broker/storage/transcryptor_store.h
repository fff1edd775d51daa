// The storage port of a transcryptor: two stores with verbs of the domain, no SQL. Each verb is
// whole by itself: it happened, and is durable, when it returns OK; otherwise nothing of it counts.
// Engines: sqlite/ and memory/ (tests); one contract suite runs on each. Failures are those of
// store.h.
//
// ReplayStore  used nonces with their answers, and counters (pseudonyms.md §8.1). Losing it is
// survived:
//              what was signed before is then refused with E_REPLAY_UNKNOWN.
// StateStore   salts and tombstones, sessions, arrangements. Losing it is not survived, for a
//              shredded domain would open again: without it a transcryptor does not start.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/storage/records.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"

namespace sluis::storage {

using Nonce = std::array<std::uint8_t, 16>;

// Nonces are unique within their signer.
struct NonceKey {
  PartyId signer;
  Nonce nonce{};
  auto operator<=>(const NonceKey&) const = default;
};

struct NonceRecord {
  Digest request{};               // SHA-256 of the request that used it
  std::optional<Bytes> response;  // none: the work did not end yet, or was refused
  bool operator==(const NonceRecord&) const = default;
};

struct Reservation {
  NonceKey key;
  Digest request{};
  absl::Time forget_after;
};

enum class ReserveOutcome {
  kReserved,
  kSameBytes,  // the nonce was used by the same request
  kOtherBytes,
};

// A counter that a batch adds to. `counter` names it, its day included, and means nothing here.
struct QuotaLine {
  Bytes counter;
  std::int64_t items = 0;  // to be added
  std::int64_t limit = 0;  // the most that it may become
};

// All that one request counts for, at once.
struct Charge {
  Digest request{};
  absl::Time forget_after;
  std::vector<QuotaLine> lines;
};

// Thread-safe.
class ReplayStore {
 public:
  virtual ~ReplayStore() = default;
  // By which a StateStore knows its replay store again; random, 16 bytes.
  virtual absl::StatusOr<Bytes> Identity() = 0;
  virtual absl::StatusOr<std::optional<NonceRecord>> FindNonce(const NonceKey& key) = 0;
  // Writes of callers that wait at the same time are made durable together.
  virtual absl::StatusOr<ReserveOutcome> Reserve(const Reservation& reservation) = 0;
  // False if a counter would pass its limit: then none of them is changed. True without a change
  // for a request that was charged before.
  virtual absl::StatusOr<bool> ChargeOnce(const Charge& charge) = 0;
  // Keeps the answer to a reserved request and returns the one that counts: the first that was
  // kept. INTERNAL / STORE_MISUSE if the nonce is not reserved for `request`.
  virtual absl::StatusOr<Bytes> KeepResponse(const NonceKey& key, const Digest& request,
                                             BytesView response) = 0;
  virtual absl::StatusOr<std::int64_t> CountOf(BytesView counter) = 0;
  // Forgets nonces, answers, charges and counters whose time is before `now`.
  virtual absl::Status Prune(absl::Time now) = 0;
};

// The salt of a domain, or the tombstone that is left of it.
struct SaltRecord {
  Bytes sealed;                           // empty in a tombstone
  std::optional<absl::Time> shred_after;  // when it ends by itself
  std::optional<absl::Time> destroyed;
  bool operator==(const SaltRecord&) const = default;
};

// A session of a party.
struct SessionRecord {
  Bytes context;  // TLV bytes
  PartyId party;
  Digest head{};              // SHA-256 of the SessionHead
  std::optional<Digest> key;  // Y_c; none while only T1 has evaluated
  absl::Time end;             // also the moment of a revocation
  bool operator==(const SessionRecord&) const = default;
};

// What ties the two stores and the ceremony together.
struct StateHead {
  Bytes first_start;  // digest of the first-start record that was used up; empty before
  Bytes replay_identity;
  absl::Time replay_unknown_until = absl::UnixEpoch();
  bool operator==(const StateHead&) const = default;
};

// Thread-safe.
class StateStore {
 public:
  virtual ~StateStore() = default;
  virtual absl::StatusOr<StateHead> ReadHead() = 0;
  virtual absl::Status PutHead(const StateHead& head) = 0;

  virtual absl::StatusOr<std::optional<SaltRecord>> FindSalt(BytesView domain) = 0;
  // Keeps the salt unless there is a record already, and returns the one that counts.
  virtual absl::StatusOr<SaltRecord> AddSalt(BytesView domain, const SaltRecord& record) = 0;
  // Leaves a tombstone, also where there was no salt; returns when it was first made. Nothing of
  // the salt is left in the engine's files.
  virtual absl::StatusOr<absl::Time> Shred(BytesView domain, absl::Time now) = 0;
  // Shreds all whose shred_after is not after `now`; returns how many.
  virtual absl::StatusOr<int> ShredDue(absl::Time now) = 0;

  virtual absl::StatusOr<std::optional<SessionRecord>> FindSession(BytesView context) = 0;
  virtual absl::Status PutSession(const SessionRecord& record) = 0;
  // Forgets sessions that ended before `before`.
  virtual absl::Status PruneSessions(absl::Time before) = 0;

  // Keeps the first commitment of another transcryptor to `id` (pseudonyms.md §7.2) and returns the
  // one that counts.
  virtual absl::StatusOr<Digest> KeepFirstCommitment(int hop, BytesView id,
                                                     const Digest& value) = 0;
  virtual absl::StatusOr<std::optional<Digest>> FindCommitment(int hop, BytesView id) = 0;

  // The newest serial of each id counts; an older one changes nothing.
  virtual absl::Status PutArrangement(const ArrangementRecord& record) = 0;
  virtual absl::StatusOr<std::optional<ArrangementRecord>> FindArrangement(std::string_view id) = 0;
  // The newest of each id that names `organisation`, by id; at most `limit`.
  virtual absl::StatusOr<std::vector<ArrangementRecord>> ListArrangements(const Oin& organisation,
                                                                          int limit) = 0;
};

}  // namespace sluis::storage
