// A transaction is all or nothing, an item within it too, and a snapshot is one moment.
#include <atomic>
#include <thread>

#include "tests/broker/storage/engines.h"
#include "tests/broker/storage/samples.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {
namespace {

class TransactionContract : public StoreContract {
 protected:
  bool HasCase(Reader& reader, std::uint32_t number) {
    const auto found = reader.FindCase(CaseNumber(number));
    EXPECT_OK(found);
    return found.ok() && found->has_value();
  }
};

TEST_P(TransactionContract, ReadsItsOwnWritesAndOthersSeeThemAfterCommit) {
  auto transaction = Begin();
  ASSERT_OK(transaction->PutCase(SampleCase(1, At(0))));
  EXPECT_TRUE(HasCase(*transaction, 1));
  EXPECT_EQ(transaction->ListCases(Police(), std::nullopt, 9).value().size(), 1u);
  EXPECT_FALSE(HasCase(*Snapshot(), 1));
  ASSERT_OK(transaction->Commit());
  EXPECT_TRUE(HasCase(*Snapshot(), 1));
}

TEST_P(TransactionContract, DestructionRollsBack) {
  {
    const auto transaction = Begin();
    ASSERT_OK(transaction->PutCase(SampleCase(1, At(0))));
    ASSERT_OK(transaction->BeginItem());
    ASSERT_OK(transaction->PutCase(SampleCase(2, At(0))));
  }
  EXPECT_FALSE(HasCase(*Snapshot(), 1));
  Committed([&](Transaction& t) { EXPECT_FALSE(HasCase(t, 2)); });
}

TEST_P(TransactionContract, SnapshotIsOneMoment) {
  Committed([&](Transaction& t) { ASSERT_OK(t.PutDirectoryVersion(1)); });
  const auto before = Snapshot();
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutDirectoryVersion(2));
    ASSERT_OK(t.PutCase(SampleCase(1, At(0))));
  });
  EXPECT_EQ(before->DirectoryVersion().value(), 1);
  EXPECT_FALSE(HasCase(*before, 1));
  EXPECT_EQ(Snapshot()->DirectoryVersion().value(), 2);
}

TEST_P(TransactionContract, SnapshotTakenDuringATransactionStaysBeforeIt) {
  auto transaction = Begin();
  ASSERT_OK(transaction->PutCase(SampleCase(1, At(0))));
  const auto during = Snapshot();
  ASSERT_OK(transaction->Commit());
  EXPECT_FALSE(HasCase(*during, 1));
}

TEST_P(TransactionContract, SeveralSnapshotsStandBesideEachOther) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (int version = 1; version <= 12; ++version) {
    Committed([&](Transaction& t) { ASSERT_OK(t.PutDirectoryVersion(version)); });
    readers.push_back(Snapshot());
  }
  for (int version = 1; version <= 12; ++version) {
    EXPECT_EQ(readers[static_cast<std::size_t>(version - 1)]->DirectoryVersion().value(), version);
  }
}

TEST_P(TransactionContract, UndoneItemIsGoneWithEverythingInItAndTheOthersStay) {
  Committed([&](Transaction& t) {
    ASSERT_OK(t.BeginItem());
    ASSERT_OK(t.PutCase(SampleCase(1, At(0))));
    ASSERT_OK(t.KeepItem());
    ASSERT_OK(t.BeginItem());
    ASSERT_OK(t.PutCase(SampleCase(2, At(0))));
    CaseRecord changed = SampleCase(1, At(0));
    changed.version = 99;
    ASSERT_OK(t.PutCase(changed));
    ASSERT_EQ(t.AppendInbox(Police(), {}).value(), 1);
    ASSERT_OK(t.PutDirectoryVersion(5));
    ASSERT_OK(t.UndoItem());
    ASSERT_OK(t.BeginItem());
    ASSERT_EQ(t.AppendInbox(Police(), {}).value(), 1);
    ASSERT_OK(t.KeepItem());
  });
  const auto reader = Snapshot();
  EXPECT_EQ(reader->FindCase(CaseNumber(1)).value(), SampleCase(1, At(0)));
  EXPECT_FALSE(HasCase(*reader, 2));
  EXPECT_EQ(reader->DirectoryVersion().value(), 0);
}

