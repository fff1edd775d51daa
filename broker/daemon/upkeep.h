// What the passing of time asks of the broker, on a thread of its own: expiry, forgetting used
// assertions, and reading certificates and revocation lists again.
#pragma once

#include <functional>
#include <thread>

#include "broker/daemon/sources.h"
#include "broker/exchange/service.h"
#include "lib/base/mutex.h"

namespace sluis::daemon {

// Works from construction to Stop. Everything given outlives it.
class Upkeep {
 public:
  Upkeep(exchange::Service& service, TrustFromFiles& trust,
         std::function<absl::Status()> reload_more);
  ~Upkeep();
  void Stop();

 private:
  void Run();
  void Sweep();
  void Refresh();

  exchange::Service& service_;
  TrustFromFiles& trust_;
  const std::function<absl::Status()> reload_more_;
  Mutex mutex_;
  CondVar wake_;
  bool stop_ SLUIS_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace sluis::daemon
