// ISO 8601 periods, as far as rules use them.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace sluis::policy {

// A period of the pack. Its length, with a year of 365 days and a month of 30, only orders periods
// (rulebook §2.10); an end date is a matter of the calendar (AddPeriod in lib/base/clock.h).
struct Period {
  std::string text;
  absl::Duration length;

  // Shorter first; of two equal lengths the text decides, so that a merge has one result.
  friend bool operator<(const Period& a, const Period& b) {
    return a.length != b.length ? a.length < b.length : a.text < b.text;
  }
};

// `P4Y6M`, `P6W`, `P30D`, `PT24H`: positive numbers without leading zero, units in the order Y M W
// D, then hours; else INVALID_ARGUMENT.
absl::StatusOr<Period> ParsePeriod(std::string_view text);

}  // namespace sluis::policy
