// Proofs of knowledge of the blind of an item (pseudonyms.md §8.1), bound to head, position and
// payload.
#pragma once

#include "absl/status/status.h"
#include "lib/pseudonym/dleq.h"
#include "lib/pseudonym/elgamal.h"
#include "lib/pseudonym/internal/nonces.h"

namespace sluis::pseudonym {

struct KnowledgeClaim {
  BytesView context;  // KnowledgeContext(head)
  std::uint32_t index;
  const Ciphertext& ciphertext;
  const Digest& payload;
};

// pc = SHA512("sluis/pok/v1\0" || Head).
Bytes KnowledgeContext(BytesView head);
Proof ProveKnowledge(Nonces& nonces, const SecretScalar& blind, const KnowledgeClaim& claim);
absl::Status VerifyKnowledge(const Proof& proof, const KnowledgeClaim& claim);  // E_POK

}  // namespace sluis::pseudonym
