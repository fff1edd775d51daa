#include "broker/daemon/errand_worker.h"

#include <algorithm>
#include <chrono>

#include "lib/base/error.h"
#include "lib/base/log.h"

namespace sluis::daemon {
namespace {

// Between two rounds while a transcryptor is away, and while nothing is known to wait.
constexpr std::chrono::seconds kFirstPatience(2), kLongestPatience(60);

}  // namespace

ErrandWorker::ErrandWorker(exchange::Service& service) : service_(service) {
  service_.OnErrand([this] { Wake(); });
  thread_ = std::thread([this] { Run(); });
}

ErrandWorker::~ErrandWorker() { Stop(); }

void ErrandWorker::Wake() {
  const MutexLock lock(mutex_);
  work_ = true;
  wake_.NotifyAll();
}

void ErrandWorker::Stop() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
    wake_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

bool ErrandWorker::WaitForWork(std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  MutexLock lock(mutex_);
  while (!stop_ && !work_) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= left.zero() || !wake_.WaitFor(mutex_, left)) break;
  }
  work_ = false;
  return !stop_;
}

void ErrandWorker::Run() {
  std::chrono::seconds patience = kLongestPatience;
  bool was_away = false;
  while (WaitForWork(patience)) {
    const absl::StatusOr<exchange::ErrandReport> report = service_.RunErrands();
    if (!report.ok()) {
      LogEvent(LogLevel::kWarning, "errands_failed", "reason=" + ReasonOf(report.status()));
      continue;
    }
    // A transcryptor that comes back may have been put back to an earlier state.
    if (was_away && !report->away) service_.RelayArrangements().IgnoreError();  // wakes us again
    patience = report->away ? (was_away ? std::min(patience * 2, kLongestPatience) : kFirstPatience)
                            : kLongestPatience;
    was_away = report->away;
  }
}

}  // namespace sluis::daemon
