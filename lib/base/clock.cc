#include "lib/base/clock.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

class RealClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// `pattern` with 0 for any digit.
bool Matches(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (pattern[i] == '0' ? !IsDigit(text[i]) : text[i] != pattern[i]) return false;
  }
  return true;
}

// abseil alone also takes "infinite-future", spaces, short fields and zones such as +01.
bool HasRfc3339Shape(std::string_view text) {
  constexpr std::string_view kSeconds = "0000-00-00T00:00:00";
  if (!Matches(text.substr(0, kSeconds.size()), kSeconds)) return false;
  std::string_view rest = text.substr(kSeconds.size());
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0) return false;
    rest.remove_prefix(digits);
  }
  return rest == "Z" || Matches(rest, "+00:00") || Matches(rest, "-00:00");
}

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
  if (!HasRfc3339Shape(text) ||
      !absl::ParseTime(absl::RFC3339_full, absl::string_view(text.data(), text.size()), &time, &error)) {
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
  constexpr std::string_view kUnits = "YMWD";  // each at most once, in this order
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t number = -1;
  std::size_t next_unit = 0;
  for (char c : period.substr(1)) {
    if (IsDigit(c) && number < 100000) {
      number = (number < 0 ? 0 : number * 10) + (c - '0');
      continue;
    }
    const std::size_t unit = kUnits.find(c, next_unit);
    if (number < 0 || unit == std::string_view::npos) return BadPeriod();
    if (c == 'Y') months += 12 * number;
    if (c == 'M') months += number;
    if (c == 'W') days += 7 * number;
    if (c == 'D') days += number;
    next_unit = unit + 1;
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
