// The Merkle tree of RFC 6962 §2.1 over SHA-256: hashes, an append-only frontier, and verification
// of inclusion and consistency proofs (RFC 9162 §2.1.3.2 and §2.1.4.2; log.md A1, A9). Pure
// functions, thread-safe; a TreeFrontier belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"

namespace sluis::tlog {

inline constexpr std::size_t kHashSize = 32;
// No proof of a tree below 2^63 entries is longer.
inline constexpr std::size_t kMaxProofHashes = 63;

// Sibling of the leaf (or oldest subtree) first.
using Proof = std::vector<Digest>;

// Every hash that comes from outside passes here: E_LENGTH unless 32 bytes.
absl::StatusOr<Digest> DigestFromBytes(BytesView raw);

Digest LeafHash(BytesView entry);
Digest NodeHash(const Digest& left, const Digest& right);
// Root of the tree without entries: SHA256("").
Digest EmptyRoot();
Digest RootOf(std::span<const Digest> leaf_hashes);

// The roots of the perfect subtrees, one per 1-bit of the size: all that appending needs.
class TreeFrontier {
 public:
  TreeFrontier() = default;
  // From those roots, the largest subtree first. E_LENGTH unless there is one per 1-bit of `size`.
  static absl::StatusOr<TreeFrontier> FromRightEdge(std::uint64_t size,
                                                    std::vector<Digest> subtrees);

  void Append(const Digest& leaf_hash);
  std::uint64_t size() const { return size_; }
  const std::vector<Digest>& subtrees() const { return subtrees_; }
  Digest root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> subtrees_;
};

// OK iff `proof` shows that the entry with `leaf_hash` is number `index` of the tree (size, root);
// E_PROOF.
absl::Status VerifyInclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf_hash,
                             std::span<const Digest> proof, const Digest& root);

// OK iff `proof` shows that the tree (size, root) is the start of the tree (new_size, new_root);
// E_PROOF. An empty old tree proves nothing and is refused unless the new one is empty too.
absl::Status VerifyConsistency(std::uint64_t size, std::uint64_t new_size,
                               std::span<const Digest> proof, const Digest& root,
                               const Digest& new_root);

}  // namespace sluis::tlog
