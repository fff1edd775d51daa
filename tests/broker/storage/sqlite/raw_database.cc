#include "tests/broker/storage/sqlite/raw_database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace sluis::storage::testing {

RawDatabase::RawDatabase(const std::filesystem::path& path) {
  EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK);
}

RawDatabase::~RawDatabase() { sqlite3_close(database_); }

void RawDatabase::Run(const std::string& sql) {
  EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sql << ": " << sqlite3_errmsg(database_);
}

std::vector<std::string> RawDatabase::Rows(const std::string& sql, int column) {
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sql << ": " << sqlite3_errmsg(database_);
  std::vector<std::string> rows;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    rows.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
  }
  sqlite3_finalize(statement);
  return rows;
}

}  // namespace sluis::storage::testing
