// The journal's thread and its queue: while one transaction commits, the next batch gathers (log.md
// B2); while its guard is written, the next one commits (acknowledger.h).
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "broker/journal/acknowledger.h"
#include "broker/journal/journal.h"
#include "broker/journal/log_writer.h"
#include "broker/journal/published.h"
#include "lib/base/mutex.h"

namespace sluis::journal {

class Sequencer final : public Journal {
 public:
  // Goes on from a writer that has written SERVICE_START. `clock` must outlive it.
  Sequencer(JournalOptions options, const Clock& clock, LogWriter writer,
            std::shared_ptr<const EntryMaker> maker);
  ~Sequencer() override { Stop(); }
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  void Submit(Apply apply, Done done) override;
  Answer SubmitAndWait(Apply apply) override;
  void Stop() override;
  absl::StatusOr<std::vector<CommittedLeaf>> ReceiptsFor(
      storage::Reader& reader, const std::vector<std::uint64_t>& indices) const override;
  absl::StatusOr<OpenedRecord> OpenRecord(storage::Reader& reader,
                                          std::uint64_t index) const override;
  storage::LogHead Published() const override { return published_.Public(); }
  bool healthy() const override;
  void OnCommit(std::function<void()> hook) override;
  void OnFault(std::function<void(const absl::Status&)> hook) override;

 private:
  struct Item {
    Apply apply;
    Done done;
  };
  struct Waiting {
    std::vector<Apply> applies;
    std::vector<Done> dones;
  };

  void RunThread();
  // All that waits, at most max_batch; nothing only when stopping or when the guard failed.
  Waiting Take();
  bool RunBatch(Waiting batch);
  void Finish();
  // Nothing that was not answered yet is; `dones` are the newest of it.
  void Fail(const absl::Status& cause, std::vector<Done> dones);
  Acknowledger::Steps StepsOfAcknowledger();
  storage::LogHead ReleasedHead(const storage::LogHead& stored) const;

  // Constant after construction.
  const JournalOptions options_;
  const std::shared_ptr<const EntryMaker> maker_;
  // Safe from every thread by themselves.
  mutable journal::Published published_;
  std::once_flag joined_;
  // Of the journal's thread.
  LogWriter writer_;

  mutable Mutex mutex_;
  CondVar wake_;
  std::deque<Item> waiting_ SLUIS_GUARDED_BY(mutex_);
  bool stopping_ SLUIS_GUARDED_BY(mutex_) = false;
  bool guard_failed_ SLUIS_GUARDED_BY(mutex_) = false;
  absl::Status fault_ SLUIS_GUARDED_BY(mutex_);
  std::function<void()> on_commit_ SLUIS_GUARDED_BY(mutex_);
  std::function<void(const absl::Status&)> on_fault_ SLUIS_GUARDED_BY(mutex_);
  Acknowledger acknowledger_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace sluis::journal
