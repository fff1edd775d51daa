#include "lib/tlog/tile.h"

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::tlog {
namespace {

constexpr std::uint64_t kMaxIndex = (std::uint64_t{1} << 63) - 1;
constexpr std::string_view kRoot = "tile/";
constexpr std::string_view kEntries = "tile/entries/";
constexpr std::string_view kPartial = ".p/";
constexpr std::size_t kMaxEntrySize = 65535;
constexpr std::size_t kGroup = 3;

absl::Status BadPath() {
  return Error(ErrorCode::kInvalid, "E_TILE_PATH", "not the path of a tile or an entry bundle");
}

// 1234067 -> x001/x234/067, and the width of a partial one.
std::string IndexAndWidth(std::uint64_t index, int width) {
  std::string path = absl::StrFormat("%03d", index % 1000);
  for (index /= 1000; index > 0; index /= 1000)
    path = absl::StrFormat("x%03d/%s", index % 1000, path);
  if (width != kTileWidth) path += absl::StrFormat(".p/%d", width);
  return path;
}

bool IsThreeDigits(std::string_view text) {
  return text.size() == kGroup && text.find_first_not_of("0123456789") == std::string_view::npos;
}

absl::StatusOr<std::uint64_t> ParseIndex(std::string_view text) {
  std::string digits;
  while (text.starts_with('x')) {
    const std::string_view group = text.substr(1, kGroup);
    if (!IsThreeDigits(group) || text.substr(1 + kGroup, 1) != "/") return BadPath();
    if (digits.empty() && group == "000") return BadPath();
    digits += group;
    text.remove_prefix(kGroup + 2);
  }
  if (!IsThreeDigits(text)) return BadPath();
  digits += text;
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return std::uint64_t{0};
  auto index = ParseDecimal(std::string_view(digits).substr(first), kMaxIndex);
  if (!index.ok()) return BadPath();
  return index;
}

absl::StatusOr<BundleId> ParseIndexAndWidth(std::string_view text) {
  BundleId id;
  const std::size_t dot = text.find(kPartial);
  if (dot != std::string_view::npos) {
    auto width = ParseDecimal(text.substr(dot + kPartial.size()), kTileWidth - 1);
    if (!width.ok() || *width == 0) return BadPath();
    id.width = static_cast<int>(*width);
    text = text.substr(0, dot);
  }
  SLUIS_ASSIGN_OR_RETURN(id.index, ParseIndex(text));
  return id;
}

// size / 256^level.
std::uint64_t HashesAt(int level, std::uint64_t size) {
  const int shift = level * kTileHeight;
  return shift < 64 ? size >> shift : 0;
}

}  // namespace

std::string TilePath(const TileId& id) {
  return absl::StrFormat("%s%d/%s", kRoot, id.level, IndexAndWidth(id.index, id.width));
}

std::string BundlePath(const BundleId& id) {
  return absl::StrFormat("%s%s", kEntries, IndexAndWidth(id.index, id.width));
}

absl::StatusOr<TileId> ParseTilePath(std::string_view path) {
  if (!path.starts_with(kRoot)) return BadPath();
  path.remove_prefix(kRoot.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return BadPath();
  auto level = ParseDecimal(path.substr(0, slash), kMaxTileLevel);
  if (!level.ok()) return BadPath();
  SLUIS_ASSIGN_OR_RETURN(const BundleId rest, ParseIndexAndWidth(path.substr(slash + 1)));
  return TileId{static_cast<int>(*level), rest.index, rest.width};
}

absl::StatusOr<BundleId> ParseBundlePath(std::string_view path) {
  if (!path.starts_with(kEntries)) return BadPath();
  return ParseIndexAndWidth(path.substr(kEntries.size()));
}

int TileWidthAt(int level, std::uint64_t index, std::uint64_t size) {
  const std::uint64_t hashes = HashesAt(level, size);
  const std::uint64_t full = hashes / kTileWidth;
  if (index < full) return kTileWidth;
  return index == full ? static_cast<int>(hashes % kTileWidth) : 0;
}

std::vector<TileId> TilesOf(std::uint64_t size) {
  std::vector<TileId> tiles;
  for (int level = 0; HashesAt(level, size) > 0; ++level) {
    for (std::uint64_t index = 0; TileWidthAt(level, index, size) > 0; ++index) {
      tiles.push_back({level, index, TileWidthAt(level, index, size)});
    }
  }
  return tiles;
}

std::vector<BundleId> BundlesOf(std::uint64_t size) {
  std::vector<BundleId> bundles;
  for (std::uint64_t index = 0; TileWidthAt(0, index, size) > 0; ++index) {
    bundles.push_back({index, TileWidthAt(0, index, size)});
  }
  return bundles;
}

absl::StatusOr<Bytes> EncodeBundle(std::span<const Bytes> entries) {
  ByteWriter out;
  for (const Bytes& entry : entries) {
    if (entry.size() > kMaxEntrySize) {
      return Error(ErrorCode::kInvalid, "E_LENGTH", "an entry has at most 65535 bytes");
    }
    out.Lp2(entry);
  }
  return std::move(out).Take();
}

absl::StatusOr<BundleEntry> BundleReader::Next() {
  ByteReader reader(bundle_.substr(offset_));
  SLUIS_ASSIGN_OR_RETURN(const BytesView bytes, reader.Lp2());
  const BundleEntry entry{offset_ + 2, bytes};
  offset_ = entry.offset + bytes.size();
  return entry;
}

absl::StatusOr<std::vector<BundleEntry>> DecodeBundle(BytesView bundle, int width) {
  BundleReader reader(bundle);
  std::vector<BundleEntry> entries;
  for (int i = 0; i < width; ++i) {
    SLUIS_ASSIGN_OR_RETURN(entries.emplace_back(), reader.Next());
  }
  if (!reader.AtEnd())
    return Error(ErrorCode::kInvalid, "E_TRAILING", "bytes behind the last entry");
  return entries;
}

absl::StatusOr<std::vector<Digest>> DecodeTile(BytesView body, int width) {
  if (body.size() != static_cast<std::size_t>(width) * kHashSize) {
    return Error(ErrorCode::kInvalid, "E_LENGTH",
                 absl::StrFormat("%d bytes where %d hashes were expected", body.size(), width));
  }
  std::vector<Digest> hashes;
  hashes.reserve(static_cast<std::size_t>(width));
  for (; !body.empty(); body.remove_prefix(kHashSize)) {
    SLUIS_ASSIGN_OR_RETURN(hashes.emplace_back(), DigestFromBytes(body.substr(0, kHashSize)));
  }
  return hashes;
}

Bytes EncodeTile(std::span<const Digest> hashes) {
  Bytes body;
  body.reserve(hashes.size() * kHashSize);
  for (const Digest& hash : hashes) body.append(AsView(hash));
  return body;
}

}  // namespace sluis::tlog
