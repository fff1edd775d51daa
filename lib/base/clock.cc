#include "lib/base/clock.h"

#include <cctype>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

class RealClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

absl::Status BadPeriod() {
  return Error(ErrorCode::kInvalid, "FIELD_INVALID", "not a period such as P6M, P1Y, P30D or P6W");
}

}  // namespace

const Clock& SystemClock() {
  static const RealClock clock;
  return clock;
}

absl::Time ManualClock::Now() const {
  MutexLock lock(mutex_);
  return now_;
}

void ManualClock::Set(absl::Time now) {
  MutexLock lock(mutex_);
  now_ = now;
}

void ManualClock::Advance(absl::Duration by) {
  MutexLock lock(mutex_);
  now_ += by;
}

absl::StatusOr<absl::Time> ParseRfc3339(std::string_view text) {
  absl::Time time;
  std::string error;
  // abseil also takes "infinite-future" and spaces; RFC 3339 starts with a digit and holds a 'T'.
  const bool plausible = text.size() >= 20 && std::isdigit(static_cast<unsigned char>(text[0])) &&
                         text[10] == 'T' && text.find(' ') == std::string_view::npos;
  if (!plausible || !absl::ParseTime(absl::RFC3339_full, absl::string_view(text.data(), text.size()), &time, &error)) {
    return Error(ErrorCode::kInvalid, "FIELD_INVALID",
                 "not an RFC 3339 time with seconds and zone, such as 2026-11-23T10:00:00+01:00");
  }
  return time;
}

std::string FormatRfc3339Millis(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

absl::TimeZone AmsterdamZone() {
  absl::TimeZone zone;
  // Without tzdata the fixed winter offset is at most an hour off; packages.txt names tzdata.
  if (!absl::LoadTimeZone("Europe/Amsterdam", &zone)) zone = absl::FixedTimeZone(3600);
  return zone;
}

absl::StatusOr<absl::CivilDay> AddPeriod(absl::Time from, std::string_view period) {
  if (period.size() < 3 || period[0] != 'P') return BadPeriod();
  absl::CivilDay day = absl::ToCivilDay(from, AmsterdamZone());
  absl::CivilMonth month(day);
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t number = -1;
  for (char c : period.substr(1)) {
    if (c >= '0' && c <= '9' && number < 100000) {
      number = (number < 0 ? 0 : number * 10) + (c - '0');
      continue;
    }
    if (number < 0) return BadPeriod();
    if (c == 'Y') months += 12 * number;
    else if (c == 'M') months += number;
    else if (c == 'W') days += 7 * number;
    else if (c == 'D') days += number;
    else return BadPeriod();
    number = -1;
  }
  if (number >= 0) return BadPeriod();
  month += months;
  // The last day of a shorter month stands for a day it does not have (31 January + P1M = 28 February).
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  absl::CivilDay end(month.year(), month.month(), std::min(day.day(), last.day()));
  return end + days;
}

}  // namespace sluis
