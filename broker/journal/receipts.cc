#include "broker/journal/receipts.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/merkle.h"
#include "lib/tlog/receipt.h"
#include "lib/tlog/tile.h"

namespace sluis::journal {
namespace {

absl::Status InconsistentReceipt(std::string_view what) {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT", what);
}

absl::StatusOr<CommittedLeaf> ReadReceipt(storage::Reader& reader, tlog::HashSource& hashes,
                                          const storage::LogHead& head, std::uint64_t index) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, ReadLeaf(reader, index, head.size));
  SLUIS_ASSIGN_OR_RETURN(tlog::Proof proof, tlog::InclusionProof(hashes, index, head.size));
  const absl::Status proven =
      tlog::VerifyInclusion(index, head.size, tlog::LeafHash(bytes), proof, head.root);
  auto leaf = tlog::DecodeLeaf(bytes, index);
  if (!proven.ok() || !leaf.ok()) {
    return InconsistentReceipt(absl::StrFormat("leaf %d does not lead to the signed root", index));
  }
  return CommittedLeaf{index, leaf->kind,
                       tlog::FormatReceipt({bytes, index, std::move(proof), head.note})};
}

}  // namespace

absl::StatusOr<Bytes> StoreTiles::ReadTile(const tlog::TileId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<Bytes> stored, reader_.ReadTile(id.level, id.index));
  const std::size_t size = static_cast<std::size_t>(id.width) * tlog::kHashSize;
  if (!stored || stored->size() < size) {
    return InconsistentReceipt(absl::StrFormat("%s is %s", tlog::TilePath(id),
                                               stored ? "stored too narrow" : "not stored"));
  }
  stored->resize(size);
  return *std::move(stored);
}

absl::StatusOr<Bytes> ReadLeaf(storage::Reader& reader, std::uint64_t index, std::uint64_t size) {
  if (index >= size) {
    return Error(ErrorCode::kNotFound, "RESOURCE_NOT_FOUND",
                 absl::StrFormat("leaf %d: the log has %d leaves", index, size));
  }
  SLUIS_ASSIGN_OR_RETURN(std::vector<Bytes> leaves, reader.ReadLeaves(index, index + 1));
  if (leaves.size() != 1)
    return InconsistentReceipt(absl::StrFormat("leaf %d is not stored", index));
  return std::move(leaves.front());
}

absl::StatusOr<std::vector<CommittedLeaf>> ReadReceipts(storage::Reader& reader,
                                                        const storage::LogHead& head,
                                                        const std::vector<std::uint64_t>& indices) {
  StoreTiles tiles(reader);
  tlog::TileHashSource hashes(tiles, head.size);
  std::vector<CommittedLeaf> receipts;
  receipts.reserve(indices.size());
  for (const std::uint64_t index : indices) {
    SLUIS_ASSIGN_OR_RETURN(receipts.emplace_back(), ReadReceipt(reader, hashes, head, index));
  }
  return receipts;
}

}  // namespace sluis::journal
