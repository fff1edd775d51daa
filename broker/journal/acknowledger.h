// What is committed is answered here, on a thread of its own: first the rollback guard, then the
// checkpoint for everybody, then the answers (log.md B2, B9). While the guard of one batch is on
// its way to the disk the next one is already applied and committed; nobody hears of it before a
// guard that holds it is written.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "broker/journal/guard_file.h"
#include "broker/journal/log_writer.h"
#include "broker/storage/records.h"
#include "lib/base/mutex.h"

namespace sluis::journal {

// One committed batch.
struct Acknowledgement {
  std::optional<storage::LogHead> head;  // nothing if no leaf was written
  bool committed = false;                // whether anything was
  std::vector<Answer> answers;
  std::vector<Done> dones;  // one for each answer
};

// Take, Drain and Abandon: of one thread at a time, the journal's.
class Acknowledger {
 public:
  // All on the acknowledger's thread.
  struct Steps {
    std::function<void(const storage::LogHead& head)> written;  // it is in the guard now
    std::function<void()> committed;  // after `written`, before the callers are answered
    std::function<void()> failed;     // the guard could not be written; no more is answered
  };

  Acknowledger(GuardFile guard, Steps steps);
  ~Acknowledger() { Drain(); }
  Acknowledger(const Acknowledger&) = delete;
  Acknowledger& operator=(const Acknowledger&) = delete;

  // Waits while too many batches do. What is taken after a failure is never answered.
  void Take(Acknowledgement batch);
  // Answers all that was taken, unless it failed, and ends the thread. Nothing may be taken after.
  void Drain();
  // Why the guard could not be written.
  absl::Status fault() const;
  // After Drain: the callers that were not answered, in their order.
  std::vector<Done> Abandon();

 private:
  void RunThread();
  // All that waits; nothing only at the end.
  std::deque<Acknowledgement> Next();
  absl::Status WriteGuard(const std::deque<Acknowledgement>& batches);
  void Fail(const absl::Status& cause, std::deque<Acknowledgement> batches);
  void AnswerAll(Acknowledgement batch) const;

  const Steps steps_;
  GuardFile guard_;  // of the thread
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<Acknowledgement> waiting_ SLUIS_GUARDED_BY(mutex_);
  bool draining_ SLUIS_GUARDED_BY(mutex_) = false;
  absl::Status fault_ SLUIS_GUARDED_BY(mutex_);
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace sluis::journal
