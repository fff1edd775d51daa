// Hit and no-hit, and how many are asked about, look alike to everybody but the two who ask and answer: the same calls in
// the same order with the same sizes, in every size of batch.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "lib/pseudonym/inquiry.h"
#include "tests/clients/lib/inquiry_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::testing::SizeIs;

struct BatchSize {
  std::size_t batch;                  // items on the wire
  std::vector<std::size_t> subjects;  // numbers of people that are put into one of this size
};

const std::vector<BatchSize>& Sizes() {
  static const auto* sizes = new std::vector<BatchSize>{
      {1, {1}}, {4, {2, 4}}, {16, {5, 16}}, {64, {17, 64}}, {256, {65, 256}}};
  return *sizes;
}

// The first `count` people of the test range.
std::vector<std::string> TestRange(std::size_t count) {
  std::vector<std::string> numbers;
  for (int number = 999990000; numbers.size() < count; ++number) {
    const std::string text = std::to_string(number);
    if (Subject::Create(SubjectKind::kBsn, text).ok()) numbers.push_back(text);
  }
  return numbers;
}

// What whoever watches the wire sees of a call: its name and size.
using WireTrace = std::vector<std::pair<std::string, std::size_t>>;

class IndistinguishableTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  const BatchSize& size() const { return Sizes()[GetParam()]; }
  std::string Ask(const std::vector<std::string>& numbers) {
    const auto parts = world_.Town()->Inquire(world_.OfPolice(), People(numbers));
    EXPECT_OK(parts);
    return parts->front().exchange.name();
  }
  WireTrace SeenSince() {
    WireTrace trace;
    for (const auto& seen : world_.broker.seen) {
      trace.emplace_back(seen.method, seen.request.size());
    }
    world_.broker.seen.clear();
    return trace;
  }
  InquiryWorld world_;
};

TEST_P(IndistinguishableTest, WhatIsAskedTellsOnlyTheSizeOfTheBatch) {
  std::set<WireTrace> traces;
  std::set<std::size_t> items;
  for (const std::size_t count : size().subjects) {
    world_.broker.seen.clear();
    Ask(TestRange(count));
    for (const auto& seen : world_.broker.SeenOf("SendSubject")) {
      items.insert(SignedIn(seen.request).items().size());
    }
    traces.insert(SeenSince());
  }
  EXPECT_EQ(items, std::set<std::size_t>{size().batch});
  EXPECT_THAT(traces, SizeIs(1));
}

TEST_P(IndistinguishableTest, HitAndNoHitAreAnsweredOpenedAndReadAlike) {
  std::set<WireTrace> answering, opening;
  std::set<std::size_t> looked_up;
  const std::vector<std::string> asked = TestRange(size().subjects.back());
  const std::vector<std::vector<std::string>> registers = {{}, {asked.back()}, asked};
  for (const auto& known : registers) {
    const std::string name = Ask(asked);
    const auto police = world_.Police();
    const LookUp look_up = world_.RegisterOf(known);
    std::size_t looks = 0;
    world_.broker.seen.clear();
    ASSERT_OK_AND_ASSIGN(const auto shown, police->Get(name));
    ASSERT_OK_AND_ASSIGN(const auto found,
                         police->ReadQuestion(shown, [&](const pseudonym::IndexPseudonym& one) {
                           ++looks;
                           return look_up(one);
                         }));
    EXPECT_EQ(std::ranges::count_if(found, [](const auto& one) { return one.has_value(); }),
              static_cast<std::ptrdiff_t>(known.size()));
    ASSERT_OK(AnswerFound(*police, shown, found));
    answering.insert(SeenSince());
    ASSERT_OK(world_.Town()->OpenAnswer(name));
    opening.insert(SeenSince());
    looked_up.insert(looks);
  }
  EXPECT_THAT(answering, SizeIs(1));
  EXPECT_THAT(opening, SizeIs(1));
  // Fillers are looked up like everybody: the time of an answer tells as little.
  EXPECT_EQ(looked_up, std::set<std::size_t>{size().batch});
}

INSTANTIATE_TEST_SUITE_P(EveryBatchSize, IndistinguishableTest,
                         ::testing::Range<std::size_t>(0, Sizes().size()),
                         [](const auto& batch) {
                           return "Of" + std::to_string(Sizes()[batch.param].batch);
                         });

}  // namespace
}  // namespace sluis::edge::testing
