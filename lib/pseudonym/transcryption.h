// One hop of a transcryption (pseudonyms.md §6, §7.2, §9): RRSK over a batch, with its proofs.
//
//   B' = t*(B + r*G),  C' = s*(C + r*Y),  Y' = k*Y,  r fresh per item
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/crypto/secret.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/structures.h"

namespace sluis::pseudonym {

// What depends on the route and Y alone: S, K, T, Y_to and the proofs of S, K and T. A transcryptor
// makes it once for a route and Y. Public data.
struct HeaderBase {
  GroupElement s, k, t, y_to;
  Proof proof_s, proof_k, proof_t;
};

HeaderBase MakeHeaderBase(const HopFactors& factors, const GroupElement& y_from);

struct HopInput {
  std::span<const Ciphertext> items;  // 1..4096, under y_from
  GroupElement y_from;
  bool shuffle = false;  // only where every payload digest is zero
  bool verifiable = true;
};

struct HopOutput {
  BatchResponse response;
  SecretBytes proof_block;  // empty unless verifiable; for the next hop or the recipient alone
};

// `base` is that of `factors` and y_from. E_EMPTY_BATCH, E_BATCH_SIZE, E_IDENTITY if an item
// becomes the identity. Wipes r and the order.
absl::StatusOr<HopOutput> TranscryptBatch(const HopFactors& factors, const HeaderBase& base,
                                          const HopInput& input);

}  // namespace sluis::pseudonym
