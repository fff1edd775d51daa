// Keeps a flood of refused log-ins from filling the log: so many are written out in a minute, the
// rest are counted into the next one that is.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "lib/base/mutex.h"

namespace sluis::exchange {

// Thread-safe.
class RefusedLogins {
 public:
  explicit RefusedLogins(int per_minute) : per_minute_(per_minute) {}
  // How many were passed over since the last that was written; nullopt when this one is to be
  // passed over.
  std::optional<int> Take(absl::Time now);

 private:
  const int per_minute_;
  Mutex mutex_;
  absl::Time minute_ SLUIS_GUARDED_BY(mutex_) = absl::InfinitePast();
  int written_ SLUIS_GUARDED_BY(mutex_) = 0;
  int passed_over_ SLUIS_GUARDED_BY(mutex_) = 0;
};

}  // namespace sluis::exchange
