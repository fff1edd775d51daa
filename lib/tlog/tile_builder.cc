#include "lib/tlog/tile_builder.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
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
    Nodes& edge = builder.edge_.emplace_back();
    for (int i = 0; i < id.width; ++i) {
      const std::uint64_t position = id.index * kTileWidth + static_cast<std::uint64_t>(i);
      SLUIS_ASSIGN_OR_RETURN(const Digest hash, source.Subtree(level * kTileHeight, position));
      AppendNode(edge, hash);
    }
    if ((level + 1) * kTileHeight >= 64) break;
  }
  return builder;
}

void TileBuilder::Append(const Digest& leaf_hash) {
  frontier_.Append(leaf_hash);
  AppendAt(0, leaf_hash);
}

void TileBuilder::AppendNode(Nodes& nodes, const Digest& hash) {
  nodes[0].push_back(hash);
  for (std::size_t height = 1; height < nodes.size(); ++height) {
    const std::vector<Digest>& below = nodes[height - 1];
    if (below.size() % 2 != 0) return;
    nodes[height].push_back(NodeHash(below[below.size() - 2], below.back()));
  }
}

void TileBuilder::AppendAt(std::size_t level, const Digest& hash) {
  if (level == edge_.size()) edge_.emplace_back();
  AppendNode(edge_[level], hash);
  if (edge_[level][0].size() < kTileWidth) return;
  const TileId edge = EdgeOf(static_cast<int>(level), frontier_.size());
  const Digest root = NodeHash(edge_[level].back()[0], edge_[level].back()[1]);
  full_.push_back({{edge.level, edge.index - 1, kTileWidth}, std::exchange(edge_[level], {})});
  AppendAt(level + 1, root);
}

const TileBuilder::Nodes* TileBuilder::Find(int level, std::uint64_t index) const {
  const auto at = static_cast<std::size_t>(level);
  if (at < edge_.size() && index == EdgeOf(level, size()).index) return &edge_[at];
  const TileId id{level, index, kTileWidth};
  const auto found = std::find_if(full_.begin(), full_.end(),
                                  [&id](const FullTile& tile) { return tile.id == id; });
  return found == full_.end() ? nullptr : &found->nodes;
}

absl::StatusOr<Digest> TileBuilder::Subtree(int level, std::uint64_t index) {
  if (level >= 0 && level <= 62) {
    const int height = level % kTileHeight;
    const std::uint64_t per_tile = std::uint64_t{kTileWidth} >> height;
    const Nodes* nodes = Find(level / kTileHeight, index / per_tile);
    const std::size_t at = index % per_tile;
    if (nodes != nullptr && at < (*nodes)[static_cast<std::size_t>(height)].size()) {
      return (*nodes)[static_cast<std::size_t>(height)][at];
    }
  }
  return Error(ErrorCode::kInvalid, "E_PROOF", "subtree beyond what the builder still holds");
}

std::vector<Tile> TileBuilder::TakeFull() {
  std::vector<Tile> tiles;
  for (const FullTile& tile : full_) tiles.push_back({tile.id, EncodeTile(tile.nodes[0])});
  full_.clear();
  return tiles;
}

std::vector<Tile> TileBuilder::Edge() const {
  std::vector<Tile> tiles;
  for (std::size_t level = 0; level < edge_.size(); ++level) {
    if (edge_[level][0].empty()) continue;
    tiles.push_back(
        {EdgeOf(static_cast<int>(level), frontier_.size()), EncodeTile(edge_[level][0])});
  }
  return tiles;
}

}  // namespace sluis::tlog
