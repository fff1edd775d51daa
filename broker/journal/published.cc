#include "broker/journal/published.h"

namespace sluis::journal {

void Published::Advance(const storage::LogHead& head) {
  MutexLock lock(mutex_);
  newest_ = head;
}

storage::LogHead Published::Newest() const {
  MutexLock lock(mutex_);
  return newest_;
}

storage::LogHead Published::Public() {
  const absl::Time now = clock_.Now();
  MutexLock lock(mutex_);
  // A clock that was set back starts a new interval, or nothing would be published until it caught
  // up.
  if (now < since_) since_ = now;
  if (now - since_ < interval_) return public_;
  // The interval starts anew even if nothing happened in it: otherwise the next event would show at
  // once.
  since_ = now;
  public_ = newest_;
  return public_;
}

void Published::Flush() {
  MutexLock lock(mutex_);
  public_ = newest_;
}

}  // namespace sluis::journal
