#include "broker/exchange/refused_logins.h"

#include <utility>

namespace sluis::exchange {

std::optional<int> RefusedLogins::Take(absl::Time now) {
  MutexLock lock(mutex_);
  if (now - minute_ >= absl::Minutes(1) || now < minute_) {
    minute_ = now;
    written_ = 0;
  }
  if (written_ >= per_minute_) {
    ++passed_over_;
    return std::nullopt;
  }
  ++written_;
  return std::exchange(passed_over_, 0);
}

}  // namespace sluis::exchange
