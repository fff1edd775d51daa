// Checking one hop without its secrets (pseudonyms.md §7.2): T2 checks T1, the recipient checks T2.
// A wrong factor of one transcryptor shows here, and whose it is.
#pragma once

#include <span>

#include "absl/status/status.h"
#include "lib/base/bytes.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/structures.h"

namespace sluis::pseudonym {

// Remembers by hash the header bases that were verified, since they come back for every batch of a
// route. Implementations must be thread-safe and bounded; forgetting is safe.
class VerifiedHeaders {
 public:
  virtual ~VerifiedHeaders() = default;
  virtual bool Contains(const Digest& digest) = 0;
  virtual void Remember(const Digest& digest) = 0;
};

struct HopClaim {
  std::span<const Ciphertext> input;  // as the hop received them
  GroupElement y_from;
  const BatchResponse& response;
  bool shuffle = false;  // may the order differ?
  const HopCommitments& commitments;
};

// S, K, T and Y_to of the header against the commitments. E_PROOF. `memory` may be null.
absl::Status VerifyHeaderBase(const PseudonymBatchHeader& header, const HopCommitments& commitments,
                              const GroupElement& y_from, VerifiedHeaders* memory);
// R and Yr of one item. E_PROOF.
absl::Status VerifyMaterial(const RerandomizeMaterial& material, const GroupElement& y_from);

// E_PROOF unless the block shows that the response is RRSK of the input with the committed factors;
// also for other counts, another Y, or an order that was not asked for. E_IDENTITY as computed.
absl::Status VerifyHop(const ProofBlock& block, const HopClaim& claim, VerifiedHeaders* memory);

}  // namespace sluis::pseudonym
