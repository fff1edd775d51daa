#include "broker/journal/log_writer.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/checkpoint.h"
#include "lib/tlog/merkle.h"
#include "lib/tlog/proof_builder.h"
#include "lib/tlog/receipt.h"
#include "lib/tlog/vkey.h"

namespace sluis::journal {
namespace {

constexpr absl::Duration kClockTolerance = absl::Hours(1);

absl::StatusOr<GuardFile> TakeGuard(std::optional<GuardFile> guard, const JournalOptions& options) {
  if (guard) return *std::move(guard);
  // Before the first leaf, so that a stop between its commit and its guard does not look like a
  // lost guard.
  return GuardFile::Create(options.guard_path, options.origin);
}

std::optional<storage::LogHead> HeadOf(const std::optional<GuardFile>& guard) {
  if (!guard) return std::nullopt;
  return guard->head();
}

}  // namespace

LogWriter::LogWriter(std::string_view origin, storage::Store& store, const Clock& clock,
                     Ed25519PrivateKey log_key, std::shared_ptr<const EntryMaker> maker,
                     GuardFile guard, LogState state)
    : origin_(origin),
      store_(&store),
      clock_(&clock),
      log_key_(std::move(log_key)),
      maker_(std::move(maker)),
      guard_(std::move(guard)),
      state_(std::move(state)) {}

absl::StatusOr<LogWriter> LogWriter::Open(const JournalOptions& options, storage::Store& store,
                                          const Clock& clock, Ed25519PrivateKey log_key,
                                          std::shared_ptr<const EntryMaker> maker) {
  SLUIS_ASSIGN_OR_RETURN(
      const tlog::VerifierKey key,
      tlog::VerifierKey::Create(options.origin, tlog::KeyType::kEd25519, log_key.public_key()));
  // The lock on the guard comes first: nothing is judged while another broker still writes.
  SLUIS_ASSIGN_OR_RETURN(std::optional<GuardFile> found,
                         GuardFile::Open(options.guard_path, options.origin));
  SLUIS_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Reader> reader, store.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(LogState state, CheckStart(*reader, HeadOf(found), key));
  SLUIS_ASSIGN_OR_RETURN(GuardFile guard, TakeGuard(std::move(found), options));
  return LogWriter(options.origin, store, clock, std::move(log_key), std::move(maker),
                   std::move(guard), std::move(state));
}

absl::Status LogWriter::CheckClock() const {
  if (clock_->Now() >= absl::FromUnixSeconds(state_.last_hour) - kClockTolerance) {
    return absl::OkStatus();
  }
  return Error(ErrorCode::kUnavailable, "LOG_UNAVAILABLE",
               "the clock is more than 1 h behind the last leaf; set it right and start again",
               {{"check", "clock"}});
}

absl::StatusOr<LogWriter::Result> LogWriter::Run(std::span<const Apply> items) {
  SLUIS_RETURN_IF_ERROR(CheckClock());
  SLUIS_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Transaction> transaction, store_->Begin());
  SLUIS_ASSIGN_OR_RETURN(const storage::LogHead stored, transaction->ReadHead());
  if (!(stored == state_.head)) {
    return Error(ErrorCode::kAborted, "HEAD_MOVED",
                 "another writer moved the head of the log; run one broker only");
  }
  Batch batch(*transaction, *maker_, *clock_, state_.head.size, state_.last_hour);
  for (const Apply& item : items) SLUIS_RETURN_IF_ERROR(batch.Add(item));

  storage::LogHead head = state_.head;
  for (const Entry& entry : batch.entries()) state_.tree.Append(tlog::LeafHash(entry.leaf));
  const bool grown = !batch.entries().empty();
  if (grown) {
    SLUIS_ASSIGN_OR_RETURN(head, Sign());
  }
  SLUIS_ASSIGN_OR_RETURN(Result result, Answers(batch, head));
  if (grown) SLUIS_RETURN_IF_ERROR(WriteTree(*transaction, head));
  if (batch.written()) SLUIS_RETURN_IF_ERROR(transaction->Commit());
  result.committed = batch.written();
  if (grown) result.head = head;
  state_.head = std::move(head);
  state_.last_hour = batch.last_hour();
  if (grown) policy_digest_ = batch.entries().back().policy_digest;
  return result;
}

absl::StatusOr<storage::LogHead> LogWriter::Sign() const {
  storage::LogHead head{state_.tree.size(), state_.tree.root(), {}};
  SLUIS_ASSIGN_OR_RETURN(head.note,
                         tlog::SignCheckpoint({origin_, head.size, head.root, {}}, log_key_));
  return head;
}

absl::StatusOr<LogWriter::Result> LogWriter::Answers(const Batch& batch,
                                                     const storage::LogHead& head) {
  Result result;
  result.answers.reserve(batch.outcomes().size());
  const std::span<const Entry> entries(batch.entries());
  for (const Batch::Outcome& outcome : batch.outcomes()) {
    if (!outcome.status.ok()) {
      result.answers.emplace_back(outcome.status);
      continue;
    }
    SLUIS_ASSIGN_OR_RETURN(std::vector<CommittedLeaf> leaves,
                           Receipts(entries.subspan(outcome.first, outcome.count), head));
    result.answers.emplace_back(std::move(leaves));
  }
  return result;
}

absl::StatusOr<std::vector<CommittedLeaf>> LogWriter::Receipts(std::span<const Entry> entries,
                                                               const storage::LogHead& head) {
  std::vector<CommittedLeaf> leaves;
  leaves.reserve(entries.size());
  for (const Entry& entry : entries) {
    SLUIS_ASSIGN_OR_RETURN(tlog::Proof proof,
                           tlog::InclusionProof(state_.tree, entry.index, head.size));
    leaves.push_back({entry.index, entry.kind,
                      tlog::FormatReceipt({entry.leaf, entry.index, std::move(proof), head.note})});
  }
  return leaves;
}

absl::Status LogWriter::WriteTree(storage::Transaction& transaction, const storage::LogHead& head) {
  for (const tlog::Tile& tile : state_.tree.TakeFull()) {
    SLUIS_RETURN_IF_ERROR(transaction.PutTile(tile.id.level, tile.id.index, tile.hashes));
  }
  for (const tlog::Tile& tile : state_.tree.Edge()) {
    SLUIS_RETURN_IF_ERROR(transaction.PutTile(tile.id.level, tile.id.index, tile.hashes));
  }
  return transaction.SwapHead(state_.head, head);
}

}  // namespace sluis::journal
