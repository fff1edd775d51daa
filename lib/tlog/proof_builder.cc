#include "lib/tlog/proof_builder.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::tlog {
namespace {

constexpr std::size_t kMaxCachedTiles = 64;

absl::Status BadRange(std::string_view what) { return Error(ErrorCode::kInvalid, "E_PROOF", what); }

// Entries [first, end) of a tree, cut so that `first` is a multiple of the largest power of two in
// it.
struct Range {
  std::uint64_t first, end;
  std::uint64_t count() const { return end - first; }
  // The largest power of two smaller than the count (log.md A1). Precondition: count > 1.
  std::uint64_t split() const { return first + std::bit_floor(count() - 1); }
  Range Left() const { return {first, split()}; }
  Range Right() const { return {split(), end}; }
};

// The perfect subtrees of a range, the largest first.
absl::StatusOr<std::vector<Digest>> Subtrees(HashSource& source, Range range) {
  std::vector<Digest> roots;
  while (range.count() > 0) {
    const int level = static_cast<int>(std::bit_width(range.count())) - 1;
    SLUIS_ASSIGN_OR_RETURN(roots.emplace_back(), source.Subtree(level, range.first >> level));
    range.first += std::uint64_t{1} << level;
  }
  return roots;
}

// MTH of a range that is not empty.
absl::StatusOr<Digest> RootOfRange(HashSource& source, Range range) {
  SLUIS_ASSIGN_OR_RETURN(std::vector<Digest> roots, Subtrees(source, range));
  SLUIS_ASSIGN_OR_RETURN(const TreeFrontier frontier,
                         TreeFrontier::FromRightEdge(range.count(), std::move(roots)));
  return frontier.root();
}

}  // namespace

absl::StatusOr<std::vector<Digest>> RightEdge(HashSource& source, std::uint64_t size) {
  return Subtrees(source, {0, size});
}

absl::StatusOr<Digest> RootAt(HashSource& source, std::uint64_t size) {
  return RootOfRange(source, {0, size});
}

// PATH(index, size) of log.md A9, from the root down and then turned.
absl::StatusOr<Proof> InclusionProof(HashSource& source, std::uint64_t index, std::uint64_t size) {
  if (index >= size) return BadRange("index beyond the size of the tree");
  Proof proof;
  for (Range range{0, size}; range.count() > 1;) {
    const bool left = index < range.split();
    SLUIS_ASSIGN_OR_RETURN(proof.emplace_back(),
                           RootOfRange(source, left ? range.Right() : range.Left()));
    range = left ? range.Left() : range.Right();
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

// PROOF(size, new_size) of log.md A9. `size` is a position here: SUB ends where it is the end of
// the range.
absl::StatusOr<Proof> ConsistencyProof(HashSource& source, std::uint64_t size,
                                       std::uint64_t new_size) {
  if (size > new_size) return BadRange("the old tree is larger than the new one");
  Proof proof;
  if (size == 0) return proof;
  Range range{0, new_size};
  while (size != range.end) {
    const bool left = size <= range.split();
    SLUIS_ASSIGN_OR_RETURN(proof.emplace_back(),
                           RootOfRange(source, left ? range.Right() : range.Left()));
    range = left ? range.Left() : range.Right();
  }
  if (range.first != 0) {
    SLUIS_ASSIGN_OR_RETURN(proof.emplace_back(), RootOfRange(source, range));
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<Digest> TileHashSource::Subtree(int level, std::uint64_t index) {
  if (level < 0 || level > 62 || index >= (size_ >> level)) {
    return BadRange("subtree beyond the size of the tree");
  }
  const int tile_level = level / kTileHeight;
  const int height = level % kTileHeight;
  const std::uint64_t per_tile = std::uint64_t{kTileWidth} >> height;
  const std::uint64_t tile_index = index / per_tile;
  const TileId id{tile_level, tile_index, TileWidthAt(tile_level, tile_index, size_)};
  SLUIS_ASSIGN_OR_RETURN(const CachedTile* tile, Load(id));
  return tile->nodes[static_cast<std::size_t>(height)][index % per_tile];
}

absl::StatusOr<const TileHashSource::CachedTile*> TileHashSource::Load(const TileId& id) {
  ++clock_;
  const auto cached = std::find_if(cache_.begin(), cache_.end(),
                                   [&id](const CachedTile& tile) { return tile.id == id; });
  if (cached != cache_.end()) {
    cached->used = clock_;
    return &*cached;
  }
  SLUIS_ASSIGN_OR_RETURN(const Bytes body, tiles_.ReadTile(id));
  auto hashes = DecodeTile(body, id.width);
  if (!hashes.ok()) {
    return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
                 absl::StrFormat("%s: %s", TilePath(id), MessageOf(hashes.status())));
  }
  CachedTile tile{id, clock_, {*std::move(hashes)}};
  for (int height = 1; height < kTileHeight; ++height) {
    const std::vector<Digest>& below = tile.nodes.back();
    std::vector<Digest> nodes;
    for (std::size_t i = 0; i + 1 < below.size(); i += 2)
      nodes.push_back(NodeHash(below[i], below[i + 1]));
    tile.nodes.push_back(std::move(nodes));
  }
  if (cache_.size() < kMaxCachedTiles) return &cache_.emplace_back(std::move(tile));
  const auto oldest = std::min_element(
      cache_.begin(), cache_.end(), [](const auto& a, const auto& b) { return a.used < b.used; });
  *oldest = std::move(tile);
  return &*oldest;
}

void TileHashSource::Grow(std::uint64_t size) {
  size_ = size;
  std::erase_if(cache_, [](const CachedTile& tile) { return !tile.id.full(); });
}

}  // namespace sluis::tlog
