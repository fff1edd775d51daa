// A store whose writes or commits fail when told to, for tests of those who must stop when storage does (log.md
// B11). "Failed" and "failed but persisted" are two faults: after the second the data are there all the same.
#pragma once

#include <atomic>
#include <memory>

#include "broker/storage/store.h"

namespace sluis::testing {

enum class Fault {
  kNone,
  kWrite,            // the nth write fails and is not made; so do all later writes and the commit of that transaction
  kCommitLost,       // the nth commit fails and nothing is kept
  kCommitPersisted,  // the nth commit fails and everything is kept
  kBegin,            // the nth Begin() fails
  kSnapshot,         // the nth Snapshot() fails
};

// Counts writes (every Put, Append, Delete, Use, Prune, Swap and item call), commits, begins and snapshots from 1,
// over all transactions since the last Arm(). Every failure is UNAVAILABLE / STORE_UNAVAILABLE. Thread-safe as
// the store beneath, which outlives it.
class FaultyStore : public storage::Store {
 public:
  explicit FaultyStore(storage::Store& store) : store_(store) {}

  // From now on the nth (1 = the next) event of the fault's kind fails, once. Only between transactions.
  void Arm(Fault fault, int nth);
  // Events since the last Arm(): what a test runs through with n = 1, 2, ... to hit each of them.
  int writes() const { return writes_; }
  int commits() const { return commits_; }
  // True once the armed fault struck: a test that never hit its fault has shown nothing.
  bool struck() const { return struck_; }

  absl::StatusOr<std::unique_ptr<storage::Transaction>> Begin() override;
  absl::StatusOr<std::unique_ptr<storage::Reader>> Snapshot() override;

 private:
  friend class FaultyTransaction;
  // True when this event, the next of its kind, is the one that must fail.
  bool Strikes(Fault kind, std::atomic<int>& counter);

  storage::Store& store_;
  std::atomic<Fault> fault_ = Fault::kNone;
  std::atomic<int> nth_ = 0;
  std::atomic<int> writes_ = 0, commits_ = 0, begins_ = 0, snapshots_ = 0;
  std::atomic<bool> struck_ = false;
};

}  // namespace sluis::testing
