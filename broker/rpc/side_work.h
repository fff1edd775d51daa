// Threads beside those of gRPC, for calls that decide long and wait for the journal: a batch of a
// thousand questions keeps no exchange waiting.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/mutex.h"

namespace sluis::rpc {

// Thread-safe.
class SideWork {
 public:
  using Work = std::function<void()>;
  SideWork(int threads, std::size_t most_waiting);
  // Does first what was taken.
  ~SideWork();
  SideWork(const SideWork&) = delete;
  SideWork& operator=(const SideWork&) = delete;

  // RESOURCE_EXHAUSTED / QUEUE_FULL when so much waits already; then `work` is not done.
  absl::Status Take(Work work);

 private:
  void Run();
  // Empty when it is to end.
  Work Next();

  const std::size_t most_waiting_;
  Mutex mutex_;
  CondVar wake_;
  bool stop_ SLUIS_GUARDED_BY(mutex_) = false;
  std::deque<Work> waiting_ SLUIS_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace sluis::rpc
