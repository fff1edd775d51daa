// The owner of the tree: turns a batch of items into one durable, signed transaction (log.md B1,
// B2).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/journal/batch.h"
#include "broker/journal/entry.h"
#include "broker/journal/guard_file.h"
#include "broker/journal/journal.h"
#include "broker/journal/start_checks.h"
#include "lib/base/clock.h"
#include "lib/crypto/ed25519.h"

namespace sluis::journal {

// What an item is answered.
using Answer = absl::StatusOr<std::vector<CommittedLeaf>>;

// One thread at a time.
class LogWriter {
 public:
  // Checks the log as start_checks.h says and takes the guard, which a log without leaves gets
  // here.
  static absl::StatusOr<LogWriter> Open(const JournalOptions& options, storage::Store& store,
                                        const Clock& clock, Ed25519PrivateKey log_key,
                                        std::shared_ptr<const EntryMaker> maker);

  struct Result {
    std::vector<Answer> answers;           // one for each item, in order
    bool committed = false;                // false when nothing was written
    std::optional<storage::LogHead> head;  // if it grew; to be written to the guard
  };
  // Applies the items and commits. Nothing of it may be released before the guard holds its head.
  // After an error nobody knows what is stored: nothing of this batch may be released and the
  // writer must not be used again (log.md B11).
  absl::StatusOr<Result> Run(std::span<const Apply> items);

  // Committed.
  const storage::LogHead& head() const { return state_.head; }
  // Writes what is committed to the guard.
  absl::Status WriteGuard() { return guard_.Write(state_.head); }
  // From here on somebody else writes it.
  GuardFile ReleaseGuard() { return std::move(guard_); }
  // Of the newest leaf of this run, zero before it.
  const Digest& policy_digest() const { return policy_digest_; }

 private:
  LogWriter(std::string_view origin, storage::Store& store, const Clock& clock,
            Ed25519PrivateKey log_key, std::shared_ptr<const EntryMaker> maker, GuardFile guard,
            LogState state);
  absl::Status CheckClock() const;
  absl::StatusOr<storage::LogHead> Sign() const;
  absl::StatusOr<Result> Answers(const Batch& batch, const storage::LogHead& head);
  absl::StatusOr<std::vector<CommittedLeaf>> Receipts(std::span<const Entry> entries,
                                                      const storage::LogHead& head);
  absl::Status WriteTree(storage::Transaction& transaction, const storage::LogHead& head);

  std::string origin_;
  storage::Store* store_;
  const Clock* clock_;
  Ed25519PrivateKey log_key_;
  std::shared_ptr<const EntryMaker> maker_;
  GuardFile guard_;
  LogState state_;
  Digest policy_digest_{};
};

}  // namespace sluis::journal
