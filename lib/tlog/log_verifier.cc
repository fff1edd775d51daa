#include "lib/tlog/log_verifier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/tile_builder.h"

namespace sluis::tlog {
namespace {

// Where in what the log serves.
struct Place {
  std::string file;
  std::optional<std::size_t> byte;
  std::optional<std::uint64_t> leaf;
};

absl::Status Fault(const Place& place, std::string_view what) {
  std::map<std::string, std::string> metadata{{"file", place.file}};
  std::string where = place.file;
  if (place.byte) {
    metadata["byte"] = absl::StrFormat("%d", *place.byte);
    where += absl::StrFormat(", byte %d", *place.byte);
  }
  if (place.leaf) {
    metadata["leaf"] = absl::StrFormat("%d", *place.leaf);
    where = absl::StrFormat("leaf %d (%s)", *place.leaf, where);
  }
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT", absl::StrFormat("%s: %s", where, what),
               metadata);
}

// What is not served is a fault of the log; what could not be fetched is none.
absl::Status ReadFault(const std::string& file, const absl::Status& status) {
  return absl::IsNotFound(status) ? Fault({file, {}, {}}, "is not served") : status;
}

// One pass over a log whose checkpoint is trusted. A leaf and its tile that differ are not judged
// on the spot: which of the two was changed shows only when the root of all leaves is known.
class Verification {
 public:
  Verification(LogSource& source, const TrustedCheckpoint& checkpoint,
               const VerifyLogOptions& options)
      : source_(source), options_(options) {
    report_.checkpoint = checkpoint;
  }

  absl::StatusOr<LogReport> Run() && {
    const Checkpoint& checkpoint = report_.checkpoint.checkpoint;
    SLUIS_RETURN_IF_ERROR(CheckEarlier());
    for (std::uint64_t index = 0; TileWidthAt(0, index, checkpoint.size) > 0; ++index) {
      SLUIS_RETURN_IF_ERROR(Bundle({index, TileWidthAt(0, index, checkpoint.size)}));
      for (const Tile& tile : tree_.TakeFull()) SLUIS_RETURN_IF_ERROR(CompareTile(tile));
    }
    for (const Tile& tile : tree_.Edge()) SLUIS_RETURN_IF_ERROR(CompareTile(tile));
    SLUIS_RETURN_IF_ERROR(Verdict());
    return std::move(report_);
  }

 private:
  absl::Status CheckEarlier() const {
    if (!options_.earlier) return absl::OkStatus();
    const Checkpoint& now = report_.checkpoint.checkpoint;
    if (options_.earlier->origin != now.origin)
      return Fault({"checkpoint", {}, {}}, "is of another origin");
    if (options_.earlier->size > now.size) {
      return Fault({"checkpoint", {}, {}},
                   absl::StrFormat("size %d is behind the %d seen earlier: rolled back", now.size,
                                   options_.earlier->size));
    }
    return CompareEarlierRoot();
  }

  // Called at every size; compares once, at the size of the earlier checkpoint.
  absl::Status CompareEarlierRoot() const {
    if (!options_.earlier || options_.earlier->size != tree_.size()) return absl::OkStatus();
    if (options_.earlier->root == tree_.root()) return absl::OkStatus();
    return Fault(
        {"checkpoint", {}, {}},
        absl::StrFormat("the first %d leaves are not those seen earlier: the log was rewritten",
                        tree_.size()));
  }

  absl::Status Bundle(const BundleId& id) {
    const std::string file = BundlePath(id);
    auto bundle = source_.ReadBundle(id);
    if (!bundle.ok()) return ReadFault(file, bundle.status());
    ++report_.bundles;
    BundleReader reader(*bundle);
    for (int i = 0; i < id.width; ++i) {
      const Place place{file, reader.offset(), tree_.size()};
      auto entry = reader.Next();
      if (!entry.ok()) return FirstOf(Fault(place, "the bundle ends before the leaf does"));
      if (entry->bytes.size() != kLeafSize) {
        return FirstOf(Fault(
            place, absl::StrFormat("has %d bytes instead of %d", entry->bytes.size(), kLeafSize)));
      }
      Entry({file, entry->offset, tree_.size()}, entry->bytes);
    }
    if (reader.AtEnd()) return absl::OkStatus();
    return FirstOf(Fault({file, reader.offset(), {}}, "bytes behind the last leaf"));
  }

