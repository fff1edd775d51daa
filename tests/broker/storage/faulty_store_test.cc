#include "tests/support/faulty_store.h"

#include <gtest/gtest.h>

#include "broker/storage/memory/memory_store.h"
#include "tests/broker/storage/samples.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {
namespace {

using ::sluis::testing::Fault;
using ::sluis::testing::FaultyStore;
using ::sluis::testing::HasReason;

class FaultyStoreTest : public ::testing::Test {
 protected:
  // One item with two writes: four calls that count as writes.
  absl::Status WriteTwo() {
    auto transaction = faulty_.Begin();
    if (!transaction.ok()) return transaction.status();
    for (const absl::Status& status :
         {(*transaction)->BeginItem(), (*transaction)->PutDirectoryVersion(1),
          (*transaction)->PutCase(SampleCase(1, At(0))), (*transaction)->KeepItem()}) {
      if (!status.ok()) return status;
    }
    return (*transaction)->Commit();
  }
  bool Kept() { return (*store_.Snapshot())->FindCase(CaseNumber(1)).value().has_value(); }

  MemoryStore store_;
  FaultyStore faulty_{store_};
};

TEST_F(FaultyStoreTest, PassesEverythingOnWhenNothingIsArmed) {
  ASSERT_OK(WriteTwo());
  EXPECT_TRUE(Kept());
  EXPECT_EQ(faulty_.writes(), 4);
  EXPECT_EQ(faulty_.commits(), 1);
  EXPECT_FALSE(faulty_.struck());
}

TEST_F(FaultyStoreTest, EachWriteCanFailAndThenNothingOfTheTransactionIsKept) {
  for (int nth = 1; nth <= 4; ++nth) {
    faulty_.Arm(Fault::kWrite, nth);
    EXPECT_THAT(WriteTwo(), HasReason("STORE_UNAVAILABLE")) << nth;
    EXPECT_TRUE(faulty_.struck());
    EXPECT_FALSE(Kept());
  }
  faulty_.Arm(Fault::kWrite, 5);
  ASSERT_OK(WriteTwo());
  EXPECT_FALSE(faulty_.struck());
}

TEST_F(FaultyStoreTest, NoCommitAfterAFailedWrite) {
  faulty_.Arm(Fault::kWrite, 2);
  auto transaction = *faulty_.Begin();
  ASSERT_OK(transaction->PutDirectoryVersion(1));
  EXPECT_FALSE(transaction->PutCase(SampleCase(1, At(0))).ok());
  EXPECT_THAT(transaction->Commit(), HasReason("STORE_UNAVAILABLE"));
}

TEST_F(FaultyStoreTest, FailedCommitIsLostOrPersistedAsArmed) {
  faulty_.Arm(Fault::kCommitLost, 1);
  EXPECT_THAT(WriteTwo(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_FALSE(Kept());
  faulty_.Arm(Fault::kCommitPersisted, 1);
  EXPECT_THAT(WriteTwo(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_TRUE(Kept());
}

TEST_F(FaultyStoreTest, BeginAndSnapshotFailOnceAtTheNthCall) {
  faulty_.Arm(Fault::kBegin, 2);
  EXPECT_OK(faulty_.Begin());
  EXPECT_THAT(faulty_.Begin(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_OK(faulty_.Begin());
  faulty_.Arm(Fault::kSnapshot, 1);
  EXPECT_THAT(faulty_.Snapshot(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_OK(faulty_.Snapshot());
}

}  // namespace
}  // namespace sluis::storage::testing
