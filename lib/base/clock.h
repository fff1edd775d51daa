// Time comes from an injected clock, so that tests set it and replay runs at the recorded moment.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/mutex.h"

namespace sluis {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The system clock; lives for the whole process.
const Clock& SystemClock();

// A clock that stands still until it is set. Thread-safe.
class ManualClock : public Clock {
 public:
  explicit ManualClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override;
  void Set(absl::Time now);
  void Advance(absl::Duration by);

 private:
  mutable Mutex mutex_;
  absl::Time now_ SLUIS_GUARDED_BY(mutex_);
};

// RFC 3339 with a zone, seconds and optional fraction required; else INVALID_ARGUMENT.
absl::StatusOr<absl::Time> ParseRfc3339(std::string_view text);
// `2026-11-23T14:05:09.123Z`: UTC, exactly three decimals (log.md B6).
std::string FormatRfc3339Millis(absl::Time time);
// Europe/Amsterdam: terms end on its calendar days (rulebook §2.10).
absl::TimeZone AmsterdamZone();
// Adds an ISO 8601 period of years, months, weeks or days (`P1Y`, `P6M`, `P4Y6M`, `P30D`, `P6W`) to a
// civil date in Europe/Amsterdam (rulebook §2.10); INVALID_ARGUMENT if it is anything else.
absl::StatusOr<absl::CivilDay> AddPeriod(absl::Time from, std::string_view period);

}  // namespace sluis
