// The log in the store: leaves in order, tiles that only grow, a head that is compared before it is swapped.
#include <gmock/gmock.h>

#include "tests/broker/storage/engines.h"
#include "tests/broker/storage/samples.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

class LogContract : public StoreContract {
 protected:
  static absl::Status Append(Transaction& transaction, std::uint64_t index,
                             std::vector<PartyId> parties = {}, absl::Time time = At(0)) {
    return transaction.AppendLeaf(index, SampleLeaf(index), SampleLogRecord(index), parties, time);
  }
};

TEST_P(LogContract, EmptyLogHasAnEmptyHead) {
  const auto reader = Snapshot();
  EXPECT_EQ(reader->ReadHead().value(), LogHead());
  EXPECT_THAT(reader->ReadLeaves(0, 0).value(), IsEmpty());
  EXPECT_THAT(reader->ReadLeaves(0, 1), HasReason("LOG_INCONSISTENT"));
  EXPECT_EQ(reader->ReadTile(0, 0).value(), std::nullopt);
  EXPECT_EQ(reader->ReadRecord(0).value(), std::nullopt);
  EXPECT_THAT(reader->ListRecordIndices(Police(), At(0), At(1), std::nullopt, 10).value(), IsEmpty());
}

TEST_P(LogContract, LeavesAreReadByRange) {
  Committed([&](Transaction& t) {
    for (std::uint64_t i = 0; i < 5; ++i) ASSERT_OK(Append(t, i));
  });
  const auto reader = Snapshot();
  EXPECT_THAT(reader->ReadLeaves(1, 4).value(), ElementsAre(SampleLeaf(1), SampleLeaf(2), SampleLeaf(3)));
  EXPECT_EQ(reader->ReadLeaves(0, 5).value().size(), 5u);
  EXPECT_THAT(reader->ReadLeaves(5, 5).value(), IsEmpty());
  EXPECT_THAT(reader->ReadLeaves(4, 1).value(), IsEmpty());
}

