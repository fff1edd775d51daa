// The requests that are being carried out, so that a repeat is not queued behind the first
// (api.md §4).
#pragma once

#include <set>

#include "broker/storage/records.h"
#include "lib/base/mutex.h"

namespace sluis::exchange {

// Thread-safe.
class UnderWay {
 public:
  // False while another with this key has not ended.
  bool Begin(const storage::RequestKey& key) {
    MutexLock lock(mutex_);
    return keys_.insert(key).second;
  }
  void End(const storage::RequestKey& key) {
    MutexLock lock(mutex_);
    keys_.erase(key);
  }

 private:
  Mutex mutex_;
  std::set<storage::RequestKey> keys_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::exchange
