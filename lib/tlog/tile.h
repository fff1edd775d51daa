// Tiles and entry bundles (C2SP tlog-tiles; log.md A2, A3): names, paths, framing. Pure,
// thread-safe.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/tlog/merkle.h"

namespace sluis::tlog {

inline constexpr int kTileHeight = 8;
inline constexpr int kTileWidth = 256;  // hashes in a full tile, entries in a full bundle
inline constexpr int kMaxTileLevel = 63;

// Tile `index` of `level`. Hash i is the tree hash of entries [(index*256+i)*256^level,
// +256^level).
struct TileId {
  int level = 0;            // 0..63
  std::uint64_t index = 0;  // below 2^63
  int width = kTileWidth;   // 1..256; below 256 the tile is partial
  bool full() const { return width == kTileWidth; }
  auto operator<=>(const TileId&) const = default;
};

// Entries [index*256, index*256 + width).
struct BundleId {
  std::uint64_t index = 0;
  int width = kTileWidth;
  auto operator<=>(const BundleId&) const = default;
};

// `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`, without prefix. Precondition: ranges as
// above.
std::string TilePath(const TileId& id);
std::string BundlePath(const BundleId& id);
// The one spelling that the functions above write; anything else is E_TILE_PATH.
absl::StatusOr<TileId> ParseTilePath(std::string_view path);
absl::StatusOr<BundleId> ParseBundlePath(std::string_view path);

// Width of tile `index` of `level` in a tree of `size`; 0 when there is none.
int TileWidthAt(int level, std::uint64_t index, std::uint64_t size);
// Every tile, or bundle, of a tree of `size`: lowest level first, by index; partial ones at their
// width.
std::vector<TileId> TilesOf(std::uint64_t size);
std::vector<BundleId> BundlesOf(std::uint64_t size);

// Body of a bundle: u16 length || bytes per entry. E_LENGTH for an entry above 65535 bytes.
absl::StatusOr<Bytes> EncodeBundle(std::span<const Bytes> entries);

struct BundleEntry {
  std::size_t offset = 0;  // of the entry's first byte, behind its length
  BytesView bytes;         // into the bundle
};

// Reads a bundle entry by entry, so that a fault can be told at its place. The bundle must outlive
// it.
class BundleReader {
 public:
  explicit BundleReader(BytesView bundle) : bundle_(bundle) {}
  // E_TRUNCATED when the bundle ends before the entry does.
  absl::StatusOr<BundleEntry> Next();
  std::size_t offset() const { return offset_; }
  bool AtEnd() const { return offset_ == bundle_.size(); }

 private:
  BytesView bundle_;
  std::size_t offset_ = 0;
};

// Exactly `width` entries and nothing after them; E_TRUNCATED, E_TRAILING.
absl::StatusOr<std::vector<BundleEntry>> DecodeBundle(BytesView bundle, int width);

// The hashes of a tile body; E_LENGTH unless exactly `width` hashes.
absl::StatusOr<std::vector<Digest>> DecodeTile(BytesView body, int width);
Bytes EncodeTile(std::span<const Digest> hashes);

}  // namespace sluis::tlog
