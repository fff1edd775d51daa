// A damaged file is DATA_LOSS / LOG_INCONSISTENT, never a wrong answer; errors tell nothing about the inside.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "broker/storage/sqlite/sqlite_store.h"
#include "lib/base/file.h"
#include "tests/broker/storage/samples.h"
#include "tests/broker/storage/sqlite/log_rounds.h"
#include "tests/broker/storage/sqlite/raw_database.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::storage::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::AnyOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kPage = 4096;

MATCHER(TellsNothing, "speaks of no table, statement or path") {
  return ::testing::ExplainMatchResult(
      Not(AnyOf(ContainsRegex("SELECT|INSERT|UPDATE|DELETE|PRAGMA|BEGIN"), HasSubstr("log_"), HasSubstr("_file"),
                HasSubstr("/tmp"), HasSubstr(".db"), HasSubstr("malformed"), HasSubstr("constraint"))),
      arg.ToString(), result_listener);
}

class SqliteDamageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto store = Open().value();
    for (std::uint64_t round = 0; round < 5; ++round) ASSERT_OK(CommitRound(*store, round));
    const auto transaction = store->Begin().value();
    ASSERT_OK(transaction->PutCase(SampleCase(1, At(0))));
    ASSERT_OK(transaction->Commit());
  }
  absl::StatusOr<std::unique_ptr<SqliteStore>> Open() { return SqliteStore::Open(path_); }
  void Overwrite(const Bytes& content) { ASSERT_OK(WriteFileAtomic(path_, content)); }
  void Damage(const std::string& sql) { RawDatabase(path_).Run("PRAGMA foreign_keys = OFF;" + sql); }
  // The first fault of opening the file and reading all that it should hold.
  absl::Status ReadAll() {
    auto store = Open();
    if (!store.ok()) return store.status();
    auto reader = (*store)->Snapshot();
    if (!reader.ok()) return reader.status();
    for (const absl::Status& status :
         {(*reader)->ReadHead().status(), (*reader)->ReadLeaves(0, 5).status(),
          (*reader)->ReadRecord(4).status(), (*reader)->FindCase(CaseNumber(1)).status(),
          (*reader)->FindMailbox(ExchangeNumber(4)).status(), (*reader)->ReadTile(0, 0).status(),
          (*reader)->ListExchanges(Police(), std::nullopt, std::nullopt, 9).status()}) {
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  void ExpectDamageFound() {
    const absl::Status status = ReadAll();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(status, HasReason("LOG_INCONSISTENT"));
    EXPECT_THAT(status, TellsNothing());
  }

  ::sluis::testing::TempDir folder_;
  const std::filesystem::path path_ = folder_.path() / "sluis.db";
};

TEST_F(SqliteDamageTest, WholeFileReads) { EXPECT_OK(ReadAll()); }

TEST_F(SqliteDamageTest, FileThatIsNoDatabase) {
  Overwrite(Bytes(3 * kPage, 'x'));
  ExpectDamageFound();
}

TEST_F(SqliteDamageTest, AllPagesButTheFirstOverwritten) {
  const Bytes whole = ReadFile(path_).value();
  Overwrite(whole.substr(0, kPage) + Bytes(whole.size() - kPage, '\xff'));
  ExpectDamageFound();
}

TEST_F(SqliteDamageTest, FileCutInHalf) {
  const Bytes whole = ReadFile(path_).value();
  Overwrite(whole.substr(0, whole.size() / kPage / 2 * kPage));
  ExpectDamageFound();
}

// Whichever page is lost: either its damage is told, or nothing that was read stood on it.
TEST_F(SqliteDamageTest, AnyOnePageOverwrittenNeverGivesAWrongAnswer) {
  const Bytes whole = ReadFile(path_).value();
  int found = 0;
  for (std::size_t at = kPage; at < whole.size(); at += kPage) {
    Bytes damaged = whole;
    damaged.replace(at, kPage, Bytes(kPage, '\xff'));
    Overwrite(damaged);
    const absl::Status status = ReadAll();
    if (status.ok()) continue;
    ++found;
    EXPECT_THAT(status, HasReason("LOG_INCONSISTENT")) << at;
    EXPECT_THAT(status, TellsNothing());
  }
  EXPECT_GT(found, 10);
}

TEST_F(SqliteDamageTest, RecordWithAnotherByteInFront) {
  Damage("UPDATE case_file SET body = x'02'");
  ExpectDamageFound();
}

TEST_F(SqliteDamageTest, LeafInTheMiddleGone) {
  Damage("DELETE FROM log_leaf WHERE idx = 2");
  ExpectDamageFound();
}

TEST_F(SqliteDamageTest, SaltGoneWhileItsRecordStands) {
  Damage("DELETE FROM log_salt WHERE idx = 4");
  ExpectDamageFound();
}

TEST_F(SqliteDamageTest, HeadGone) {
  Damage("DELETE FROM log_head");
  ExpectDamageFound();
}

TEST_F(SqliteDamageTest, TableGone) {
  Damage("DROP TABLE log_tile");
  ExpectDamageFound();
}

}  // namespace
}  // namespace sluis::storage::testing
