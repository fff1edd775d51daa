// What the passing of time asks of the broker, on a thread of its own: expiry, forgetting used
// assertions, and reading certificates and revocation lists again.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "broker/daemon/sources.h"
#include "broker/exchange/service.h"
#include "lib/base/mutex.h"

namespace sluis::daemon {

// How often what is done.
struct UpkeepPace {
  std::chrono::milliseconds tick = std::chrono::seconds(2);  // expiry is looked at in each
  int ticks_per_refresh = 15;
  int ticks_per_prune = 300;
};

// Works from construction to Stop. Everything given outlives it.
class Upkeep {
 public:
  Upkeep(exchange::Service& service, TrustFromFiles& trust,
         std::function<absl::Status()> reload_more, UpkeepPace pace = {});
  ~Upkeep();
  void Stop();

 private:
  void Run();
  void Sweep();
  void Refresh();

  exchange::Service& service_;
  TrustFromFiles& trust_;
  const std::function<absl::Status()> reload_more_;
  const UpkeepPace pace_;
  Mutex mutex_;
  CondVar wake_;
  bool stop_ SLUIS_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace sluis::daemon
