#include "tests/broker/http/published_log.h"

#include <random>

#include "lib/base/error.h"
#include "lib/tlog/checkpoint.h"
#include "lib/tlog/tile_builder.h"
#include "tests/lib/tlog/memory_log.h"

namespace sluis::testing {
namespace {

absl::Status NotHere() {
  return Error(ErrorCode::kInternal, "INCIDENT", "the HTTP face does not write");
}

void Must(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

tlog::TileBuilder TreeOf(const std::vector<Bytes>& leaves, std::uint64_t size) {
  tlog::TileBuilder tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.Append(tlog::LeafHash(leaves[i]));
  return tree;
}

}  // namespace

PublishedLog::PublishedLog(std::uint64_t size, std::optional<tlog::Tile> spoiled)
    : store_(std::make_unique<storage::MemoryStore>()) {
  std::mt19937_64 random(7);
  for (std::uint64_t i = 0; i < size; ++i) leaves_.push_back(RandomLeaf(i, random));
  auto transaction = std::move(store_->Begin()).value();
  for (std::uint64_t i = 0; i < size; ++i) {
    Must(transaction->AppendLeaf(i, leaves_[i], std::nullopt, {}, absl::UnixEpoch()));
  }
  tlog::TileBuilder tree = TreeOf(leaves_, size);
  std::vector<tlog::Tile> tiles = tree.TakeFull();
  for (tlog::Tile& tile : tree.Edge()) tiles.push_back(std::move(tile));
  for (const tlog::Tile& tile : tiles) {
    const bool here =
        spoiled && spoiled->id.level == tile.id.level && spoiled->id.index == tile.id.index;
    const Bytes& hashes = here ? spoiled->hashes : tile.hashes;
    Must(transaction->PutTile(tile.id.level, tile.id.index, hashes));
  }
  Must(transaction->Commit());
}

void PublishedLog::Publish(std::uint64_t size) {
  const tlog::Checkpoint checkpoint{kTestOrigin, size, TreeOf(leaves_, size).root(), {}};
  const MutexLock lock(mutex_);
  published_ = {size, checkpoint.root, tlog::SignCheckpoint(checkpoint, TestKey(0)).value()};
}

tlog::TrustPolicy PublishedLog::policy() const {
  const auto key =
      tlog::VerifierKey::Create(kTestOrigin, tlog::KeyType::kEd25519, TestKey(0).public_key());
  return tlog::TrustPolicy::Parse("log " + key->Format() + "\nquorum none\n").value();
}

storage::LogHead PublishedLog::Published() const {
  const MutexLock lock(mutex_);
  return published_;
}

void PublishedLog::Submit(journal::Apply, journal::Done done) { done(NotHere()); }
absl::StatusOr<std::vector<journal::CommittedLeaf>> PublishedLog::SubmitAndWait(journal::Apply) {
  return NotHere();
}
absl::StatusOr<std::vector<journal::CommittedLeaf>> PublishedLog::ReceiptsFor(
    storage::Reader&, const std::vector<std::uint64_t>&) const {
  return NotHere();
}
absl::StatusOr<journal::Journal::OpenedRecord> PublishedLog::OpenRecord(storage::Reader&,
                                                                        std::uint64_t) const {
  return NotHere();
}

}  // namespace sluis::testing
