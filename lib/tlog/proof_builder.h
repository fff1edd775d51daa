// Roots and proofs out of stored hashes (log.md A9). Every hash that a proof needs is the root of a
// perfect subtree, and every such root lies in one tile or is folded from hashes that lie side by
// side in one.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/tlog/merkle.h"
#include "lib/tlog/tile.h"

namespace sluis::tlog {

// Roots of perfect subtrees.
class HashSource {
 public:
  virtual ~HashSource() = default;
  // Root of entries [index * 2^level, (index + 1) * 2^level), all of which exist. `level` is 0..62.
  virtual absl::StatusOr<Digest> Subtree(int level, std::uint64_t index) = 0;
};

// All of these return the errors of the source, and E_PROOF for an index or a size that cannot be.
absl::StatusOr<Digest> RootAt(HashSource& source, std::uint64_t size);
// The roots that TreeFrontier::FromRightEdge takes.
absl::StatusOr<std::vector<Digest>> RightEdge(HashSource& source, std::uint64_t size);
absl::StatusOr<Proof> InclusionProof(HashSource& source, std::uint64_t index, std::uint64_t size);
// Empty for size == new_size and for size == 0.
absl::StatusOr<Proof> ConsistencyProof(HashSource& source, std::uint64_t size,
                                       std::uint64_t new_size);

// Where tiles come from: a store, a folder, an HTTP client.
class TileReader {
 public:
  virtual ~TileReader() = default;
  // Exactly `id.width` hashes; NOT_FOUND when it is not there.
  virtual absl::StatusOr<Bytes> ReadTile(const TileId& id) = 0;
};

// Derives subtree roots from the tiles of a tree of `size`. Keeps the tiles it used last with all
// their inner nodes, so proofs of neighbouring leaves read nothing twice. What it says is as good
// as the tiles: who does not trust their origin compares RootAt() with a verified checkpoint. Not
// thread-safe.
class TileHashSource : public HashSource {
 public:
  // `tiles` must outlive it.
  TileHashSource(TileReader& tiles, std::uint64_t size) : tiles_(tiles), size_(size) {}

  // DATA_LOSS / LOG_INCONSISTENT for a tile of the wrong length, E_PROOF for a subtree beyond the
  // size.
  absl::StatusOr<Digest> Subtree(int level, std::uint64_t index) override;

  // The tree has grown: partial tiles are read anew. Precondition: size >= size().
  void Grow(std::uint64_t size);
  std::uint64_t size() const { return size_; }

 private:
  struct CachedTile {
    TileId id;
    std::uint64_t used = 0;
    // nodes[h][i] = root of hashes [i * 2^h, (i + 1) * 2^h) of the tile, h = 0..7
    std::vector<std::vector<Digest>> nodes;
  };
  absl::StatusOr<const CachedTile*> Load(const TileId& id);

  TileReader& tiles_;
  std::uint64_t size_;
  std::uint64_t clock_ = 0;
  std::vector<CachedTile> cache_;
};

}  // namespace sluis::tlog
