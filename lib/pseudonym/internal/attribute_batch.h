// Batches of type 02: rekeying without reshuffling (pseudonyms.md §7.2). Refused in v1, so nothing
// outside this folder reaches it; here so that the layout and the public vectors are held to.
//
//   B' = k^-1*(B + r*G),  C' = C + r*Y,  Y' = k*Y
#pragma once

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/internal/nonces.h"
#include "lib/pseudonym/structures.h"

namespace sluis::pseudonym {

struct AttributeOutput {
  BatchResponse response;
  AttributeBatchHeader header;
  std::vector<RerandomizeMaterial> materials;
};

// Nonces: proof_K; per item r and the nonce of proof_r; proof_B. E_FACTOR_TRIVIAL, E_SAME_CONTEXT
// is the caller's.
absl::StatusOr<AttributeOutput> RekeyAttributes(Nonces& nonces, const SecretScalar& k_from,
                                                const SecretScalar& k_to, const GroupElement& y,
                                                std::span<const Ciphertext> items);

// E_PROOF.
absl::Status VerifyAttributes(const AttributeOutput& output, std::span<const Ciphertext> input,
                              const GroupElement& y, const GroupElement& k_from,
                              const GroupElement& k_to);

}  // namespace sluis::pseudonym
