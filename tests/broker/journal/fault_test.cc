// Break the store or the guard at every step, then check everything (log.md B11).
#include <atomic>

#include "tests/broker/journal/fixture.h"
#include "tests/broker/journal/full_disk.h"
#include "tests/support/faulty_store.h"
#include "tests/support/status_matchers.h"

namespace sluis::journal {
namespace {

using testing::Fault;
using testing::FullDisk;
using testing::HasReason;
using testing::LogAndStore;

class FaultTest : public testing::JournalTest {
 protected:
  struct Story {
    std::vector<CommittedLeaf> acknowledged;
    int refused = 0, faults = 0;
    absl::Status cause;
  };
  // Three callers, then the orderly stop, with the fault armed.
  Story Run(Journal& journal) {
    Story story;
    journal.OnFault([&story](const absl::Status& cause) { ++story.faults, story.cause = cause; });
    for (std::uint8_t i = 1; i <= 3; ++i) {
      journal.Submit(LogAndStore(i), [&story](const auto& answer) {
        if (answer.ok()) {
          story.acknowledged.push_back(answer->at(0));
        } else {
          EXPECT_THAT(answer, HasReason("LOG_UNAVAILABLE"));
          EXPECT_TRUE(DetailOf(answer.status()).retry_after.has_value());
          ++story.refused;
        }
      });
    }
    journal.Stop();
    return story;
  }
  // What must hold after every fault, and after the restart.
  void CheckAll(const Story& story, storage::MemoryStore& on) {
    EXPECT_EQ(story.acknowledged.size() + static_cast<std::size_t>(story.refused), 3U);
    CheckLog(on);
    ASSERT_OK_AND_ASSIGN(auto journal, Open(on));
    ASSERT_OK(journal->SubmitAndWait(LogAndStore(9)));
    journal.reset();
    CheckLog(on);
    for (const CommittedLeaf& leaf : story.acknowledged) {
      testing::CheckReceipt(leaf);
      testing::CheckContinues(on, leaf);
    }
  }
  void RemoveGuard() { std::filesystem::remove(guard_path()); }
};

class StoreFaultTest : public FaultTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(StoreFaultTest, StopsAtEachStepAndTheRestartFindsAWholeLog) {
  int struck = 0;
  for (int nth = 1;; ++nth) {
    RemoveGuard();
    storage::MemoryStore memory;
    testing::FaultyStore faulty(memory);
    ASSERT_OK_AND_ASSIGN(auto journal, Open(faulty));
    faulty.Arm(GetParam(), nth);
    const Story story = Run(*journal);
    EXPECT_EQ(journal->healthy(), !faulty.struck()) << nth;
    EXPECT_EQ(story.faults, faulty.struck() ? 1 : 0) << nth;
    if (faulty.struck()) {
      EXPECT_THAT(story.cause, HasReason("STORE_UNAVAILABLE"));
      EXPECT_THAT(journal->SubmitAndWait(LogAndStore(4)), HasReason("LOG_UNAVAILABLE"));
    }
    journal.reset();
    CheckAll(story, memory);
    if (!faulty.struck()) break;
    ++struck;
  }
  EXPECT_GE(struck, GetParam() == Fault::kWrite ? 12 : 2);
}

TEST_P(StoreFaultTest, StopsTheStartAtEachStepAndTheNextOneFindsAWholeLog) {
  for (int nth = 1;; ++nth) {
    RemoveGuard();
    storage::MemoryStore memory;
    testing::FaultyStore faulty(memory);
    faulty.Arm(GetParam(), nth);
    const auto first = Open(faulty);
    if (!faulty.struck()) break;
    EXPECT_THAT(first, HasReason("STORE_UNAVAILABLE")) << nth;
    CheckAll({{}, 3, 1, {}}, memory);
  }
}

INSTANTIATE_TEST_SUITE_P(All, StoreFaultTest,
                         ::testing::Values(Fault::kWrite, Fault::kCommitLost,
                                           Fault::kCommitPersisted, Fault::kBegin),
                         [](const auto& fault) {
                           switch (fault.param) {
                             case Fault::kWrite:
                               return "Write";
                             case Fault::kCommitLost:
                               return "CommitLost";
                             case Fault::kCommitPersisted:
                               return "CommitPersisted";
                             default:
                               return "Begin";
                           }
                         });

TEST_F(FaultTest, AGuardThatCannotBeWrittenStopsTheLog) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  ASSERT_OK_AND_ASSIGN(const auto before, store.Snapshot());
  Story story;
  {
    const FullDisk full;
    story = Run(*journal);
  }
  EXPECT_EQ(story.acknowledged.size(), 0U);
  EXPECT_EQ(story.faults, 1);
  EXPECT_THAT(story.cause, HasReason("LOG_UNAVAILABLE"));
  EXPECT_FALSE(journal->healthy());

