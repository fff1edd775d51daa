#include "broker/daemon/upkeep.h"

#include "lib/base/error.h"
#include "lib/base/log.h"

namespace sluis::daemon {
namespace {

constexpr int kMostPerSweep = 256;

void Complain(std::string_view event, const absl::Status& status) {
  if (!status.ok()) LogEvent(LogLevel::kWarning, event, "reason=" + ReasonOf(status));
}

}  // namespace

Upkeep::Upkeep(exchange::Service& service, TrustFromFiles& trust,
               std::function<absl::Status()> reload_more, UpkeepPace pace)
    : service_(service),
      trust_(trust),
      reload_more_(std::move(reload_more)),
      pace_(pace),
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
      if (!stop_) wake_.WaitFor(mutex_, pace_.tick);
      if (stop_) return;
    }
    Sweep();
    if (tick % pace_.ticks_per_refresh == 0) Refresh();
    if (tick % pace_.ticks_per_prune == 0) Complain("prune_failed", service_.Prune());
  }
}

void Upkeep::Sweep() { Complain("sweep_failed", service_.SweepExpired(kMostPerSweep).status()); }

void Upkeep::Refresh() {
  Complain("trust_not_reloaded", trust_.Reload());
  Complain("http_certificate_not_reloaded", reload_more_());
}

}  // namespace sluis::daemon
