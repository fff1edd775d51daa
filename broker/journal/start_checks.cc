#include "broker/journal/start_checks.h"

#include <algorithm>
#include <span>
#include <utility>

#include "absl/strings/str_format.h"
#include "broker/journal/receipts.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/checkpoint.h"
#include "lib/tlog/leaf.h"
#include "lib/tlog/proof_builder.h"
#include "lib/tlog/tile.h"

namespace sluis::journal {
namespace {

constexpr std::uint64_t kLeavesChecked = 256;

absl::Status Refuse(std::string_view check, std::string_view what) {
  return Error(
      ErrorCode::kDataLoss, "LOG_INCONSISTENT",
      absl::StrFormat("%s; restore the newer data, or open a new origin with RECOVERY", what),
      {{"check", std::string(check)}});
}

// Whether the note is our own checkpoint of exactly this size and root.
bool IsSigned(const storage::LogHead& head, const tlog::VerifierKey& key) {
  const auto verified = tlog::VerifyCheckpoint(head.note, key.name(), std::span(&key, 1));
  return verified.ok() && verified->checkpoint.size == head.size &&
         verified->checkpoint.root == head.root;
}

// What does not lead to the root is one refusal, whichever tile it was; a store that fails is
// another matter.
absl::Status AsEdgeFault(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kUnavailable) return status;
  return Refuse("right-edge",
                absl::StrFormat("the right edge cannot be read: %s", MessageOf(status)));
}

absl::StatusOr<tlog::TileBuilder> LoadTree(tlog::TileReader& tiles, const storage::LogHead& head) {
  auto tree = tlog::TileBuilder::Load(tiles, head.size);
  if (!tree.ok()) return AsEdgeFault(tree.status());
  if (tree->root() != head.root) {
    return Refuse("right-edge", "the tiles do not lead to the root of the head");
  }
  return tree;
}

// The last leaf.
absl::StatusOr<tlog::Leaf> CheckLastLeaves(storage::Reader& reader, tlog::TileReader& tiles,
                                           std::uint64_t size) {
  const std::uint64_t first = size - std::min(size, kLeavesChecked);
  SLUIS_ASSIGN_OR_RETURN(const std::vector<Bytes> leaves, reader.ReadLeaves(first, size));
  tlog::TileHashSource hashes(tiles, size);
  tlog::Leaf last;
  for (std::uint64_t index = first; index < size; ++index) {
    const Bytes& bytes = leaves.at(index - first);
    auto hash = hashes.Subtree(0, index);
    if (!hash.ok()) return AsEdgeFault(hash.status());
    auto leaf = tlog::DecodeLeaf(bytes, index);
    if (!leaf.ok() || *hash != tlog::LeafHash(bytes)) {
      return Refuse("last-leaves", absl::StrFormat("leaf %d is not the one in the tiles", index));
    }
    last = *std::move(leaf);
  }
  return last;
}

// Precondition: 0 < guard.size < head.size.
absl::Status CheckGrowth(tlog::TileReader& tiles, const storage::LogHead& guard,
                         const storage::LogHead& head) {
  tlog::TileHashSource hashes(tiles, head.size);
  auto proof = tlog::ConsistencyProof(hashes, guard.size, head.size);
  if (!proof.ok()) return AsEdgeFault(proof.status());
  if (tlog::VerifyConsistency(guard.size, head.size, *proof, guard.root, head.root).ok()) {
    return absl::OkStatus();
  }
  return Refuse("fork",
                absl::StrFormat("the log of %d leaves does not continue the %d of the guard",
                                head.size, guard.size));
}

absl::Status CheckGuard(tlog::TileReader& tiles, const std::optional<storage::LogHead>& guard,
                        const storage::LogHead& head, const tlog::VerifierKey& key) {
  if (!guard) {
    if (head.size == 0) return absl::OkStatus();
    return Refuse("guard",
                  absl::StrFormat("the log has %d leaves and no rollback guard", head.size));
  }
  if (guard->size == 0) return absl::OkStatus();
  if (!IsSigned(*guard, key)) {
    return Refuse("guard", "the rollback guard holds a checkpoint that this log did not sign");
  }
  if (guard->size > head.size) {
    return Refuse("rollback",
                  absl::StrFormat("the database has %d leaves, but %d were acknowledged", head.size,
                                  guard->size));
  }
  if (guard->size < head.size) return CheckGrowth(tiles, *guard, head);
  if (guard->root == head.root) return absl::OkStatus();
  return Refuse("fork",
                absl::StrFormat("database and rollback guard differ at %d leaves", head.size));
}

}  // namespace

absl::StatusOr<LogState> CheckStart(storage::Reader& reader,
                                    const std::optional<storage::LogHead>& guard,
                                    const tlog::VerifierKey& key) {
  LogState state;
  SLUIS_ASSIGN_OR_RETURN(state.head, reader.ReadHead());
  StoreTiles tiles(reader);
  if (state.head.size > 0) {
    if (!IsSigned(state.head, key)) {
      return Refuse("head-note", "the head is not a checkpoint that this log signed");
    }
    SLUIS_ASSIGN_OR_RETURN(state.tree, LoadTree(tiles, state.head));
    SLUIS_ASSIGN_OR_RETURN(const tlog::Leaf last, CheckLastLeaves(reader, tiles, state.head.size));
    state.last_hour = last.hour;
    if (last.kind == tlog::LeafKind::kClose) {
      return Error(ErrorCode::kPrecondition, "LOG_CLOSED",
                   "the log of this origin ended with CLOSE; open its successor");
    }
  }
  SLUIS_RETURN_IF_ERROR(CheckGuard(tiles, guard, state.head, key));
  return state;
}

}  // namespace sluis::journal
