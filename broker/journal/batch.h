// The items of one transaction: each applied in a savepoint of its own, its leaves kept or undone
// with it.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/journal/entry.h"
#include "broker/journal/journal.h"
#include "broker/journal/watched_transaction.h"
#include "broker/storage/store.h"
#include "lib/base/clock.h"

namespace sluis::journal {

// Belongs to one thread and one transaction.
class Batch : public LeafSink {
 public:
  // What became of an item: its leaves are entries()[first, first + count).
  struct Outcome {
    absl::Status status;
    std::size_t first = 0, count = 0;
  };

  // Continues a log of `size` leaves whose last one has `last_hour`. All must outlive it.
  Batch(storage::Transaction& store, const EntryMaker& maker, const Clock& clock,
        std::uint64_t size, std::int64_t last_hour)
      : store_(store),
        watched_(store),
        maker_(maker),
        clock_(clock),
        size_(size),
        last_hour_(last_hour) {}

  // Keeps or undoes the item; that it refused is its outcome, not an error. Any error here is a
  // failure of the store, after which the transaction must not be committed.
  absl::Status Add(const Apply& apply);
  absl::StatusOr<std::uint64_t> Append(LeafDraft draft) override;

  const std::vector<Outcome>& outcomes() const { return outcomes_; }
  const std::vector<Entry>& entries() const { return entries_; }  // kept ones, oldest first
  bool written() const { return written_; }
  std::int64_t last_hour() const { return last_hour_; }

 private:
  absl::Time EntryTime() const;
  absl::Status Settle(const absl::Status& applied, std::size_t first);

  storage::Transaction& store_;
  WatchedTransaction watched_;
  const EntryMaker& maker_;
  const Clock& clock_;
  const std::uint64_t size_;
  std::int64_t last_hour_;
  absl::Status fault_;  // of writing a leaf
  std::vector<Entry> entries_;
  std::vector<Outcome> outcomes_;
  bool written_ = false;
};

}  // namespace sluis::journal
