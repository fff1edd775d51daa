#include "policy/engine/period.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

TEST(Period, OrdersByYearsOf365AndMonthsOf30Days) {
  const auto length = [](std::string_view text) { return ParsePeriod(text)->length; };
  EXPECT_EQ(length("P1Y"), absl::Hours(24 * 365));
  EXPECT_EQ(length("P4Y6M"), absl::Hours(24 * (4 * 365 + 6 * 30)));
  EXPECT_EQ(length("P6W"), absl::Hours(24 * 42));
  EXPECT_EQ(length("PT24H"), length("P1D"));
  EXPECT_EQ(length("P1DT2H"), absl::Hours(26));
  EXPECT_LT(length("P12M"), length("P1Y"));
}

TEST(Period, TextBreaksATie) {
  ASSERT_OK_AND_ASSIGN(const Period month, ParsePeriod("P1M"));
  ASSERT_OK_AND_ASSIGN(const Period days, ParsePeriod("P30D"));
  EXPECT_TRUE(month < days);
  EXPECT_FALSE(days < month);
  EXPECT_FALSE(days < days);
}

TEST(Period, RefusesEverythingElse) {
  for (const char* text :
       {"",     "P",       "PT",     "P0D",   "P01D", "P1",   "P1H",   "PT1D", "PT",
        "P1DT", "P1D1Y",   "P1D2D",  "P6M4Y", "-P1D", "P-1D", "P1.5D", "p1d",  "P1D ",
        " P1D", "P10000D", "PT1H1H", "P1YT",  "1D",   "P1S",  "PT1M"}) {
    EXPECT_THAT(ParsePeriod(text), sluis::testing::HasReason("PERIOD_INVALID")) << text;
  }
}

}  // namespace
}  // namespace sluis::policy
