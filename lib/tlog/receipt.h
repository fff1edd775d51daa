// Receipts (C2SP tlog-proof; log.md A7): everything that shows, offline, that one leaf stands in a
// log. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/tlog/leaf.h"
#include "lib/tlog/merkle.h"
#include "lib/tlog/trust_policy.h"

namespace sluis::tlog {

inline constexpr std::size_t kMaxReceiptSize = 96 * 1024;

struct Receipt {
  std::optional<Bytes> extra;  // the leaf in ours; not signed by itself
  std::uint64_t index = 0;     // below 2^63
  Proof proof;
  std::string checkpoint;  // the note with its cosignatures, verbatim
};

// E_RECEIPT naming the line for anything that FormatReceipt would not write. The checkpoint is a
// note here; what it says is not looked at.
absl::StatusOr<Receipt> ParseReceipt(std::string_view text);
// Precondition: the checkpoint is a note, the proof has at most 63 hashes.
std::string FormatReceipt(const Receipt& receipt);

struct VerifiedReceipt {
  std::uint64_t index = 0;
  Bytes leaf_bytes;
  Leaf leaf;
  TrustedCheckpoint checkpoint;
};

// OK iff the leaf in the receipt stands at its index in the tree of a checkpoint that the policy
// trusts at `now`. Reasons: E_RECEIPT, E_PROOF, E_LEAF, and those of TrustPolicy::Verify.
absl::StatusOr<VerifiedReceipt> VerifyReceipt(std::string_view text, const TrustPolicy& policy,
                                              absl::Time now);

// The same for the receipts of one answer: they mostly come under one checkpoint, whose signatures
// are then verified once. One thread at a time; `policy` must outlive it.
class ReceiptVerifier {
 public:
  ReceiptVerifier(const TrustPolicy& policy, absl::Time now) : policy_(policy), now_(now) {}
  absl::StatusOr<VerifiedReceipt> Verify(std::string_view text);

 private:
  absl::StatusOr<TrustedCheckpoint> Trusted(const std::string& note);

  const TrustPolicy& policy_;
  const absl::Time now_;
  std::string note_;  // the newest one that was trusted, verbatim
  std::optional<TrustedCheckpoint> trusted_;
};

}  // namespace sluis::tlog
