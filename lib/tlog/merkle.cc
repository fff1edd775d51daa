#include "lib/tlog/merkle.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "lib/base/error.h"
#include "lib/crypto/hash.h"

namespace sluis::tlog {
namespace {

// Domain separation of RFC 6962 §2.1.
constexpr std::string_view kLeafPrefix("\x00", 1);
constexpr std::string_view kNodePrefix("\x01", 1);

absl::Status BadProof(std::string_view what) { return Error(ErrorCode::kInvalid, "E_PROOF", what); }

// Position on the way up: `fn` the node, `sn` the last node of its level.
struct Climb {
  std::uint64_t fn, sn;

  // The next proof hash stands to the left of the node.
  bool SiblingIsLeft() const { return (fn & 1) != 0 || fn == sn; }
  // After a left sibling: over the levels on which the node is the lone last one.
  void SkipLoneLevels() {
    while ((fn & 1) == 0 && fn != 0) Up();
  }
  void Up() {
    fn >>= 1;
    sn >>= 1;
  }
};

}  // namespace

absl::StatusOr<Digest> DigestFromBytes(BytesView raw) {
  if (raw.size() != kHashSize) return Error(ErrorCode::kInvalid, "E_LENGTH", "a hash has 32 bytes");
  Digest digest;
  std::copy_n(Data(raw), kHashSize, digest.begin());
  return digest;
}

Digest LeafHash(BytesView entry) { return Sha256({kLeafPrefix, entry}); }

Digest NodeHash(const Digest& left, const Digest& right) {
  return Sha256({kNodePrefix, AsView(left), AsView(right)});
}

Digest EmptyRoot() { return Sha256(BytesView()); }

Digest RootOf(std::span<const Digest> leaf_hashes) {
  TreeFrontier frontier;
  for (const Digest& leaf_hash : leaf_hashes) frontier.Append(leaf_hash);
  return frontier.root();
}

absl::StatusOr<TreeFrontier> TreeFrontier::FromRightEdge(std::uint64_t size,
                                                         std::vector<Digest> subtrees) {
  if (subtrees.size() != static_cast<std::size_t>(std::popcount(size))) {
    return Error(ErrorCode::kInvalid, "E_LENGTH",
                 "a right edge has one hash per 1-bit of the size");
  }
  TreeFrontier frontier;
  frontier.size_ = size;
  frontier.subtrees_ = std::move(subtrees);
  return frontier;
}

void TreeFrontier::Append(const Digest& leaf_hash) {
  Digest node = leaf_hash;
  for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    node = NodeHash(subtrees_.back(), node);
    subtrees_.pop_back();
  }
  subtrees_.push_back(node);
  ++size_;
}

Digest TreeFrontier::root() const {
  if (subtrees_.empty()) return EmptyRoot();
  Digest root = subtrees_.back();
  for (auto larger = subtrees_.rbegin() + 1; larger != subtrees_.rend(); ++larger) {
    root = NodeHash(*larger, root);
  }
  return root;
}

absl::Status VerifyInclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf_hash,
                             std::span<const Digest> proof, const Digest& root) {
  if (index >= size) return BadProof("index beyond the size of the tree");
  if (proof.size() > kMaxProofHashes) return BadProof("inclusion proof too long");
  Climb climb{index, size - 1};
  Digest node = leaf_hash;
  for (const Digest& sibling : proof) {
    if (climb.sn == 0) return BadProof("inclusion proof too long");
    if (climb.SiblingIsLeft()) {
      node = NodeHash(sibling, node);
      climb.SkipLoneLevels();
    } else {
      node = NodeHash(node, sibling);
    }
    climb.Up();
  }
  if (climb.sn != 0) return BadProof("inclusion proof too short");
  return node == root ? absl::OkStatus() : BadProof("inclusion proof leads to another root");
}

absl::Status VerifyConsistency(std::uint64_t size, std::uint64_t new_size,
                               std::span<const Digest> proof, const Digest& root,
                               const Digest& new_root) {
  if (size > new_size) return BadProof("the old tree is larger than the new one");
  if (proof.size() > kMaxProofHashes) return BadProof("consistency proof too long");
  if (size == new_size) {
    if (!proof.empty()) return BadProof("consistency proof of equal sizes must be empty");
    return root == new_root ? absl::OkStatus() : BadProof("two roots for one size");
  }
  if (size == 0) return BadProof("nothing is consistent with an empty tree");
  if (proof.empty()) return BadProof("consistency proof is empty");
  // A perfect old tree is itself the first node; the proof leaves it out.
  const bool perfect = std::has_single_bit(size);
  Climb climb{size - 1, new_size - 1};
  while ((climb.fn & 1) != 0) climb.Up();
  Digest old_node = perfect ? root : proof.front();
  Digest new_node = old_node;
  for (const Digest& hash : proof.subspan(perfect ? 0 : 1)) {
    if (climb.sn == 0) return BadProof("consistency proof too long");
    if (climb.SiblingIsLeft()) {
      old_node = NodeHash(hash, old_node);
      new_node = NodeHash(hash, new_node);
      climb.SkipLoneLevels();
    } else {
      new_node = NodeHash(new_node, hash);
    }
    climb.Up();
  }
  if (climb.sn != 0) return BadProof("consistency proof too short");
  if (old_node != root) return BadProof("consistency proof leads to another old root");
  return new_node == new_root ? absl::OkStatus()
                              : BadProof("consistency proof leads to another new root");
}

}  // namespace sluis::tlog
