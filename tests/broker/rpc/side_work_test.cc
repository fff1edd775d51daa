#include "broker/rpc/side_work.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/support/status_matchers.h"

namespace sluis::rpc {
namespace {

using ::sluis::testing::HasReason;

TEST(SideWork, TakesNoMoreThanMayWaitAndDoesWhatItTook) {
  std::promise<void> begun, go_on;
  int done = 0;
  {
    SideWork work(1, 1);
    ASSERT_OK(work.Take([&] {
      begun.set_value();
      go_on.get_future().wait();
      ++done;
    }));
    begun.get_future().wait();
    ASSERT_OK(work.Take([&] { ++done; }));
    EXPECT_THAT(work.Take([&] { ++done; }), HasReason("QUEUE_FULL"));
    go_on.set_value();
  }
  EXPECT_EQ(done, 2) << "what was taken is done, what was not is not";
}

TEST(SideWork, DoesSeveralAtOnce) {
  std::promise<void> first, second;
  SideWork work(2, 2);  // ends before what its threads use
  ASSERT_OK(work.Take([&] {
    first.set_value();
    second.get_future().wait();
  }));
  ASSERT_OK(work.Take([&] {
    first.get_future().wait();
    second.set_value();
  }));
}

}  // namespace
}  // namespace sluis::rpc