TEST_P(LogContract, FewerLeavesThanAskedIsAFault) {
  Committed([&](Transaction& t) { ASSERT_OK(Append(t, 0)); });
  const auto reader = Snapshot();
  EXPECT_THAT(reader->ReadLeaves(0, 2), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(reader->ReadLeaves(1, 2), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(reader->ReadLeaves(0, 0xffffffffffffffff), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(reader->ReadLeaves(0xfffffffffffffff0, 0xffffffffffffffff), HasReason("LOG_INCONSISTENT"));
}

TEST_P(LogContract, LeafIsTheNextOneOf192BytesWithASaltOf32) {
  const auto refuse = [&](std::uint64_t index, Bytes leaf, std::optional<LogRecord> record) {
    const auto transaction = Begin();
    ASSERT_OK(Append(*transaction, 0));
    EXPECT_THAT(transaction->AppendLeaf(index, leaf, record, {}, At(0)), HasReason("LOG_INCONSISTENT"));
    // What failed once cannot be committed.
    EXPECT_THAT(transaction->Commit(), HasReason("LOG_INCONSISTENT"));
  };
  refuse(0, SampleLeaf(0), std::nullopt);
  refuse(2, SampleLeaf(2), std::nullopt);
  refuse(1, SampleLeaf(1).substr(1), std::nullopt);
  refuse(1, SampleLeaf(1) + "x", std::nullopt);
  refuse(1, SampleLeaf(1), LogRecord{.sealed = "s", .salt = Bytes(31, 's')});
  EXPECT_THAT(Snapshot()->ReadLeaves(0, 1), HasReason("LOG_INCONSISTENT"));
}

TEST_P(LogContract, UndoneLeavesGiveTheirIndicesBack) {
  Committed([&](Transaction& t) {
    ASSERT_OK(Append(t, 0));
    ASSERT_OK(t.BeginItem());
    ASSERT_OK(Append(t, 1, {Police()}));
    ASSERT_OK(Append(t, 2, {Police()}));
    ASSERT_OK(t.UndoItem());
    EXPECT_THAT(t.ReadLeaves(1, 2), HasReason("LOG_INCONSISTENT"));
    ASSERT_OK(t.BeginItem());
    ASSERT_OK(Append(t, 1));
    ASSERT_OK(t.KeepItem());
  });
  const auto reader = Snapshot();
  EXPECT_EQ(reader->ReadLeaves(0, 2).value().size(), 2u);
  EXPECT_THAT(reader->ReadLeaves(0, 3), HasReason("LOG_INCONSISTENT"));
  EXPECT_EQ(reader->ReadRecord(2).value(), std::nullopt);
  EXPECT_THAT(reader->ListRecordIndices(Police(), At(0), At(9), std::nullopt, 10).value(), IsEmpty());
}

TEST_P(LogContract, RecordStandsBesideItsLeaf) {
  Committed([&](Transaction& t) {
    ASSERT_OK(Append(t, 0));
    ASSERT_OK(t.AppendLeaf(1, SampleLeaf(1), std::nullopt, {}, At(0)));
  });
  EXPECT_THAT(Snapshot()->ReadRecord(0).value(), Optional(SampleLogRecord(0)));
  EXPECT_EQ(Snapshot()->ReadRecord(1).value(), std::nullopt);
  EXPECT_EQ(Snapshot()->ReadRecord(0xffffffffffffffff).value(), std::nullopt);
}

TEST_P(LogContract, RecordsAreListedByPartyAndTime) {
  Committed([&](Transaction& t) {
    ASSERT_OK(Append(t, 0, {Police(), Riec()}, At(10)));
    ASSERT_OK(Append(t, 1, {Police(), Police()}, At(20)));  // named twice: listed once
    ASSERT_OK(Append(t, 2, {Riec()}, At(20)));
    ASSERT_OK(Append(t, 3, {Police()}, At(30)));
    ASSERT_OK(t.AppendLeaf(4, SampleLeaf(4), std::nullopt, std::vector{Police()}, At(30)));  // no record
  });
  const auto list = [&](int start, int end, std::optional<std::uint64_t> after, int limit) {
    return Snapshot()->ListRecordIndices(Police(), At(start), At(end), after, limit).value();
  };
  EXPECT_THAT(list(0, 99, std::nullopt, 10), ElementsAre(0u, 1u, 3u));
  EXPECT_THAT(list(0, 99, std::nullopt, 2), ElementsAre(0u, 1u));
  EXPECT_THAT(list(0, 99, 0, 10), ElementsAre(1u, 3u));
  EXPECT_THAT(list(0, 99, 1, 10), ElementsAre(3u));
  EXPECT_THAT(list(0, 99, 3, 10), IsEmpty());
  EXPECT_THAT(list(10, 20, std::nullopt, 10), ElementsAre(0u));
  EXPECT_THAT(list(20, 30, std::nullopt, 10), ElementsAre(1u));
  EXPECT_THAT(list(31, 99, std::nullopt, 10), IsEmpty());
  EXPECT_THAT(list(0, 99, std::nullopt, 0), IsEmpty());
}

TEST_P(LogContract, TileGrowsAndNeverChanges) {
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutTile(0, 0, SampleHashes(3)));
    ASSERT_OK(t.PutTile(0, 0, SampleHashes(256)));
    ASSERT_OK(t.PutTile(0, 0, SampleHashes(256)));  // the same again is no change
    ASSERT_OK(t.PutTile(1, 0, SampleHashes(1)));
    ASSERT_OK(t.PutTile(0, 1, SampleHashes(2)));
  });
  EXPECT_THAT(Snapshot()->ReadTile(0, 0).value(), Optional(SampleHashes(256)));
  EXPECT_THAT(Snapshot()->ReadTile(1, 0).value(), Optional(SampleHashes(1)));
  EXPECT_THAT(Snapshot()->ReadTile(0, 1).value(), Optional(SampleHashes(2)));
  EXPECT_EQ(Snapshot()->ReadTile(0, 2).value(), std::nullopt);

  Bytes other = SampleHashes(3);
  other[40] = 'x';
  for (const Bytes& wrong : {SampleHashes(1), other, Bytes(), Bytes(31, 'x'), Bytes(257 * 32, 'x')}) {
    EXPECT_THAT(Begin()->PutTile(0, 1, wrong), HasReason("LOG_INCONSISTENT"));
  }
  EXPECT_THAT(Snapshot()->ReadTile(0, 1).value(), Optional(SampleHashes(2)));
}

TEST_P(LogContract, HeadIsSwappedOnlyFromTheStoredOne) {
  Committed([&](Transaction& t) { ASSERT_OK(t.SwapHead(LogHead(), SampleHead(3))); });
  EXPECT_EQ(Snapshot()->ReadHead().value(), SampleHead(3));
  LogHead other_size = SampleHead(3);
  other_size.size = 4;
  LogHead other_root = SampleHead(3);
  other_root.root[31] ^= 1;
  for (const LogHead& wrong : {LogHead(), other_size, other_root}) {
    const auto transaction = Begin();
    EXPECT_EQ(transaction->SwapHead(wrong, SampleHead(5)).code(), absl::StatusCode::kAborted);
    EXPECT_FALSE(transaction->Commit().ok());
  }
  EXPECT_EQ(Snapshot()->ReadHead().value(), SampleHead(3));
  Committed([&](Transaction& t) { ASSERT_OK(t.SwapHead(SampleHead(3), SampleHead(5))); });
  EXPECT_EQ(Snapshot()->ReadHead().value(), SampleHead(5));
}

SLUIS_RUN_ON_ALL_ENGINES(LogContract);

}  // namespace
}  // namespace sluis::storage::testing
