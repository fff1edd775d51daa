// Carries on what waits (broker/exchange/errands.h), on a thread of its own: at once when an act
// left something, and again and again, ever more slowly, while a transcryptor is away.
#pragma once

#include <thread>

#include "broker/exchange/service.h"
#include "lib/base/mutex.h"

namespace sluis::daemon {

// Works from construction to Stop; listens to what acts leave. Made before `service` serves anybody, and `service`
// outlives it.
class ErrandWorker {
 public:
  explicit ErrandWorker(exchange::Service& service);
  ~ErrandWorker();
  // Something was left to do. Thread-safe and quick.
  void Wake();
  void Stop();

 private:
  void Run();
  // Waits for work or `patience`; false when it is to end.
  bool WaitForWork(std::chrono::seconds patience);

  exchange::Service& service_;
  Mutex mutex_;
  CondVar wake_;
  bool stop_ SLUIS_GUARDED_BY(mutex_) = false;
  bool work_ SLUIS_GUARDED_BY(mutex_) = true;  // what an earlier run of the broker left
  std::thread thread_;
};

}  // namespace sluis::daemon
