#include "broker/daemon/upkeep.h"

#include <chrono>

#include "lib/base/error.h"
#include "lib/base/log.h"

namespace sluis::daemon {
namespace {

constexpr std::chrono::seconds kTick(2);
constexpr int kTicksPerRefresh = 15;
constexpr int kTicksPerPrune = 300;
constexpr int kMostPerSweep = 256;

void Complain(std::string_view event, const absl::Status& status) {
  if (!status.ok()) LogEvent(LogLevel::kWarning, event, "reason=" + ReasonOf(status));
}

}  // namespace

Upkeep::Upkeep(exchange::Service& service, TrustFromFiles& trust,
               std::function<absl::Status()> reload_more)
    : service_(service),
      trust_(trust),
      reload_more_(std::move(reload_more)),
      thread_([this] { Run(); }) {}

Upkeep::~Upkeep() { Stop(); }

void Upkeep::Stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
    wake_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Upkeep::Run() {
  for (int tick = 1;; ++tick) {
    {
      MutexLock lock(mutex_);
      if (!stop_) wake_.WaitFor(mutex_, kTick);
      if (stop_) return;
    }
    Sweep();
    if (tick % kTicksPerRefresh == 0) Refresh();
    if (tick % kTicksPerPrune == 0) Complain("prune_failed", service_.Prune());
  }
}

void Upkeep::Sweep() { Complain("sweep_failed", service_.SweepExpired(kMostPerSweep).status()); }

void Upkeep::Refresh() {
  Complain("trust_not_reloaded", trust_.Reload());
  Complain("http_certificate_not_reloaded", reload_more_());
}

}  // namespace sluis::daemon
