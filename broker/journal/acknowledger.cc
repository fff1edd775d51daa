#include "broker/journal/acknowledger.h"

#include <iterator>
#include <utility>

namespace sluis::journal {
namespace {

// Running further ahead of the guard gains nothing: the callers wait for it all the same.
constexpr std::size_t kMostAhead = 4;

}  // namespace

Acknowledger::Acknowledger(GuardFile guard, Steps steps)
    : steps_(std::move(steps)), guard_(std::move(guard)), thread_([this] { RunThread(); }) {}

void Acknowledger::Take(Acknowledgement batch) {
  MutexLock lock(mutex_);
  while (waiting_.size() >= kMostAhead && fault_.ok()) changed_.Wait(mutex_);
  waiting_.push_back(std::move(batch));
  changed_.NotifyAll();
}

void Acknowledger::Drain() {
  {
    MutexLock lock(mutex_);
    draining_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status Acknowledger::fault() const {
  MutexLock lock(mutex_);
  return fault_;
}

std::vector<Done> Acknowledger::Abandon() {
  std::vector<Done> dones;
  MutexLock lock(mutex_);
  for (Acknowledgement& batch : waiting_) {
    std::move(batch.dones.begin(), batch.dones.end(), std::back_inserter(dones));
  }
  waiting_.clear();
  return dones;
}

std::deque<Acknowledgement> Acknowledger::Next() {
  MutexLock lock(mutex_);
  while (waiting_.empty() && !draining_) changed_.Wait(mutex_);
  changed_.NotifyAll();
  return std::exchange(waiting_, {});
}

void Acknowledger::RunThread() {
  for (std::deque<Acknowledgement> batches = Next(); !batches.empty(); batches = Next()) {
    if (absl::Status written = WriteGuard(batches); !written.ok()) {
      return Fail(written, std::move(batches));
    }
    for (Acknowledgement& batch : batches) AnswerAll(std::move(batch));
  }
}

// One guard for all of them: the newest head holds those before it.
absl::Status Acknowledger::WriteGuard(const std::deque<Acknowledgement>& batches) {
  for (auto batch = batches.rbegin(); batch != batches.rend(); ++batch) {
    if (batch->head) return guard_.Write(*batch->head);
  }
  return absl::OkStatus();
}

void Acknowledger::Fail(const absl::Status& cause, std::deque<Acknowledgement> batches) {
  {
    MutexLock lock(mutex_);
    fault_ = cause;
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(batches));
    waiting_ = std::move(batches);
    changed_.NotifyAll();
  }
  steps_.failed();
}

void Acknowledger::AnswerAll(Acknowledgement batch) const {
  if (batch.head) steps_.written(*batch.head);
  if (batch.committed) steps_.committed();
  for (std::size_t i = 0; i < batch.dones.size(); ++i) batch.dones[i](std::move(batch.answers[i]));
}

}  // namespace sluis::journal
