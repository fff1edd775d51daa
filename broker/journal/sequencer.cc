#include "broker/journal/sequencer.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "absl/strings/str_format.h"
#include "broker/journal/receipts.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/vkey.h"

namespace sluis::journal {
namespace {

constexpr absl::Duration kRetryAfter = absl::Seconds(1);

absl::Status Unavailable() {
  return WithRetry(Error(ErrorCode::kUnavailable, "LOG_UNAVAILABLE",
                         "the log cannot be written; repeat the call with the same request_id"),
                   kRetryAfter);
}

absl::Status QueueFull() {
  return WithRetry(
      Error(ErrorCode::kExhausted, "QUEUE_FULL", "too many calls wait; try again later"),
      kRetryAfter);
}

// What the broker itself says in its log: no exchange, no other organisation.
Apply Structural(tlog::LeafKind kind, const Oin& operator_oin, const Digest& policy_digest) {
  LeafDraft draft;
  draft.kind = kind;
  draft.acting = operator_oin;
  draft.policy_digest = policy_digest;
  return [draft](storage::Transaction&, LeafSink& log) { return log.Append(draft).status(); };
}

absl::Status CheckOptions(const JournalOptions& options) {
  if (!tlog::IsKeyName(options.origin)) {
    return InvalidField("FIELD_INVALID", "origin",
                        "must be a host and a path without '+' or space");
  }
  if (options.operator_oin.empty()) {
    return InvalidField("FIELD_INVALID", "operator_oin", "must be set");
  }
  if (options.guard_path.empty()) return InvalidField("FIELD_INVALID", "guard_path", "must be set");
  if (options.max_batch == 0 || options.max_waiting == 0) {
    return InvalidField("FIELD_INVALID", options.max_batch == 0 ? "max_batch" : "max_waiting",
                        "must be at least 1");
  }
  return absl::OkStatus();
}

absl::Status WriteStart(LogWriter& writer, const Oin& operator_oin, const Digest& policy_digest) {
  std::vector<Apply> items;
  if (writer.head().size == 0) {
    items.push_back(Structural(tlog::LeafKind::kGenesis, operator_oin, policy_digest));
  }
  items.push_back(Structural(tlog::LeafKind::kServiceStart, operator_oin, policy_digest));
  SLUIS_ASSIGN_OR_RETURN(const LogWriter::Result result, writer.Run(items));
  for (const Answer& answer : result.answers) SLUIS_RETURN_IF_ERROR(answer.status());
  return writer.WriteGuard();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(JournalOptions options,
                                                       storage::Store& store, const Clock& clock,
                                                       Ed25519PrivateKey log_key,
                                                       SecretBytes store_key,
                                                       const Digest& policy_digest) {
  SLUIS_RETURN_IF_ERROR(CheckOptions(options));
  SLUIS_ASSIGN_OR_RETURN(EntryMaker made, EntryMaker::Create(options.origin, std::move(store_key)));
  const auto maker = std::make_shared<const EntryMaker>(std::move(made));
  SLUIS_ASSIGN_OR_RETURN(LogWriter writer,
                         LogWriter::Open(options, store, clock, std::move(log_key), maker));
  SLUIS_RETURN_IF_ERROR(WriteStart(writer, options.operator_oin, policy_digest));
  return std::make_unique<Sequencer>(std::move(options), clock, std::move(writer), maker);
}

Sequencer::Sequencer(JournalOptions options, const Clock& clock, LogWriter writer,
                     std::shared_ptr<const EntryMaker> maker)
    : options_(std::move(options)),
      maker_(std::move(maker)),
      published_(clock, options_.publish_interval, writer.head()),
      writer_(std::move(writer)),
      acknowledger_(writer_.ReleaseGuard(), StepsOfAcknowledger()),
      thread_([this] { RunThread(); }) {}

Acknowledger::Steps Sequencer::StepsOfAcknowledger() {
  return {.written = [this](const storage::LogHead& head) { published_.Advance(head); },
          .committed =
              [this] {
                std::function<void()> hook;
                {
                  MutexLock lock(mutex_);
                  hook = on_commit_;
                }
                if (hook) hook();
              },
          .failed =
              [this] {
                MutexLock lock(mutex_);
                guard_failed_ = true;
                wake_.NotifyOne();
              }};
}

void Sequencer::Submit(Apply apply, Done done) {
  absl::Status refused;
  {
    MutexLock lock(mutex_);
    if (stopping_ || !fault_.ok()) {
      refused = Unavailable();
    } else if (waiting_.size() >= options_.max_waiting) {
      refused = QueueFull();
    } else {
      waiting_.push_back({std::move(apply), std::move(done)});
      if (waiting_.size() == 1) wake_.NotifyOne();
      return;
    }
  }
  done(refused);
}

Answer Sequencer::SubmitAndWait(Apply apply) {
  std::promise<Answer> promise;
  std::future<Answer> answer = promise.get_future();
  Submit(std::move(apply), [&promise](Answer result) { promise.set_value(std::move(result)); });
  return answer.get();
}

void Sequencer::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    wake_.NotifyOne();
  }
  std::call_once(joined_, [this] { thread_.join(); });
}

Sequencer::Waiting Sequencer::Take() {
  Waiting batch;
  MutexLock lock(mutex_);
  while (waiting_.empty() && !stopping_ && !guard_failed_) wake_.Wait(mutex_);
  if (guard_failed_) return batch;
  const std::size_t count = std::min(waiting_.size(), options_.max_batch);
  for (std::size_t i = 0; i < count; ++i) {
    batch.applies.push_back(std::move(waiting_.front().apply));
    batch.dones.push_back(std::move(waiting_.front().done));
    waiting_.pop_front();
  }
  return batch;
}

void Sequencer::RunThread() {
  for (Waiting batch = Take(); !batch.applies.empty(); batch = Take()) {
    if (!RunBatch(std::move(batch))) return;
  }
  if (acknowledger_.fault().ok()) {
    Waiting stop;
    stop.applies.push_back(
        Structural(tlog::LeafKind::kServiceStop, options_.operator_oin, writer_.policy_digest()));
    stop.dones.push_back([](const Answer&) {});
    if (!RunBatch(std::move(stop))) return;
  }
  Finish();
}

void Sequencer::Finish() {
  acknowledger_.Drain();
  const absl::Status fault = acknowledger_.fault();
  if (!fault.ok()) return Fail(fault, {});
  published_.Flush();
}

bool Sequencer::RunBatch(Waiting batch) {
  absl::StatusOr<LogWriter::Result> result = writer_.Run(batch.applies);
  if (!result.ok()) {
    Fail(result.status(), std::move(batch.dones));
    return false;
  }
  acknowledger_.Take({std::move(result->head), result->committed, std::move(result->answers),
                      std::move(batch.dones)});
  return true;
}

void Sequencer::Fail(const absl::Status& cause, std::vector<Done> dones) {
  // What was committed before is answered still, if its guard can be written.
  acknowledger_.Drain();
  std::vector<Done> unanswered = acknowledger_.Abandon();
  dones.insert(dones.begin(), std::make_move_iterator(unanswered.begin()),
               std::make_move_iterator(unanswered.end()));
  std::function<void(const absl::Status&)> hook;
  {
    MutexLock lock(mutex_);
    fault_ = cause;
    hook = std::exchange(on_fault_, nullptr);
    for (Item& item : waiting_) dones.push_back(std::move(item.done));
    waiting_.clear();
  }
  LogEvent(LogLevel::kError, "log_stopped", absl::StrFormat("reason=%s", ReasonOf(cause)));
  for (const Done& done : dones) done(Unavailable());
  if (hook) hook(cause);
}

// A snapshot may show a commit whose guard is not written yet: until it is, nobody gets that
// checkpoint.
storage::LogHead Sequencer::ReleasedHead(const storage::LogHead& stored) const {
  storage::LogHead newest = published_.Newest();
  return stored.size < newest.size ? stored : newest;
}

absl::StatusOr<std::vector<CommittedLeaf>> Sequencer::ReceiptsFor(
    storage::Reader& reader, const std::vector<std::uint64_t>& indices) const {
  SLUIS_ASSIGN_OR_RETURN(const storage::LogHead stored, reader.ReadHead());
  return ReadReceipts(reader, ReleasedHead(stored), indices);
}

absl::StatusOr<Journal::OpenedRecord> Sequencer::OpenRecord(storage::Reader& reader,
                                                            std::uint64_t index) const {
  SLUIS_ASSIGN_OR_RETURN(const storage::LogHead stored, reader.ReadHead());
  SLUIS_ASSIGN_OR_RETURN(Bytes leaf, ReadLeaf(reader, index, ReleasedHead(stored).size));
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::LogRecord> record, reader.ReadRecord(index));
  if (!record) {
    return Error(ErrorCode::kNotFound, "RESOURCE_NOT_FOUND",
                 absl::StrFormat("leaf %d has no record, or it was erased", index));
  }
  SLUIS_ASSIGN_OR_RETURN(tlog::Opening opening, maker_->Open(index, leaf, *record));
  return OpenedRecord{std::move(leaf), std::move(opening.record), std::move(opening.salt)};
}

bool Sequencer::healthy() const {
  MutexLock lock(mutex_);
  return fault_.ok();
}

void Sequencer::OnCommit(std::function<void()> hook) {
  MutexLock lock(mutex_);
  on_commit_ = std::move(hook);
}

void Sequencer::OnFault(std::function<void(const absl::Status&)> hook) {
  absl::Status fault;
  {
    MutexLock lock(mutex_);
    fault = fault_;
    if (fault.ok()) on_fault_ = std::move(hook);
  }
  if (!fault.ok()) hook(fault);
}

}  // namespace sluis::journal
