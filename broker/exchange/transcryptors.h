// The two transcryptors as the core sees them (architecture §3, §5 hop 4): a port with one verb per
// call, an adapter in broker/rpc. The core orders the hops and checks what comes back; the port
// only carries.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "broker/exchange/commands.h"
#include "broker/storage/records.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"

namespace sluis::exchange {

// What one transcryptor is asked to make of a batch.
struct HopAsk {
  Bytes signed_request;                     // pseudonyms.md §8.1
  Bytes statement;                          // §8.2, wire form
  std::optional<storage::HopRecord> first;  // to the second: what the first answered
};

// What one transcryptor made of a session (§5).
struct SessionEvaluation {
  storage::CommitmentRecord commitment;  // K_c
  Bytes point;                           // Y' or Y_c, 32 bytes
  Bytes proof;                           // DLEQ, 64 bytes
};

struct SessionHalf {
  SessionEvaluation evaluation;
  Bytes sealed_share;  // to the party; opaque here
};

// Bytes that a party signed: a session head, a shred order.
struct SignedBytes {
  Bytes bytes;
  Bytes signature;  // Ed25519, 64 bytes
};

// One transcryptor. Thread-safe. Every reply comes exactly once, within a bounded time, on any
// thread and possibly before the call returns. UNAVAILABLE / TRANSCRYPTOR_UNAVAILABLE: it is away,
// or too slow, and the same bytes may be sent again; any other status is its refusal, the reason is
// its code (§17).
class Transcryptor {
 public:
  virtual ~Transcryptor() = default;
  virtual void Transcrypt(HopAsk ask, Reply<storage::HopRecord> reply) = 0;
  // `first` goes to the second: what the first made of it.
  virtual void OpenSession(SignedBytes head, std::optional<SessionEvaluation> first,
                           Reply<SessionHalf> reply) = 0;
  // Tells the first what the second made of it.
  virtual void RecordSession(SignedBytes head, SessionEvaluation first, SessionEvaluation second,
                             Reply<Nothing> reply) = 0;
  virtual void RevokeSession(SignedBytes head, Reply<Nothing> reply) = 0;
  // When the salt was destroyed: the first time, if it was before.
  virtual void ShredDomain(SignedBytes order, Reply<absl::Time> reply) = 0;
  virtual void PutArrangement(storage::ArrangementRecord arrangement, Reply<Nothing> reply) = 0;
};

absl::Status TranscryptorAway(int hop);
bool IsAway(const absl::Status& status);

// What a broker with transcryptors has in addition. Immutable, thread-safe; outlives the service.
struct PseudonymPlane {
  Ed25519PrivateKey decision_key;          // pinned by both transcryptors and every edge
  Ed25519PublicKey first_key, second_key;  // of the transcryptors, pinned
  Transcryptor& first;
  Transcryptor& second;

  Transcryptor& hop(int number) const { return number == 1 ? first : second; }
};

}  // namespace sluis::exchange
