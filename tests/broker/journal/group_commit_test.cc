// Many callers, one transaction: order, bounds and threads (log.md B2, B12).
#include <atomic>
#include <future>
#include <thread>

#include "tests/broker/journal/fixture.h"
#include "tests/support/status_matchers.h"

namespace sluis::journal {
namespace {

using testing::HasReason;
using testing::LogAndStore;

class GroupCommitTest : public testing::JournalTest {
 protected:
  // Keeps the journal's thread busy in an item until Release(); returns once it is in it.
  void Occupy(Journal& journal) {
    journal.Submit(
        [this](auto&, auto&) {
          entered_.set_value();
          released_.get_future().wait();
          return absl::OkStatus();
        },
        [](const auto&) {});
    entered_.get_future().wait();
  }
  void Release() { released_.set_value(); }

 private:
  std::promise<void> entered_, released_;
};

TEST_F(GroupCommitTest, WhatWaitsSharesACommitUpToTheBatchSize) {
  options.max_batch = 10;
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  std::atomic<int> commits = 0;
  journal->OnCommit([&commits] { ++commits; });
  Occupy(*journal);
  for (int i = 0; i < 25; ++i) journal->Submit(LogAndStore(1), [](const auto&) {});
  Release();
  journal->Stop();
  EXPECT_EQ(commits,
            3 + 1);  // 10, 10, 5 and SERVICE_STOP; the item without a write commits nothing
  EXPECT_EQ(CheckLog().leaves.size(), 2U + 25 + 1);
}

TEST_F(GroupCommitTest, HooksComeBeforeAnswersAndAnswersInOrder) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  std::vector<int> events;
  journal->OnCommit([&events] { events.push_back(-1); });
  Occupy(*journal);
  for (int i = 0; i < 4; ++i) {
    const bool refuse = i == 2;
    journal->Submit(
        [refuse](auto& transaction, auto& log) {
          return refuse ? absl::AbortedError("no") : LogAndStore(1)(transaction, log);
        },
        [&events, i](const auto&) { events.push_back(i); });
  }
  Release();
  journal->Stop();
  EXPECT_THAT(events, ::testing::ElementsAre(-1, 0, 1, 2, 3, -1));
}

TEST_F(GroupCommitTest, AFullQueueSaysWhenToComeBack) {
  options.max_waiting = 3;
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  Occupy(*journal);
  std::atomic<int> done = 0;
  for (int i = 0; i < 3; ++i) journal->Submit(LogAndStore(1), [&done](const auto&) { ++done; });
  absl::Status refused;
  journal->Submit(LogAndStore(2), [&refused](const auto& answer) { refused = answer.status(); });
  EXPECT_THAT(refused, HasReason("QUEUE_FULL"));
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(DetailOf(refused).retry_after.has_value());
  EXPECT_EQ(done, 0);
  Release();
  journal->Stop();
  EXPECT_EQ(done, 3);
  EXPECT_FALSE(testing::IsStored(store, 2));
}

TEST_F(GroupCommitTest, WhatWaitsAtTheStopIsDoneAndNothingAfterIt) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  Occupy(*journal);
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i) {
    journal->Submit(LogAndStore(1), [&done](const auto& answer) { done += answer.ok() ? 1 : 0; });
  }
  std::thread stopper([&journal] { journal->Stop(); });
  Release();
  stopper.join();
  EXPECT_EQ(done, 20);
  EXPECT_THAT(journal->SubmitAndWait(LogAndStore(2)), HasReason("LOG_UNAVAILABLE"));
  EXPECT_TRUE(journal->healthy());
  journal->Stop();
  EXPECT_EQ(CheckLog().leaves.back().kind, tlog::LeafKind::kServiceStop);
}

TEST_F(GroupCommitTest, SixteenThreadsGetSixteenTimesFiftyReceipts) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  std::atomic<int> failed = 0;
  std::vector<std::vector<CommittedLeaf>> receipts(16);
  std::vector<std::thread> callers;
  for (std::vector<CommittedLeaf>& mine : receipts) {
    callers.emplace_back([&journal, &mine, &failed, this] {
      for (int i = 0; i < 50; ++i) {
        auto leaves = journal->SubmitAndWait(LogAndStore(1));
        if (!leaves.ok() || leaves->size() != 1) {
          ++failed;
          continue;
        }
        mine.push_back(std::move(leaves->front()));
        const auto reader = store.Snapshot().value();
        if (!journal->ReceiptsFor(*reader, {mine.back().index}).ok()) ++failed;
        if (journal->Published().size < 2 || !journal->healthy()) ++failed;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(failed, 0);
  journal->Stop();
  std::vector<bool> seen(16 * 50 + 2);
  for (const auto& mine : receipts) {
    for (const CommittedLeaf& leaf : mine) {
      testing::CheckReceipt(leaf);
      EXPECT_FALSE(seen.at(leaf.index)) << leaf.index;
      seen.at(leaf.index) = true;
    }
  }
  EXPECT_EQ(CheckLog().leaves.size(), 16U * 50 + 3);
}

}  // namespace
}  // namespace sluis::journal
