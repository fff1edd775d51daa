#include "lib/base/clock.h"

#include <gtest/gtest.h>

#include "absl/time/civil_time.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

absl::Time At(std::string_view text) { return ParseRfc3339(text).value(); }

std::string DayAfter(std::string_view from, std::string_view period) {
  return absl::FormatCivilTime(AddPeriod(At(from), period).value());
}

TEST(AddPeriodTest, YearsMonthsWeeksDays) {
  EXPECT_EQ(DayAfter("2026-11-23T10:00:00+01:00", "P1Y"), "2027-11-23");
  EXPECT_EQ(DayAfter("2026-11-23T10:00:00+01:00", "P6M"), "2027-05-23");
  EXPECT_EQ(DayAfter("2026-11-23T10:00:00+01:00", "P6W"), "2027-01-04");
  EXPECT_EQ(DayAfter("2026-11-23T10:00:00+01:00", "P30D"), "2026-12-23");
  EXPECT_EQ(DayAfter("2026-11-23T10:00:00+01:00", "P4Y6M"), "2031-05-23");
  EXPECT_EQ(DayAfter("2026-11-23T10:00:00+01:00", "P1Y2M10D"), "2028-02-02");
  EXPECT_EQ(DayAfter("2026-11-23T10:00:00+01:00", "P0D"), "2026-11-23");
}

TEST(AddPeriodTest, MonthEndsStayInTheMonth) {
  EXPECT_EQ(DayAfter("2027-01-31T12:00:00Z", "P1M"), "2027-02-28");
  EXPECT_EQ(DayAfter("2028-01-31T12:00:00Z", "P1M"), "2028-02-29");
  EXPECT_EQ(DayAfter("2026-08-31T12:00:00Z", "P1M"), "2026-09-30");
  EXPECT_EQ(DayAfter("2028-02-29T12:00:00Z", "P1Y"), "2029-02-28");
  EXPECT_EQ(DayAfter("2028-02-29T12:00:00Z", "P4Y"), "2032-02-29");
  EXPECT_EQ(DayAfter("2027-01-31T12:00:00Z", "P1M1D"), "2027-03-01") << "the days after the month";
  EXPECT_EQ(DayAfter("2026-12-31T12:00:00Z", "P2M"), "2027-02-28");
}

TEST(AddPeriodTest, TheDateIsThatOfAmsterdam) {
  EXPECT_EQ(DayAfter("2026-11-23T22:59:59Z", "P1D"), "2026-11-24") << "23:59:59 in winter";
  EXPECT_EQ(DayAfter("2026-11-23T23:00:00Z", "P1D"), "2026-11-25") << "midnight in winter";
  EXPECT_EQ(DayAfter("2026-07-01T21:59:59Z", "P1D"), "2026-07-02") << "23:59:59 in summer";
  EXPECT_EQ(DayAfter("2026-07-01T22:00:00Z", "P1D"), "2026-07-03") << "midnight in summer";
  // The night of 25 October 2026 has 25 hours; both hours from 2 to 3 are that day.
  EXPECT_EQ(DayAfter("2026-10-25T00:30:00Z", "P1D"), "2026-10-26");
  EXPECT_EQ(DayAfter("2026-10-25T01:30:00Z", "P1D"), "2026-10-26");
  EXPECT_EQ(DayAfter("2026-12-31T23:30:00Z", "P1Y"), "2028-01-01")
      << "already next year in Amsterdam";
}

TEST(AddPeriodTest, NothingElseIsAPeriod) {
  for (const char* period :
       {"",       "P",     "P1",      "1Y",        "PY",   "P1X",       "PT1H",
        "P1DT1H", "P-1D",  "P1.5Y",   "p1y",       "P1Y ", " P1Y",      "P1D1Y",
        "P1Y1Y",  "P1M1Y", "P1W1D1W", "P1000000D", "P1YM", "P\xc2\xb2Y"}) {
    EXPECT_THAT(AddPeriod(At("2026-11-23T10:00:00Z"), period), HasReason("FIELD_INVALID"))
        << period;
  }
}

TEST(Rfc3339Test, ReadsAndWrites) {
  EXPECT_EQ(FormatRfc3339Millis(At("2026-11-23T15:05:09.1239+01:00")), "2026-11-23T14:05:09.123Z");
  EXPECT_EQ(FormatRfc3339Millis(At("2026-11-23T14:05:09Z")), "2026-11-23T14:05:09.000Z");
  EXPECT_EQ(At("2026-11-23T14:05:09Z"), At("2026-11-23T15:05:09+01:00"));
}

TEST(Rfc3339Test, NothingElseIsATime) {
  for (const char* text :
       {"", "infinite-future", "2026-11-23", "2026-11-23T14:05:09", "2026-11-23T14:05Z",
        "2026-11-23 14:05:09Z", "2026-11-23T14:05:09+0100", "2026-11-23T14:05:09+01",
        "2026-11-23T4:05:09+01:00", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
        "2026-11-23T24:00:01Z", "2026-11-23T14:05:09Z ", " 2026-11-23T14:05:09Z",
        "2026-11-23T14:05:09.Z", "20260-1-1T14:05:09Z", "2026-11-23T14:05:09,5Z",
        "2026-11-23T14:05:09z"}) {
    EXPECT_THAT(ParseRfc3339(text), HasReason("FIELD_INVALID")) << text;
  }
}

TEST(ManualClockTest, StandsStillUntilItIsSet) {
  ManualClock clock(At("2026-11-23T10:00:00Z"));
  EXPECT_EQ(clock.Now(), At("2026-11-23T10:00:00Z"));
  clock.Advance(absl::Minutes(5));
  EXPECT_EQ(clock.Now(), At("2026-11-23T10:05:00Z"));
  clock.Set(At("2026-01-01T00:00:00Z"));
  EXPECT_EQ(clock.Now(), At("2026-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace sluis
