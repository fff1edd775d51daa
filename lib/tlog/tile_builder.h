// Grows the tiles of a tree leaf by leaf (log.md A2): what a log writes with each batch, and what a
// verifier recomputes. Keeps only the right edge. Not thread-safe.
#pragma once

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

class TileBuilder {
 public:
  TileBuilder() = default;
  // Continues a tree of `size` from its partial tiles. The errors of the reader; DATA_LOSS /
  // LOG_INCONSISTENT for a tile of the wrong length.
  static absl::StatusOr<TileBuilder> Load(TileReader& tiles, std::uint64_t size);

  void Append(const Digest& leaf_hash);
  // Tiles that became full since the last call: lower levels before the higher ones they complete.
  std::vector<Tile> TakeFull();
  // The partial tiles at the right edge, lowest level first.
  std::vector<Tile> Edge() const;

  std::uint64_t size() const { return frontier_.size(); }
  Digest root() const { return frontier_.root(); }
  const TreeFrontier& frontier() const { return frontier_; }

 private:
  void AppendAt(std::size_t level, const Digest& hash);

  TreeFrontier frontier_;
  std::vector<std::vector<Digest>>
      edge_;  // hashes of the partial tile of each level, fewer than 256
  std::vector<Tile> full_;
};

}  // namespace sluis::tlog
