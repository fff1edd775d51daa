#include "broker/journal/published.h"

#include "tests/broker/journal/fixture.h"
#include "tests/support/status_matchers.h"

namespace sluis::journal {
namespace {

storage::LogHead Head(std::uint64_t size) { return {size, {}, "note"}; }

class PublishedTest : public ::testing::Test {
 protected:
  ManualClock clock{testing::TestTime()};
  Published published{clock, absl::Seconds(60), Head(2)};
};

TEST_F(PublishedTest, ANewCheckpointWaitsForTheEndOfTheInterval) {
  EXPECT_EQ(published.Public(), Head(2));
  published.Advance(Head(3));
  clock.Advance(absl::Seconds(60) - absl::Nanoseconds(1));
  EXPECT_EQ(published.Public(), Head(2));
  EXPECT_EQ(published.Newest(), Head(3));
  clock.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(published.Public(), Head(3));
}

// Whoever looks all the time still cannot see when a single event came.
TEST_F(PublishedTest, AQuietIntervalIsNotSavedForTheNextEvent) {
  clock.Advance(absl::Seconds(70));
  EXPECT_EQ(published.Public(), Head(2));
  published.Advance(Head(3));
  clock.Advance(absl::Seconds(59));
  EXPECT_EQ(published.Public(), Head(2));
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ(published.Public(), Head(3));
}

TEST_F(PublishedTest, AClockThatIsSetBackStartsANewInterval) {
  published.Advance(Head(3));
  clock.Advance(-absl::Hours(5));
  EXPECT_EQ(published.Public(), Head(2));
  clock.Advance(absl::Seconds(60));
  EXPECT_EQ(published.Public(), Head(3));
}

using JournalPublishTest = testing::JournalTest;

TEST_F(JournalPublishTest, PublishesAtTheStartInIntervalsAndAtTheEnd) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  EXPECT_EQ(journal->Published().size, 2U);
  ASSERT_OK(journal->SubmitAndWait(testing::LogAndStore(1)));
  EXPECT_EQ(journal->Published().size, 2U);
  clock.Advance(options.publish_interval);
  EXPECT_EQ(journal->Published().size, 3U);
  EXPECT_OK(testing::LogTrust().Verify(journal->Published().note, clock.Now()));
  ASSERT_OK(journal->SubmitAndWait(testing::LogAndStore(2)));
  journal->Stop();
  EXPECT_EQ(journal->Published().size, 5U);
  EXPECT_EQ(journal->Published(), store.Snapshot().value()->ReadHead().value());
}

}  // namespace
}  // namespace sluis::journal
