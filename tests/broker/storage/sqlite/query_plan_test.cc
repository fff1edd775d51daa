// Every statement of the engine is answered from an index, in the order of that index.
#include <gmock/gmock.h>

#include "broker/storage/sqlite/sqlite_replay.h"
#include "broker/storage/sqlite/sqlite_state.h"
#include "broker/storage/sqlite/sqlite_store.h"
#include "broker/storage/sqlite/statements.h"
#include "broker/storage/sqlite/transcryptor_statements.h"
#include "tests/broker/storage/sqlite/raw_database.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::storage::testing {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kDetail = 3;  // column of EXPLAIN QUERY PLAN

class SqliteQueryPlanTest : public ::testing::Test {
 protected:
  SqliteQueryPlanTest() { EXPECT_OK(SqliteStore::Open(path_)); }
  std::vector<std::string> PlanOf(const std::string& sql) {
    return RawDatabase(path_).Rows("EXPLAIN QUERY PLAN " + sql, kDetail);
  }

  ::sluis::testing::TempDir folder_;
  const std::filesystem::path path_ = folder_.path() / "sluis.db";
};

void ExpectIndexed(const std::string& sql, const std::vector<std::string>& plan) {
  EXPECT_THAT(plan, Each(Not(StartsWith("SCAN")))) << sql;
  EXPECT_THAT(plan, Each(Not(HasSubstr("TEMP B-TREE")))) << sql;
  if (!sql.starts_with("INSERT")) {
    EXPECT_THAT(plan, Contains(StartsWith("SEARCH"))) << sql;
  }
}

TEST_F(SqliteQueryPlanTest, NoStatementScansOrSorts) {
  for (std::size_t i = 0; i < kSqlCount; ++i) {
    const std::string sql = TextOf(static_cast<Sql>(i));
    ExpectIndexed(sql, PlanOf(sql));
  }
}

template <typename OwnSql>
void ExpectAllIndexed(const std::filesystem::path& path) {
  RawDatabase database(path);
  for (std::size_t i = 0; i < static_cast<std::size_t>(OwnSql::kEnd); ++i) {
    const std::string sql = TextOf(static_cast<OwnSql>(i));
    ExpectIndexed(sql, database.Rows("EXPLAIN QUERY PLAN " + sql, kDetail));
  }
}

TEST_F(SqliteQueryPlanTest, NoStatementOfATranscryptorScansOrSorts) {
  ASSERT_OK(SqliteReplayStore::Open(folder_.path() / "replay.db"));
  ASSERT_OK(SqliteStateStore::Open(folder_.path() / "state.db", /*create=*/true));
  ExpectAllIndexed<ReplaySql>(folder_.path() / "replay.db");
  ExpectAllIndexed<StateSql>(folder_.path() / "state.db");
}

TEST_F(SqliteQueryPlanTest, WouldNoticeAScanAndASort) {
  EXPECT_THAT(PlanOf("SELECT id FROM exchange WHERE create_ns = 1"), Contains(StartsWith("SCAN")));
  EXPECT_THAT(PlanOf("SELECT id FROM case_file WHERE id = x'00' UNION SELECT id FROM exchange WHERE id = x'00'"),
              Contains(HasSubstr("TEMP B-TREE")));
}

}  // namespace
}  // namespace sluis::storage::testing
