#include "policy/engine/period.h"

#include <array>

#include "lib/base/error.h"

namespace sluis::policy {
namespace {

struct Unit {
  char letter;
  int hours;
};
constexpr std::array<Unit, 4> kDateUnits = {
    {{'Y', 365 * 24}, {'M', 30 * 24}, {'W', 7 * 24}, {'D', 24}}};
constexpr std::array<Unit, 1> kTimeUnits = {{{'H', 1}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number of one to four digits without leading zero, taken from the front of `text`; 0 if there
// is none.
int TakeNumber(std::string_view& text) {
  std::size_t digits = 0;
  int number = 0;
  while (digits < text.size() && digits < 4 && IsDigit(text[digits])) {
    number = number * 10 + (text[digits] - '0');
    ++digits;
  }
  if (digits == 0 || text.front() == '0') return 0;
  text.remove_prefix(digits);
  return number;
}

// Adds the parts at the front of `text`, each unit at most once and in order. False if there is
// none or one is malformed; stops before a `T`.
template <std::size_t N>
bool TakeParts(std::string_view& text, const std::array<Unit, N>& units, absl::Duration& length) {
  std::size_t next = 0;
  bool any = false;
  while (!text.empty() && text.front() != 'T') {
    const int number = TakeNumber(text);
    if (number == 0 || text.empty()) return false;
    while (next < N && units[next].letter != text.front()) ++next;
    if (next == N) return false;
    length += absl::Hours(number * units[next].hours);
    text.remove_prefix(1);
    ++next;
    any = true;
  }
  return any;
}

bool Parse(std::string_view text, absl::Duration& length) {
  if (text.empty() || text.front() != 'P') return false;
  text.remove_prefix(1);
  const bool starts_with_time = !text.empty() && text.front() == 'T';
  if (!starts_with_time && !TakeParts(text, kDateUnits, length)) return false;
  if (text.empty()) return true;
  text.remove_prefix(1);
  return TakeParts(text, kTimeUnits, length) && text.empty();
}

}  // namespace

absl::StatusOr<Period> ParsePeriod(std::string_view text) {
  Period period{std::string(text), absl::ZeroDuration()};
  if (!Parse(text, period.length)) {
    return Error(ErrorCode::kInvalid, "PERIOD_INVALID",
                 "not a period: write it as P5Y, P4Y6M, P6W, P30D or PT24H");
  }
  return period;
}

}  // namespace sluis::policy
