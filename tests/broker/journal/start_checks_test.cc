// Every refusal of a start, each with its cause (log.md B9).
#include "broker/journal/start_checks.h"

#include <filesystem>
#include <map>

#include "broker/journal/log_writer.h"
#include "broker/journal/watched_transaction.h"
#include "lib/tlog/checkpoint.h"
#include "lib/tlog/merkle.h"
#include "tests/broker/journal/fixture.h"
#include "tests/support/status_matchers.h"

namespace sluis::journal {
namespace {

using testing::HasReason;

// A store of which some rows are not as they were written.
class Tampered : public WatchedTransaction {
 public:
  using WatchedTransaction::WatchedTransaction;
  absl::StatusOr<storage::LogHead> ReadHead() override {
    return head ? *head : WatchedTransaction::ReadHead();
  }
  absl::StatusOr<std::vector<Bytes>> ReadLeaves(std::uint64_t first, std::uint64_t end) override {
    auto read = WatchedTransaction::ReadLeaves(first, end);
    for (const auto& [index, bytes] : leaves) {
      if (read.ok() && index >= first && index < end) (*read)[index - first] = bytes;
    }
    return read;
  }
  absl::StatusOr<std::optional<Bytes>> ReadTile(int level, std::uint64_t n) override {
    const auto found = tiles.find({level, n});
    return found == tiles.end() ? WatchedTransaction::ReadTile(level, n) : found->second;
  }
  std::optional<storage::LogHead> head;
  std::map<std::uint64_t, Bytes> leaves;
  std::map<std::pair<int, std::uint64_t>, std::optional<Bytes>> tiles;
};

Bytes Flipped(Bytes bytes, std::size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  return bytes;
}

class StartChecksTest : public testing::JournalTest {
 protected:
  // 602 leaves: two full tiles, and 90 in the third.
  void SetUp() override {
    auto journal = Open().value();
    while (heads.empty() || heads.back().size < 601) {
      ASSERT_OK(journal->SubmitAndWait([this](auto&, LeafSink& log) {
        for (int i = 0; i < (heads.empty() ? 298 : 301); ++i)
          EXPECT_OK(log.Append(testing::RequestDraft(1)));
        return absl::OkStatus();
      }));
      heads.push_back(store.Snapshot().value()->ReadHead().value());
    }
    journal.reset();
    heads.push_back(store.Snapshot().value()->ReadHead().value());
    transaction = store.Begin().value();
    tampered = std::make_unique<Tampered>(*transaction);
    guard = heads.back();
  }
  // `check` of the refusal, its reason when it has none, or "ok".
  std::string Check(const Ed25519PrivateKey& key = testing::LogKey()) {
    const auto vkey =
        tlog::VerifierKey::Create(testing::kOrigin, tlog::KeyType::kEd25519, key.public_key());
    const auto state = CheckStart(*tampered, guard, *vkey);
    if (state.ok()) return "ok";
    const ErrorDetail detail = DetailOf(state.status());
    if (!detail.metadata.contains("check")) return detail.reason;
    EXPECT_EQ(detail.reason, "LOG_INCONSISTENT");
    return detail.metadata.at("check");
  }
  static storage::LogHead Signed(std::uint64_t size, const Digest& root) {
    return {size, root,
            tlog::SignCheckpoint({testing::kOrigin, size, root, {}}, testing::LogKey()).value()};
  }
  Bytes Tile(int level, std::uint64_t n) { return transaction->ReadTile(level, n).value().value(); }
  Bytes Leaf(std::uint64_t index) { return transaction->ReadLeaves(index, index + 1)->front(); }

