// Between the commit and the answers: what is answered when, and what never is.
#include "broker/journal/acknowledger.h"

#include <csignal>
#include <future>

#include "tests/broker/journal/full_disk.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::journal {
namespace {

using testing::HasReason;

constexpr char kOrigin[] = "log.sluis.example/2026";

storage::LogHead Head(std::uint64_t size) {
  return {size, {}, "note of " + std::to_string(size) + "\n"};
}

class AcknowledgerTest : public ::testing::Test {
 protected:
  GuardFile NewGuard() { return GuardFile::Create(path, kOrigin).value(); }
  // A batch with one caller, who is called `name` in what happened.
  Acknowledgement Batch(const std::string& name, std::optional<storage::LogHead> head) {
    Acknowledgement batch{std::move(head), true, {}, {}};
    batch.answers.emplace_back(std::vector<CommittedLeaf>());
    batch.dones.push_back([this, name](const Answer& answer) {
      happened.push_back((answer.ok() ? "answer " : "refusal ") + name);
    });
    return batch;
  }
  Acknowledger::Steps Steps() {
    return {.written =
                [this](const storage::LogHead& head) {
                  happened.push_back("written " + std::to_string(head.size));
                  if (happened.size() > 1) return;
                  first_written.set_value();
                  go_on.get_future().wait();
                },
            .committed = [this] { happened.push_back("committed"); },
            .failed = [this] { happened.push_back("failed"); }};
  }

  testing::TempDir folder;
  std::filesystem::path path = folder.path() / "guard";
  std::vector<std::string> happened;  // read after Drain
  std::promise<void> first_written, go_on;
};

TEST_F(AcknowledgerTest, NobodyIsAnsweredBeforeTheGuardHoldsHisBatch) {
  std::uint64_t in_guard = 0;
  Acknowledger acknowledger(NewGuard(), {.written =
                                             [&](const storage::LogHead&) {
                                               in_guard = 7;  // of the acknowledger's thread
                                             },
                                         .committed = [] {},
                                         .failed = [] {}});
  Acknowledgement batch{Head(7), true, {}, {}};
  batch.answers.emplace_back(std::vector<CommittedLeaf>());
  batch.dones.push_back([&](const Answer&) { EXPECT_EQ(in_guard, 7U); });
  acknowledger.Take(std::move(batch));
  acknowledger.Drain();
  EXPECT_OK(acknowledger.fault());
  EXPECT_TRUE(acknowledger.Abandon().empty());
}

TEST_F(AcknowledgerTest, WhatGathersMeanwhileSharesOneGuardAndKeepsItsOrder) {
  std::optional<Acknowledger> acknowledger(std::in_place, NewGuard(), Steps());
  acknowledger->Take(Batch("a", Head(1)));
  first_written.get_future().wait();
  acknowledger->Take(Batch("b", Head(2)));
  acknowledger->Take(Batch("c", std::nullopt));
  acknowledger->Take(Batch("d", Head(4)));
  go_on.set_value();
  acknowledger->Drain();
  acknowledger.reset();
  EXPECT_EQ(happened, (std::vector<std::string>{"written 1", "committed", "answer a", "written 2",
                                                "committed", "answer b", "committed", "answer c",
                                                "written 4", "committed", "answer d"}));
  ASSERT_OK_AND_ASSIGN(const auto guard, GuardFile::Open(path, kOrigin));
  EXPECT_EQ(guard->head().size, 4U);
}

TEST_F(AcknowledgerTest, AGuardThatCannotBeWrittenLeavesAllUnansweredInTheirOrder) {
  std::optional<Acknowledger> acknowledger(std::in_place, NewGuard(), Steps());
  acknowledger->Take(Batch("a", Head(1)));
  first_written.get_future().wait();
  {
    const testing::FullDisk full;
    acknowledger->Take(Batch("b", Head(2)));
    acknowledger->Take(Batch("c", Head(3)));
    go_on.set_value();
    acknowledger->Drain();
  }
  EXPECT_THAT(acknowledger->fault(), HasReason("LOG_UNAVAILABLE"));
  acknowledger->Take(Batch("d", Head(4)));  // what was committed while it failed
  for (const Done& done : acknowledger->Abandon()) done(absl::UnavailableError(""));
  EXPECT_EQ(happened, (std::vector<std::string>{"written 1", "committed", "answer a", "failed",
                                                "refusal b", "refusal c", "refusal d"}));
}

}  // namespace
}  // namespace sluis::journal
