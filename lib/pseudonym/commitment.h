// Commitments (pseudonyms.md §7.2): each transcryptor publishes S_d = s_d*G for a domain and
// K_c = k_c*G for a session and signs them, so that every later proof is about the same factor. Who
// checks proofs keeps the first and refuses another.
//
//   signed   = "sluis/commitment/v1\0" || u8 i || lp2(d or c) || S or K
//   on the wire [O] = u8 i || lp2(d or c) || S or K || Ed25519 signature 64
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::pseudonym {

struct Commitment {
  Hop hop;
  Bytes id;  // wire bytes of a domain (without salt) or of a context
  GroupElement value;
  Bytes signature;

  // E_TRUNCATED, E_TRAILING, E_TYPE for a hop other than 1 and 2, what GroupElement::Decode says,
  // and E_FACTOR_TRIVIAL for G.
  static absl::StatusOr<Commitment> Decode(BytesView bytes);
  Bytes Encode() const;
};

Commitment SignCommitment(Hop hop, BytesView id, const GroupElement& value,
                          const Ed25519PrivateKey& key);
// E_SIGNATURE; E_FACTOR_TRIVIAL if the value is G.
absl::Status VerifyCommitment(const Commitment& commitment, const Ed25519PublicKey& transcryptor);

// Where the first commitment of each (hop, id) is kept. Implementations must be thread-safe and
// keep what they took across a restart.
class CommitmentStore {
 public:
  virtual ~CommitmentStore() = default;
  virtual absl::StatusOr<std::optional<GroupElement>> Find(Hop hop, BytesView id) = 0;
  // Keeps `value` unless one is there, and returns the one that is there afterwards.
  virtual absl::StatusOr<GroupElement> KeepFirst(Hop hop, BytesView id,
                                                 const GroupElement& value) = 0;
};

// Verifies the signature and keeps it. E_PROOF if another was kept before.
absl::Status AcceptCommitment(const Commitment& commitment, const Ed25519PublicKey& transcryptor,
                              CommitmentStore& store);

// The four of a route. E_PROOF if one was never published.
absl::StatusOr<HopCommitments> CommitmentsOf(Hop hop, const Route& route, CommitmentStore& store);

}  // namespace sluis::pseudonym
