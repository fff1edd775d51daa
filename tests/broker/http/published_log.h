// A log in a real store whose published size a test sets: what a journal shows to the HTTP face.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "broker/journal/journal.h"
#include "broker/storage/memory/memory_store.h"
#include "lib/tlog/tile_builder.h"
#include "lib/tlog/trust_policy.h"

namespace sluis::testing {

class PublishedLog : public journal::Journal {
 public:
  // `size` leaves, all committed, of which Publish() has shown none. `spoiled` stands in the store
  // instead of the tile of that level and index, as after a fault of the disk.
  explicit PublishedLog(std::uint64_t size, std::optional<tlog::Tile> spoiled = std::nullopt);

  // Signs and shows the tree of the first `size` leaves.
  void Publish(std::uint64_t size);
  void Break() { healthy_ = false; }

  storage::Store& store() { return *store_; }
  // Trusts the key of this log, without witnesses.
  tlog::TrustPolicy policy() const;
  const std::vector<Bytes>& leaves() const { return leaves_; }

  storage::LogHead Published() const override;
  bool healthy() const override { return healthy_; }

  // Nobody writes through the HTTP face.
  void Submit(journal::Apply, journal::Done) override;
  absl::StatusOr<std::vector<journal::CommittedLeaf>> SubmitAndWait(journal::Apply) override;
  absl::StatusOr<std::vector<journal::CommittedLeaf>> ReceiptsFor(
      storage::Reader&, const std::vector<std::uint64_t>&) const override;
  absl::StatusOr<OpenedRecord> OpenRecord(storage::Reader&, std::uint64_t) const override;
  void Stop() override {}
  void OnCommit(std::function<void()>) override {}
  void OnFault(std::function<void(const absl::Status&)>) override {}

 private:
  std::vector<Bytes> leaves_;
  std::unique_ptr<storage::Store> store_;
  mutable Mutex mutex_;
  storage::LogHead published_ SLUIS_GUARDED_BY(mutex_);
  std::atomic<bool> healthy_{true};
};

}  // namespace sluis::testing
