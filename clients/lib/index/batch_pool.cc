#include "clients/lib/index/batch_pool.h"

#include <utility>

namespace sluis::edge {
namespace {

constexpr std::size_t kWorkers = 2;

}  // namespace

BatchPool::BatchPool(std::function<absl::Status(const SubjectBatch&)> work)
    : work_(std::move(work)) {
  for (std::size_t i = 0; i < kWorkers; ++i) threads_.emplace_back([this] { Work(); });
}

BatchPool::~BatchPool() {
  {
    const MutexLock lock(mutex_);
    ending_ = true;
    waiting_.clear();
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

void BatchPool::Work() {
  MutexLock lock(mutex_);
  for (;;) {
    while (waiting_.empty() && !ending_) changed_.Wait(mutex_);
    if (ending_) return;
    const SubjectBatch batch = std::move(waiting_.front());
    waiting_.pop_front();
    ++busy_;
    mutex_.Unlock();
    absl::Status done = work_(batch);
    mutex_.Lock();
    --busy_;
    if (failure_.ok()) failure_ = std::move(done);
    changed_.NotifyAll();
  }
}

absl::Status BatchPool::Submit(SubjectBatch batch) {
  MutexLock lock(mutex_);
  while (waiting_.size() + busy_ >= kWorkers && failure_.ok()) changed_.Wait(mutex_);
  if (!failure_.ok()) return failure_;
  waiting_.push_back(std::move(batch));
  changed_.NotifyAll();
  return absl::OkStatus();
}

absl::Status BatchPool::Finish() {
  MutexLock lock(mutex_);
  while ((!waiting_.empty() && failure_.ok()) || busy_ > 0) changed_.Wait(mutex_);
  return failure_;
}

}  // namespace sluis::edge
