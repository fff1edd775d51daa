// The one transaction: state, log leaves, tiles and signed checkpoint together, many items in one
// commit. Only after it is durable, and the rollback guard is written, is anyone answered (log.md
// B1, B2, B9, B11).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/storage/store.h"
#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/secret.h"
#include "lib/tlog/leaf.h"

namespace sluis::journal {

// One log entry to be. The journal fills in hour, commitment, salt and, in the record, the members
// v, kind, time, exchange, purpose, outcome, policy_version and orgs.acting and orgs.other. A draft
// may give them too, but nothing else in them: INTERNAL / E_RECORD.
struct LeafDraft {
  tlog::LeafKind kind;
  tlog::LeafOutcome outcome = tlog::LeafOutcome::kNone;
  tlog::RetentionClass retention = tlog::RetentionClass::kStructural;
  ExchangeId exchange;                     // empty when not about one exchange
  Oin acting;                              // the operator's own when the caller is unknown
  Oin other;                               // may be empty
  std::string purpose;                     // may be empty
  Digest policy_digest{};                  // of the policy pack that decided
  std::optional<std::uint64_t> refers_to;  // index of an earlier leaf
  Json record = Json::object();            // further members of log.md B6
  std::vector<PartyId> parties;            // who may be shown the record
};

// What an item writes leaves with.
class LeafSink {
 public:
  virtual ~LeafSink() = default;
  // The index that the leaf will have if the item is kept. INTERNAL with E_LEAF or E_RECORD for a
  // draft that cannot be logged; the item must then fail.
  virtual absl::StatusOr<std::uint64_t> Append(LeafDraft draft) = 0;
};

// A committed leaf with the proof that it is in the log.
struct CommittedLeaf {
  std::uint64_t index = 0;
  tlog::LeafKind kind;
  std::string receipt;  // .tlog-proof text (log.md A7)
};

// The change of one caller. Runs on the journal's thread inside the transaction; must be quick and
// must not block. A status other than OK undoes what it wrote, leaves included, and goes to `done`
// as it is. A failure of the store stops the journal, whatever the item makes of it.
using Apply = std::function<absl::Status(storage::Transaction&, LeafSink&)>;
// Called once, after commit and rollback guard are durable (or failed), in the order of submission,
// by one thread of the journal's at a time; or at once, by the caller of Submit(), when the change
// was not queued. Must be quick. Leaves in order of index; empty for an item that wrote none.
using Done = std::function<void(absl::StatusOr<std::vector<CommittedLeaf>>)>;

struct JournalOptions {
  std::string origin;      // for example log.sluis.example/2026
  Oin operator_oin;        // acting organisation of structural leaves
  std::string guard_path;  // rollback guard file, on another volume than the database
  std::size_t max_batch = 256;
  std::size_t max_waiting = 4096;
  absl::Duration publish_interval = absl::Seconds(60);  // public checkpoint (log.md B10)
};

// Owns the tree and its thread. Thread-safe.
class Journal {
 public:
  // Opens the log: an empty one starts with GENESIS, any other is checked against head, right edge
  // and guard and refused with DATA_LOSS / LOG_INCONSISTENT naming what is wrong (metadata
  // `check`). FAILED_PRECONDITION / LOG_IN_USE while another broker has it open, LOG_CLOSED after
  // CLOSE; UNAVAILABLE / LOG_UNAVAILABLE when the clock is more than 1 h behind the last leaf.
  // Writes SERVICE_START. `store` and `clock` outlive it. `store_key` (32 bytes) seals the records
  // at rest.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(JournalOptions options,
                                                       storage::Store& store, const Clock& clock,
                                                       Ed25519PrivateKey log_key,
                                                       SecretBytes store_key,
                                                       const Digest& policy_digest);
  // Stops it in order, if that has not been done.
  virtual ~Journal() = default;

  // Queues a change. RESOURCE_EXHAUSTED / QUEUE_FULL (to `done`, at once) when too many wait,
  // UNAVAILABLE / LOG_UNAVAILABLE once the journal has stopped.
  virtual void Submit(Apply apply, Done done) = 0;
  // Submit and wait; not from the journal's thread.
  virtual absl::StatusOr<std::vector<CommittedLeaf>> SubmitAndWait(Apply apply) = 0;

  // Orderly end: no more is taken, what waits is done, SERVICE_STOP is written, the last checkpoint
  // is published and the thread has ended. Reads still work. Not from the journal's thread.
  virtual void Stop() = 0;

  // Receipts of committed leaves against the newest checkpoint that callers were answered with (an
  // older snapshot: its own). NOT_FOUND / RESOURCE_NOT_FOUND for an index beyond it, DATA_LOSS /
  // LOG_INCONSISTENT when what is stored proves nothing.
  virtual absl::StatusOr<std::vector<CommittedLeaf>> ReceiptsFor(
      storage::Reader& reader, const std::vector<std::uint64_t>& indices) const = 0;
  // Record and salt of a leaf, opened with the store key: only for those entitled to it. NOT_FOUND
  // / RESOURCE_NOT_FOUND when there is none (any more), DATA_LOSS / LOG_INCONSISTENT when it is not
  // the record to which the leaf commits.
  struct OpenedRecord {
    Bytes leaf, record, salt;
  };
  virtual absl::StatusOr<OpenedRecord> OpenRecord(storage::Reader& reader,
                                                  std::uint64_t index) const = 0;

  // The checkpoint that is public now (log.md B10): the one of Open(), and from then on at most one
  // other in each publish_interval, and the last one after Stop().
  virtual storage::LogHead Published() const = 0;
  // False once it stopped on doubt: the process must end (log.md B11).
  virtual bool healthy() const = 0;
  // Called after every commit, before its callers are answered, on a thread of the journal's. Set
  // before use.
  virtual void OnCommit(std::function<void()> hook) = 0;
  // Called once, after all callers were answered, when the journal stopped on doubt; with the
  // cause, which is for the operator and not for callers.
  virtual void OnFault(std::function<void(const absl::Status&)> hook) = 0;
};

}  // namespace sluis::journal
