// The structures of verifiable mode (pseudonyms.md §7.2), sizes and field order of libpep 0.14.
// Fixed sizes: E_LENGTH for any other; then what the parts say, in the order of the bytes. They say
// nothing until their proofs were verified (hop_proof.h, session.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/dleq.h"

namespace sluis::pseudonym {

inline constexpr std::size_t kMaterialSize = 128;
inline constexpr std::size_t kPseudonymHeaderSize = 448;
inline constexpr std::size_t kAttributeHeaderSize = 192;
inline constexpr std::size_t kShareMaterialSize = 128;

// Per item: R = r*G, Yr = r*Y.
struct RerandomizeMaterial {
  GroupElement r;
  GroupElement yr;
  Proof proof;

  static absl::StatusOr<RerandomizeMaterial> Decode(BytesView bytes);
  Bytes Encode() const;
};

// Per batch: S = s*G, K = k*G, T = t*G, and five proofs. E_FACTOR_TRIVIAL if S or K is G.
struct PseudonymBatchHeader {
  GroupElement s, k, t, y_to;
  Proof proof_s, proof_k, proof_t, proof_b, proof_c;

  static absl::StatusOr<PseudonymBatchHeader> Decode(BytesView bytes);
  Bytes Encode() const;
};

// For batches of type 02, which are refused in v1: encoded, proved and verified, and used by
// nothing. E_FACTOR_TRIVIAL if K is G.
struct AttributeBatchHeader {
  GroupElement k, y_to;
  Proof proof_k, proof_b;

  static absl::StatusOr<AttributeBatchHeader> Decode(BytesView bytes);
  Bytes Encode() const;
};

// Half of a session key with its proof: u || U || proof_u. Secret.
struct ShareMaterial {
  SecretScalar u;
  GroupElement big_u;
  Proof proof;

  static absl::StatusOr<ShareMaterial> Decode(const SecretBytes& bytes);
  SecretBytes Encode() const;
};

// A plain share message of libpep: one or two scalars. E_LENGTH, E_SCALAR, E_SCALAR_ZERO.
absl::StatusOr<std::vector<SecretScalar>> DecodePlainShares(const SecretBytes& bytes);

// What a hop proves about one batch; sealed for the next hop or the recipient, since it tells the
// order. header || u32 n || n*(u32 permutation || material): permutation[j] is the input of output
// j.
struct ProofBlock {
  PseudonymBatchHeader header;
  std::vector<std::uint32_t> permutation;
  std::vector<RerandomizeMaterial> materials;

  // E_TRUNCATED, E_TRAILING, E_EMPTY_BATCH, E_BATCH_SIZE; then the parts; E_PROOF unless it is a
  // permutation of 0..n-1.
  static absl::StatusOr<ProofBlock> Decode(BytesView bytes);
  Bytes Encode() const;
  // Overwrites the permutation, in a way the compiler keeps; the block is of no use after it.
  void WipeOrder();
};

bool IsPermutation(std::span<const std::uint32_t> order);

}  // namespace sluis::pseudonym