  std::vector<storage::LogHead> heads;  // 300, 601, 602 leaves
  std::unique_ptr<storage::Transaction> transaction;
  std::unique_ptr<Tampered> tampered;
  std::optional<storage::LogHead> guard;
};

TEST_F(StartChecksTest, AWholeLogGoesOn) {
  EXPECT_EQ(heads.back().size, 602U);
  EXPECT_EQ(Check(), "ok");
  guard = heads[0];
  EXPECT_EQ(Check(), "ok");
  guard = storage::LogHead{0, tlog::EmptyRoot(), {}};
  EXPECT_EQ(Check(), "ok");
}

TEST_F(StartChecksTest, TheHeadMustBeWhatWasSigned) {
  const storage::LogHead head = heads.back();
  const storage::LogHead wrong[] = {
      {head.size, head.root, ""},
      {head.size, head.root, heads[0].note},
      {heads[0].size, head.root, head.note},
      {head.size, heads[0].root, head.note},
      {head.size, head.root, Flipped(head.note, head.note.size() - 20)},
  };
  for (const storage::LogHead& candidate : wrong) {
    tampered->head = candidate;
    EXPECT_EQ(Check(), "head-note");
  }
  tampered->head.reset();
  EXPECT_EQ(Check(Ed25519PrivateKey::Generate()), "head-note");
}

TEST_F(StartChecksTest, TheTilesMustLeadToTheRoot) {
  const std::pair<int, std::uint64_t> edge[] = {{0, 2}, {1, 0}};
  for (const auto& [level, n] : edge) {
    const Bytes tile = Tile(level, n);
    for (const std::size_t at : {std::size_t{0}, tile.size() / 2, tile.size() - 1}) {
      tampered->tiles = {{{level, n}, Flipped(tile, at)}};
      EXPECT_EQ(Check(), "right-edge") << level << " " << at;
    }
    tampered->tiles = {{{level, n}, tile.substr(0, tile.size() - tlog::kHashSize)}};
    EXPECT_EQ(Check(), "right-edge");
    tampered->tiles = {{{level, n}, std::nullopt}};
    EXPECT_EQ(Check(), "right-edge");
  }
}

TEST_F(StartChecksTest, TheLastLeavesMustBeThoseInTheTiles) {
  for (const std::uint64_t index :
       {std::uint64_t{601}, std::uint64_t{512}, std::uint64_t{511}, std::uint64_t{346}}) {
    for (const std::size_t at : {0U, 5U, 60U, 191U}) {
      tampered->leaves = {{index, Flipped(Leaf(index), at)}};
      EXPECT_EQ(Check(), "last-leaves") << index << " " << at;
    }
    tampered->leaves = {{index, Leaf(index - 1)}};
    EXPECT_EQ(Check(), "last-leaves");
    tampered->leaves = {{index, ""}};
    EXPECT_EQ(Check(), "last-leaves");
  }
  tampered->leaves.clear();
  tampered->tiles = {{{0, 1}, Flipped(Tile(0, 1), 255 * tlog::kHashSize)}};
  EXPECT_EQ(Check(), "last-leaves");
}

TEST_F(StartChecksTest, TheGuardMustBeThereAndOurs) {
  guard.reset();
  EXPECT_EQ(Check(), "guard");
  guard = heads.back();
  guard->note.clear();
  EXPECT_EQ(Check(), "guard");
  guard = heads.back();
  guard->size = 300;
  EXPECT_EQ(Check(), "guard");
}

TEST_F(StartChecksTest, ADatabaseOlderThanTheGuardIsRefused) {
  guard = Signed(603, heads.back().root);
  EXPECT_EQ(Check(), "rollback");
}

TEST_F(StartChecksTest, ADatabaseThatTellsAnotherStoryIsRefused) {
  guard = Signed(602, heads[0].root);
  EXPECT_EQ(Check(), "fork");
  guard = Signed(300, heads.back().root);
  EXPECT_EQ(Check(), "fork");
}

class OpenTest : public testing::JournalTest {};

TEST_F(OpenTest, AnEmptiedDatabaseIsRefused) {
  ASSERT_OK(Open());
  storage::MemoryStore empty;
  const auto refused = Open(empty);
  EXPECT_THAT(refused, HasReason("LOG_INCONSISTENT"));
  EXPECT_EQ(DetailOf(refused.status()).metadata.at("check"), "rollback");
}

TEST_F(OpenTest, ALogWithoutItsGuardIsRefused) {
  ASSERT_OK(Open());
  std::filesystem::remove(guard_path());
  const auto refused = Open();
  EXPECT_THAT(refused, HasReason("LOG_INCONSISTENT"));
  EXPECT_EQ(DetailOf(refused.status()).metadata.at("check"), "guard");
}

TEST_F(OpenTest, OneBrokerAtATime) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  EXPECT_THAT(Open(), HasReason("LOG_IN_USE"));
  EXPECT_OK(journal->SubmitAndWait(testing::LogAndStore(1)));
  journal.reset();
  EXPECT_OK(Open());
}

TEST_F(OpenTest, AClosedLogStaysClosed) {
  auto maker = std::make_shared<const EntryMaker>(
      EntryMaker::Create(testing::kOrigin, testing::StoreKey()).value());
  LeafDraft close;
  close.kind = tlog::LeafKind::kClose;
  close.acting = testing::OperatorOin();
  {
    ASSERT_OK_AND_ASSIGN(LogWriter writer,
                         LogWriter::Open(options, store, clock, testing::LogKey(), maker));
    const std::vector<Apply> items = {testing::Log(close)};
    ASSERT_OK(writer.Run(items));
  }
  EXPECT_THAT(Open(), HasReason("LOG_CLOSED"));
}

}  // namespace
}  // namespace sluis::journal
