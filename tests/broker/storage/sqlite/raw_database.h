// The database file seen by somebody who is not our engine: reads plans and does damage.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

struct sqlite3;

namespace sluis::storage::testing {

class RawDatabase {
 public:
  // Makes the file if there is none. Failures are test failures.
  explicit RawDatabase(const std::filesystem::path& path);
  ~RawDatabase();
  RawDatabase(const RawDatabase&) = delete;
  RawDatabase& operator=(const RawDatabase&) = delete;

  void Run(const std::string& sql);
  // Column `column` of every row.
  std::vector<std::string> Rows(const std::string& sql, int column);

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace sluis::storage::testing