  void Entry(const Place& place, BytesView bytes) {
    const std::uint64_t index = tree_.size();
    tree_.Append(LeafHash(bytes));
    leaf_places_.push_back(place);
    if (earlier_fault_.ok()) earlier_fault_ = CompareEarlierRoot();
    auto leaf = DecodeLeaf(bytes, index);
    if (!leaf.ok()) return Content(Fault(place, MessageOf(leaf.status())));
    if (report_.last_hour && leaf->hour < *report_.last_hour) {
      Content(Fault(place, "its hour is before that of the leaf before it"));
    }
    if (!report_.first_hour) report_.first_hour = leaf->hour;
    report_.last_hour = leaf->hour;
    ++report_.kinds[leaf->kind];
    if (options_.on_leaf) options_.on_leaf(index, *leaf);
  }

  void Content(absl::Status fault) {
    if (content_fault_.ok()) content_fault_ = std::move(fault);
  }

  // A recomputed tile against the one that is served.
  absl::Status CompareTile(const Tile& computed) {
    const std::string file = TilePath(computed.id);
    auto served = source_.ReadTile(computed.id);
    if (!served.ok()) return ReadFault(file, served.status());
    ++report_.tiles;
    if (served->size() != computed.hashes.size()) {
      return FirstOf(Fault(
          {file, {}, {}},
          absl::StrFormat("has %d bytes instead of %d", served->size(), computed.hashes.size())));
    }
    const auto differs =
        std::mismatch(served->begin(), served->end(), computed.hashes.begin()).first;
    if (differs == served->end()) {
      if (computed.id.level == 0) leaf_places_.clear();
      return absl::OkStatus();
    }
    Differs(computed.id, static_cast<std::size_t>(differs - served->begin()) / kHashSize);
    if (computed.id.level == 0) leaf_places_.clear();
    return absl::OkStatus();
  }

  // Notes the first difference in both readings: the tile was changed, or the leaf was.
  void Differs(const TileId& id, std::size_t position) {
    const std::string file = TilePath(id);
    if (tile_fault_.ok()) {
      tile_fault_ = Fault(
          {file, position * kHashSize, {}},
          absl::StrFormat("the hash at position %d is not that of the leaves below it", position));
    }
    if (id.level > 0 || !leaf_fault_.ok()) return;
    leaf_fault_ = Fault(leaf_places_[position],
                        absl::StrFormat("its hash differs from %s position %d", file, position));
  }

  // A fault that ends the pass early, unless a leaf before it already differed from its tile.
  absl::Status FirstOf(absl::Status fault) const {
    return leaf_fault_.ok() ? std::move(fault) : leaf_fault_;
  }

  absl::Status Verdict() const {
    if (tree_.root() != report_.checkpoint.checkpoint.root) {
      if (!leaf_fault_.ok()) return leaf_fault_;
      if (!content_fault_.ok()) return content_fault_;
      return Fault({"checkpoint", {}, {}}, "the leaves and tiles agree, but not with its root");
    }
    if (!tile_fault_.ok()) return tile_fault_;
    if (!content_fault_.ok()) return content_fault_;
    return earlier_fault_;
  }

  LogSource& source_;
  const VerifyLogOptions& options_;
  LogReport report_;
  TileBuilder tree_;
  std::vector<Place> leaf_places_;  // of the leaves since the last compared tile of level 0
  absl::Status leaf_fault_, tile_fault_, content_fault_, earlier_fault_;
};

}  // namespace

absl::StatusOr<LogReport> VerifyLog(LogSource& source, const TrustPolicy& policy, absl::Time now,
                                    const VerifyLogOptions& options) {
  auto note = source.ReadCheckpoint();
  if (!note.ok()) return ReadFault("checkpoint", note.status());
  auto checkpoint = policy.Verify(*note, now);
  if (!checkpoint.ok()) return Fault({"checkpoint", {}, {}}, MessageOf(checkpoint.status()));
  return Verification(source, *checkpoint, options).Run();
}

absl::Status VerifyGrowth(TileReader& tiles, const Checkpoint& earlier, const Checkpoint& newer) {
  if (earlier.origin != newer.origin) return Fault({"checkpoint", {}, {}}, "is of another origin");
  if (earlier.size > newer.size) {
    return Fault({"checkpoint", {}, {}},
                 absl::StrFormat("size %d is behind the %d seen earlier: rolled back", newer.size,
                                 earlier.size));
  }
  TileHashSource source(tiles, newer.size);
  SLUIS_ASSIGN_OR_RETURN(const Digest root, RootAt(source, newer.size));
  if (root != newer.root) return Fault({"checkpoint", {}, {}}, "the tiles lead to another root");
  if (earlier.size == 0) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const Proof proof, ConsistencyProof(source, earlier.size, newer.size));
  auto grown = VerifyConsistency(earlier.size, newer.size, proof, earlier.root, newer.root);
  if (!grown.ok())
    return Fault({"checkpoint", {}, {}}, "the log was rewritten since the earlier checkpoint");
  return absl::OkStatus();
}

}  // namespace sluis::tlog
