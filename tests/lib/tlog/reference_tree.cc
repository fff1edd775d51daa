#include "tests/lib/tlog/reference_tree.h"

#include "lib/crypto/hash.h"

namespace sluis::testing {
namespace {

std::size_t LargestPowerOfTwoBelow(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

std::vector<Digest> SubProof(std::uint64_t size, std::span<const Bytes> entries, bool whole) {
  if (size == entries.size()) {
    return whole ? std::vector<Digest>() : std::vector<Digest>{ReferenceRoot(entries)};
  }
  const std::size_t k = LargestPowerOfTwoBelow(entries.size());
  std::vector<Digest> proof;
  if (size <= k) {
    proof = SubProof(size, entries.first(k), whole);
    proof.push_back(ReferenceRoot(entries.subspan(k)));
  } else {
    proof = SubProof(size - k, entries.subspan(k), false);
    proof.push_back(ReferenceRoot(entries.first(k)));
  }
  return proof;
}

}  // namespace

Digest ReferenceRoot(std::span<const Bytes> entries) {
  if (entries.empty()) return Sha256(BytesView());
  if (entries.size() == 1) return Sha256(Bytes(1, '\0') + entries[0]);
  const std::size_t k = LargestPowerOfTwoBelow(entries.size());
  return Sha256(Bytes(1, '\1') + ToBytes(ReferenceRoot(entries.first(k))) +
                ToBytes(ReferenceRoot(entries.subspan(k))));
}

std::vector<Digest> ReferencePath(std::uint64_t index, std::span<const Bytes> entries) {
  if (entries.size() == 1) return {};
  const std::size_t k = LargestPowerOfTwoBelow(entries.size());
  std::vector<Digest> path;
  if (index < k) {
    path = ReferencePath(index, entries.first(k));
    path.push_back(ReferenceRoot(entries.subspan(k)));
  } else {
    path = ReferencePath(index - k, entries.subspan(k));
    path.push_back(ReferenceRoot(entries.first(k)));
  }
  return path;
}

std::vector<Digest> ReferenceConsistency(std::uint64_t size, std::span<const Bytes> entries) {
  return SubProof(size, entries, true);
}

}  // namespace sluis::testing
