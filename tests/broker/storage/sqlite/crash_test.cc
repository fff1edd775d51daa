// kill -9 at every kind of moment: what was acknowledged is there, what was not is gone or there as a whole.
#include "broker/storage/sqlite/sqlite_store.h"
#include "tests/broker/storage/samples.h"
#include "tests/broker/storage/sqlite/child.h"
#include "tests/broker/storage/sqlite/log_rounds.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::storage::testing {
namespace {

class SqliteCrashTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteStore> Open() { return SqliteStore::Open(folder_.path() / "sluis.db").value(); }

  ::sluis::testing::TempDir folder_;
};

TEST_F(SqliteCrashTest, KilledInMidTransactionLeavesOnlyWhatWasCommitted) {
  Child child([&](const auto& told) {
    const auto store = Open();
    for (std::uint64_t round = 0; round < 3; ++round) {
      if (!CommitRound(*store, round).ok()) return 1;
    }
    const auto transaction = store->Begin().value();
    if (!WriteRound(*transaction, 3).ok() || !transaction->BeginItem().ok()) return 2;
    // More than the page cache holds, so that uncommitted pages are in the file already.
    for (std::uint32_t number = 1000; number < 1100; ++number) {
      if (!transaction->PutExchange(SampleExchange(number, At(0))).ok()) return 3;
      if (!transaction->PutMailbox(SampleMailbox(number)).ok()) return 4;
    }
    told();
    return ::pause();
  });
  ASSERT_TRUE(child.AwaitStep());
  child.Kill();
  EXPECT_EQ(CheckRounds(*Open()), 3u);
}

TEST_F(SqliteCrashTest, KilledBetweenTransactionsLosesNothing) {
  Child child([&](const auto& told) {
    const auto store = Open();
    for (std::uint64_t round = 0; round < 3; ++round) {
      if (!CommitRound(*store, round).ok()) return 1;
    }
    told();
    return ::pause();
  });
  ASSERT_TRUE(child.AwaitStep());
  child.Kill();
  EXPECT_EQ(CheckRounds(*Open()), 3u);
}

TEST_F(SqliteCrashTest, KilledUnderLoadKeepsEveryAcknowledgedCommitAndGoesOn) {
  std::uint64_t size = 0;
  for (int kill = 0; kill < 8; ++kill) {
    Child child([&](const auto& told) {
      const auto store = Open();
      for (std::uint64_t round = size; round < kMostRounds; ++round) {
        if (!CommitRound(*store, round).ok()) return 1;
        told();
      }
      return 0;
    });
    std::uint64_t acknowledged = size;
    for (int step = 0; step <= kill; ++step) {
      ASSERT_TRUE(child.AwaitStep());
      ++acknowledged;
    }
    acknowledged += static_cast<std::uint64_t>(child.Kill());
    size = CheckRounds(*Open());
    // One commit may have been durable without having been told.
    EXPECT_GE(size, acknowledged);
    EXPECT_LE(size, acknowledged + 1);
  }
}

}  // namespace
}  // namespace sluis::storage::testing
