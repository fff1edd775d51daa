// Which checkpoint the public sees (log.md B10): at most one new one in an interval, so that the
// size does not show single events.
#pragma once

#include "absl/time/time.h"
#include "broker/storage/records.h"
#include "lib/base/clock.h"
#include "lib/base/mutex.h"

namespace sluis::journal {

// Thread-safe. No timer: an interval that nobody looked into needs no checkpoint of its own.
class Published {
 public:
  // `clock` must outlive it.
  Published(const Clock& clock, absl::Duration interval, storage::LogHead head)
      : clock_(clock),
        interval_(interval),
        newest_(head),
        public_(std::move(head)),
        since_(clock.Now()) {}

  // A checkpoint that callers may now have.
  void Advance(const storage::LogHead& head);
  storage::LogHead Newest() const;
  storage::LogHead Public();
  // At an orderly stop: the newest, at once.
  void Flush();

 private:
  const Clock& clock_;
  const absl::Duration interval_;
  mutable Mutex mutex_;
  storage::LogHead newest_ SLUIS_GUARDED_BY(mutex_);
  storage::LogHead public_ SLUIS_GUARDED_BY(mutex_);
  absl::Time since_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::journal
