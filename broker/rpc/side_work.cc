#include "broker/rpc/side_work.h"

#include <utility>

#include "lib/base/error.h"

namespace sluis::rpc {

SideWork::SideWork(int threads, std::size_t most_waiting) : most_waiting_(most_waiting) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

SideWork::~SideWork() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
    wake_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

absl::Status SideWork::Take(Work work) {
  const MutexLock lock(mutex_);
  if (waiting_.size() >= most_waiting_) {
    return Error(ErrorCode::kExhausted, "QUEUE_FULL", "too many questions wait; try again later");
  }
  waiting_.push_back(std::move(work));
  wake_.NotifyAll();
  return absl::OkStatus();
}

SideWork::Work SideWork::Next() {
  MutexLock lock(mutex_);
  while (!stop_ && waiting_.empty()) wake_.Wait(mutex_);
  if (waiting_.empty()) return nullptr;
  Work work = std::move(waiting_.front());
  waiting_.pop_front();
  return work;
}

void SideWork::Run() {
  while (const Work work = Next()) work();
}

}  // namespace sluis::rpc
