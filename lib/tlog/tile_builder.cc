#include "lib/tlog/tile_builder.h"

#include <utility>

#include "lib/base/status_macros.h"

namespace sluis::tlog {
namespace {

// Width of the partial tile of `level` in a tree of `size`, and which tile that is.
TileId EdgeOf(int level, std::uint64_t size) {
  const std::uint64_t hashes = level * kTileHeight < 64 ? size >> (level * kTileHeight) : 0;
  return {level, hashes / kTileWidth, static_cast<int>(hashes % kTileWidth)};
}

}  // namespace

absl::StatusOr<TileBuilder> TileBuilder::Load(TileReader& tiles, std::uint64_t size) {
  TileBuilder builder;
  TileHashSource source(tiles, size);
  SLUIS_ASSIGN_OR_RETURN(std::vector<Digest> subtrees, RightEdge(source, size));
  SLUIS_ASSIGN_OR_RETURN(builder.frontier_, TreeFrontier::FromRightEdge(size, std::move(subtrees)));
  for (int level = 0; size >> (level * kTileHeight) > 0; ++level) {
    const TileId id = EdgeOf(level, size);
    std::vector<Digest>& edge = builder.edge_.emplace_back();
    for (int i = 0; i < id.width; ++i) {
      const std::uint64_t position = id.index * kTileWidth + static_cast<std::uint64_t>(i);
      SLUIS_ASSIGN_OR_RETURN(edge.emplace_back(), source.Subtree(level * kTileHeight, position));
    }
    if ((level + 1) * kTileHeight >= 64) break;
  }
  return builder;
}

void TileBuilder::Append(const Digest& leaf_hash) {
  frontier_.Append(leaf_hash);
  AppendAt(0, leaf_hash);
}

void TileBuilder::AppendAt(std::size_t level, const Digest& hash) {
  if (level == edge_.size()) edge_.emplace_back();
  edge_[level].push_back(hash);
  if (edge_[level].size() < kTileWidth) return;
  const TileId edge = EdgeOf(static_cast<int>(level), frontier_.size());
  full_.push_back({{edge.level, edge.index - 1, kTileWidth}, EncodeTile(edge_[level])});
  const Digest root = RootOf(edge_[level]);
  edge_[level].clear();
  AppendAt(level + 1, root);
}

std::vector<Tile> TileBuilder::TakeFull() { return std::exchange(full_, {}); }

std::vector<Tile> TileBuilder::Edge() const {
  std::vector<Tile> tiles;
  for (std::size_t level = 0; level < edge_.size(); ++level) {
    if (edge_[level].empty()) continue;
    tiles.push_back({EdgeOf(static_cast<int>(level), frontier_.size()), EncodeTile(edge_[level])});
  }
  return tiles;
}

}  // namespace sluis::tlog
