// The two transcryptors as the core sees them (architecture §3, §5 hop 4): a port with one verb per
// call, an adapter in broker/rpc. The core orders the hops and checks what comes back; the port
// only carries.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

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

// What one transcryptor made of a batch of a register (§11.1).
struct EnrolmentHop {
  Bytes response;                                      // EnrolResponse
  Bytes signature;                                     // 64 bytes
  Bytes factor;                                        // F_i || DLEQ, 96 bytes
  std::vector<storage::CommitmentRecord> commitments;  // S_origin, S_index
};

struct EnrolmentAsk {
  Bytes signed_enrolment;             // §11.1
  Bytes statement;                    // §8.2, wire form
  std::optional<EnrolmentHop> first;  // to the second: what the first answered
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
  virtual void EvaluateEnrolment(EnrolmentAsk ask, Reply<EnrolmentHop> reply) = 0;
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

// FAILED_PRECONDITION / TRANSCRYPTOR_FAULT: it answered something else than it was asked. Noted for
// the operator with `what`.
absl::Status TranscryptorFault(int hop, std::string_view what);
// Its refusal as the sender may see it (§17), FAILED_PRECONDITION; that it is away stays as it is.
absl::Status TranscryptorRefused(int hop, const absl::Status& status);

// What a broker with transcryptors has in addition. Immutable, thread-safe; outlives the service.
struct PseudonymPlane {
  Ed25519PrivateKey decision_key;          // pinned by both transcryptors and every edge
  Ed25519PublicKey first_key, second_key;  // of the transcryptors, pinned
  Transcryptor& first;
  Transcryptor& second;

  Transcryptor& hop(int number) const { return number == 1 ? first : second; }
};

}  // namespace sluis::exchange