TEST_P(TransactionContract, ItemsDoNotNestAndMustEndBeforeCommit) {
  {
    const auto transaction = Begin();
    EXPECT_THAT(transaction->KeepItem(), HasReason("STORE_MISUSE"));
  }
  {
    const auto transaction = Begin();
    EXPECT_THAT(transaction->UndoItem(), HasReason("STORE_MISUSE"));
  }
  {
    const auto transaction = Begin();
    ASSERT_OK(transaction->BeginItem());
    EXPECT_THAT(transaction->BeginItem(), HasReason("STORE_MISUSE"));
  }
  {
    const auto transaction = Begin();
    ASSERT_OK(transaction->PutCase(SampleCase(1, At(0))));
    ASSERT_OK(transaction->BeginItem());
    EXPECT_THAT(transaction->Commit(), HasReason("STORE_MISUSE"));
  }
  EXPECT_FALSE(HasCase(*Snapshot(), 1));
}

TEST_P(TransactionContract, NothingCanBeWrittenAfterCommit) {
  const auto transaction = Begin();
  ASSERT_OK(transaction->Commit());
  EXPECT_THAT(transaction->PutCase(SampleCase(1, At(0))), HasReason("STORE_MISUSE"));
  EXPECT_THAT(transaction->Commit(), HasReason("STORE_MISUSE"));
  EXPECT_FALSE(HasCase(*Snapshot(), 1));
}

TEST_P(TransactionContract, CommitLetsTheNextOneBegin) {
  const auto first = Begin();
  ASSERT_OK(first->Commit());
  const auto second = Begin();
  ASSERT_OK(second->PutDirectoryVersion(3));
  ASSERT_OK(second->Commit());
  EXPECT_EQ(Snapshot()->DirectoryVersion().value(), 3);
}

// Each writer adds one to what it read; a lost update would leave the sum short.
TEST_P(TransactionContract, WritersWaitForEachOther) {
  constexpr int kEach = 25;
  const auto add = [&] {
    for (int i = 0; i < kEach; ++i) {
      auto transaction = Begin();
      const std::int64_t version = transaction->DirectoryVersion().value();
      ASSERT_OK(transaction->PutDirectoryVersion(version + 1));
      ASSERT_OK(transaction->Commit());
    }
  };
  std::thread other(add);
  add();
  other.join();
  EXPECT_EQ(Snapshot()->DirectoryVersion().value(), 2 * kEach);
}

// The writer keeps two values equal in every commit; a reader that mixes two moments sees them differ.
TEST_P(TransactionContract, ReadersBesideAWriterSeeWholeCommits) {
  std::atomic<bool> done = false;
  std::thread reading([&] {
    std::int64_t last = 0;
    do {
      const auto reader = Snapshot();
      const std::int64_t version = reader->DirectoryVersion().value();
      const std::uint64_t size = reader->ReadHead().value().size;
      EXPECT_EQ(size, static_cast<std::uint64_t>(version));
      EXPECT_EQ(reader->ReadLeaves(0, size).value().size(), size);
      EXPECT_GE(version, last);
      last = version;
    } while (!done);
  });
  for (std::uint64_t size = 0; size < 40; ++size) {
    Committed([&](Transaction& t) {
      ASSERT_OK(t.PutDirectoryVersion(static_cast<std::int64_t>(size) + 1));
      ASSERT_OK(t.AppendLeaf(size, SampleLeaf(size), std::nullopt, {}, At(0)));
      ASSERT_OK(t.SwapHead(size == 0 ? LogHead() : SampleHead(size), SampleHead(size + 1)));
    });
  }
  done = true;
  reading.join();
}

SLUIS_RUN_ON_ALL_ENGINES(TransactionContract);

}  // namespace
}  // namespace sluis::storage::testing