  // Committed, but in no guard: nobody gets a checkpoint or a record of it from this process.
  ASSERT_OK_AND_ASSIGN(const auto after, store.Snapshot());
  ASSERT_GT(after->ReadHead()->size, 2U);
  EXPECT_EQ(journal->Published(), *before->ReadHead());
  EXPECT_THAT(journal->ReceiptsFor(*after, {2}), HasReason("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(journal->OpenRecord(*after, 2), HasReason("RESOURCE_NOT_FOUND"));
  journal.reset();
  CheckAll(story, store);
}

TEST_F(FaultTest, AnotherWriterStopsTheLog) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  {
    const auto transaction = store.Begin().value();
    const storage::LogHead head = transaction->ReadHead().value();
    storage::LogHead moved = head;
    moved.note += "x";
    ASSERT_OK(transaction->SwapHead(head, moved));
    ASSERT_OK(transaction->Commit());
  }
  const Story story = Run(*journal);
  EXPECT_EQ(story.refused, 3);
  EXPECT_THAT(story.cause, HasReason("HEAD_MOVED"));
}

// An item that does not pass on what the store said must not be committed half.
TEST_F(FaultTest, AFailureThatAnItemSwallowsStillStopsTheLog) {
  testing::FaultyStore faulty(store);
  ASSERT_OK_AND_ASSIGN(auto journal, Open(faulty));
  faulty.Arm(Fault::kWrite, 2);  // the first is BeginItem
  EXPECT_THAT(journal->SubmitAndWait([](auto& transaction, auto& log) {
    EXPECT_FALSE(transaction.PutDirectoryVersion(3).ok());
    (void)log.Append(testing::RequestDraft(1));
    return absl::OkStatus();
  }),
              HasReason("LOG_UNAVAILABLE"));
  EXPECT_FALSE(journal->healthy());
  journal.reset();
  EXPECT_EQ(CheckLog().leaves.size(), 2U);
}

TEST_F(FaultTest, AnItemMayNotDoTheJournalsWork) {
  const std::function<absl::Status(storage::Transaction&)> acts[] = {
      [](auto& transaction) { return transaction.BeginItem(); },
      [](auto& transaction) { return transaction.KeepItem(); },
      [](auto& transaction) { return transaction.UndoItem(); },
      [](auto& transaction) {
        return transaction.AppendLeaf(2, "", std::nullopt, {}, absl::Now());
      },
      [](auto& transaction) { return transaction.PutTile(0, 0, ""); },
      [](auto& transaction) { return transaction.SwapHead({}, {}); },
      [](auto& transaction) { return transaction.Commit(); },
  };
  for (const auto& act : acts) {
    ASSERT_OK_AND_ASSIGN(auto journal, Open());
    absl::Status cause;
    journal->OnFault([&cause](const absl::Status& status) { cause = status; });
    EXPECT_THAT(journal->SubmitAndWait([&act](auto& transaction, auto&) {
      (void)act(transaction);
      return absl::OkStatus();
    }),
                HasReason("LOG_UNAVAILABLE"));
    journal->Stop();
    EXPECT_THAT(cause, HasReason("INCIDENT"));
  }
  CheckLog();
}

TEST_F(FaultTest, WhoAsksLateIsStillTold) {
  testing::FaultyStore faulty(store);
  ASSERT_OK_AND_ASSIGN(auto journal, Open(faulty));
  faulty.Arm(Fault::kBegin, 1);
  EXPECT_THAT(journal->SubmitAndWait(LogAndStore(1)), HasReason("LOG_UNAVAILABLE"));
  journal->Stop();
  int told = 0;
  journal->OnFault([&told](const absl::Status&) { ++told; });
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace sluis::journal
