// Grows the tiles of a tree leaf by leaf (log.md A2): what a log writes with each batch, and what a
// verifier recomputes. Keeps only the right edge and the tiles not yet taken, with their inner nodes:
// whoever has just appended leaves proves them without reading or hashing a tile again. Not
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/tlog/merkle.h"
#include "lib/tlog/proof_builder.h"
#include "lib/tlog/tile.h"

namespace sluis::tlog {

struct Tile {
  TileId id;
  Bytes hashes;  // id.width * 32 bytes
};

class TileBuilder : public HashSource {
 public:
  TileBuilder() = default;
  // Continues a tree of `size` from its partial tiles. The errors of the reader; DATA_LOSS /
  // LOG_INCONSISTENT for a tile of the wrong length.
  static absl::StatusOr<TileBuilder> Load(TileReader& tiles, std::uint64_t size);

  void Append(const Digest& leaf_hash);
  // Roots in the right edge and in full tiles that were not taken yet: all that the inclusion proofs
  // of leaves appended since TakeFull() need. E_PROOF for any other.
  absl::StatusOr<Digest> Subtree(int level, std::uint64_t index) override;
  // Tiles that became full since the last call: lower levels before the higher ones they complete.
  std::vector<Tile> TakeFull();
  // The partial tiles at the right edge, lowest level first.
  std::vector<Tile> Edge() const;

  std::uint64_t size() const { return frontier_.size(); }
  Digest root() const { return frontier_.root(); }
  const TreeFrontier& frontier() const { return frontier_; }

 private:
  // nodes[h][i] = root of hashes [i * 2^h, (i + 1) * 2^h) of a tile.
  using Nodes = std::array<std::vector<Digest>, kTileHeight>;
  struct FullTile {
    TileId id;
    Nodes nodes;
  };
  static void AppendNode(Nodes& nodes, const Digest& hash);
  void AppendAt(std::size_t level, const Digest& hash);
  const Nodes* Find(int level, std::uint64_t index) const;

  TreeFrontier frontier_;
  std::vector<Nodes> edge_;  // the partial tile of each level, fewer than 256 hashes
  std::vector<FullTile> full_;
};

}  // namespace sluis::tlog
