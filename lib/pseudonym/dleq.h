// Proofs that one secret k stands behind B = k*G and D_j = k*C_j for a whole list: RFC 9497 §2.2
// with the generator as A and the coPRF context string (pseudonyms.md §7.1), made non-interactive
// by hashing. 64 bytes, c || s; either half may be zero.
#pragma once

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/hash_to_group.h"
#include "lib/crypto/ristretto255.h"

namespace sluis::pseudonym {

inline constexpr std::size_t kProofSize = 2 * kScalarSize;
inline constexpr std::size_t kMaxStatements = 4096;

// Also the form of a proof of knowledge of a blind (signed_request.h).
struct Proof {
  Scalar c;
  Scalar s;

  static absl::StatusOr<Proof> Decode(BytesView bytes);  // E_LENGTH, E_SCALAR
  Bytes Encode() const;
  friend bool operator==(const Proof&, const Proof&) = default;
};

// D_j = k * C_j.
struct Statement {
  GroupElement c;
  GroupElement d;
};

// Preconditions: 1..4096 statements, all true for `secret`, and `b` = secret*G.
Proof ProveDleq(const SecretScalar& secret, const GroupElement& b,
                std::span<const Statement> statements);

// E_PROOF unless the proof shows it. Also for lists of a wrong size.
absl::Status VerifyDleq(const Proof& proof, const GroupElement& b,
                        std::span<const Statement> statements, BytesView context = kCoPrfContext);

}  // namespace sluis::pseudonym
