#include "broker/http/log_routes.h"

#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::http {
namespace {

constexpr std::size_t kHashSize = 32;

absl::Status NotPublished() {
  return Error(ErrorCode::kNotFound, "RESOURCE_NOT_FOUND",
               "the published checkpoint does not imply this file");
}

bool IsSegment(std::string_view segment) {
  return segment.find_first_not_of('.') != std::string_view::npos &&
         segment.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") ==
             std::string_view::npos;
}

}  // namespace

absl::Status CheckPrefix(std::string_view prefix) {
  std::string_view rest = prefix;
  while (!rest.empty()) {
    if (rest.front() != '/') break;
    const std::string_view segment = rest.substr(1, rest.find('/', 1) - 1);
    if (!IsSegment(segment)) break;
    rest.remove_prefix(1 + segment.size());
  }
  if (rest.empty()) return absl::OkStatus();
  return InvalidField(
      "FIELD_INVALID", "prefix",
      "must be empty or segments of [a-z0-9._-], each behind a slash, such as /2026");
}

std::optional<std::string_view> BelowPrefix(std::string_view target, std::string_view prefix) {
  if (!target.starts_with(prefix)) return std::nullopt;
  target.remove_prefix(prefix.size());
  if (!target.starts_with('/')) return std::nullopt;
  return target.substr(1);
}

absl::StatusOr<Bytes> ReadPublishedTile(storage::Store& store, const tlog::TileId& id,
                                        std::uint64_t size) {
  if (id.width > tlog::TileWidthAt(id.level, id.index, size)) return NotPublished();
  SLUIS_ASSIGN_OR_RETURN(const auto reader, store.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(std::optional<Bytes> hashes, reader->ReadTile(id.level, id.index));
  const std::size_t wanted = static_cast<std::size_t>(id.width) * kHashSize;
  if (!hashes || hashes->size() < wanted || hashes->size() % kHashSize != 0) {
    return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
                 "a stored tile is narrower than published", {{"file", tlog::TilePath(id)}});
  }
  hashes->resize(wanted);
  return *std::move(hashes);
}

absl::StatusOr<Bytes> ReadPublishedBundle(storage::Store& store, const tlog::BundleId& id,
                                          std::uint64_t size) {
  if (id.width > tlog::TileWidthAt(0, id.index, size)) return NotPublished();
  const std::uint64_t first = id.index * tlog::kTileWidth;
  SLUIS_ASSIGN_OR_RETURN(const auto reader, store.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(const std::vector<Bytes> leaves,
                         reader->ReadLeaves(first, first + static_cast<std::uint64_t>(id.width)));
  if (leaves.size() != static_cast<std::size_t>(id.width)) {
    return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT", "stored leaves are missing",
                 {{"file", tlog::BundlePath(id)}});
  }
  return tlog::EncodeBundle(leaves);
}

}  // namespace sluis::http
