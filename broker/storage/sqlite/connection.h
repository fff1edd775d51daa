// One connection to the database file: the only place that talks to SQLite. What goes wrong leaves here as a
// status without SQL, path or driver text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/storage/sqlite/statements.h"
#include "lib/base/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sluis::storage {

class Connection;

// A prepared statement in use. Values are bound in order. Resets itself; must end before its connection and
// before the same statement is used again.
class Statement {
 public:
  // `sql` is of an enumeration with a TextOf: Sql for the broker's database.
  template <typename OwnSql>
  Statement(Connection& connection, OwnSql sql)
      : Statement(connection, static_cast<std::size_t>(sql), TextOf(sql)) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Integers of the log are below 2^63; larger ones are bound as 2^63 - 1, which names nothing.
  Statement& Int(std::int64_t value);
  Statement& Index(std::uint64_t value);
  Statement& Text(std::string_view value);
  Statement& Blob(BytesView value);
  Statement& Null();

  // True: a row is there to be read. False: no more rows.
  absl::StatusOr<bool> Step();
  // Steps to the end of a statement that has no rows to show.
  absl::Status Done();

  // Columns of the row, from 0.
  std::int64_t IntAt(int column) const;
  Bytes BlobAt(int column) const;
  bool IsNullAt(int column) const;

 private:
  // `slot` is the place of `text` among the statements of its database, always the same.
  Statement(Connection& connection, std::size_t slot, const char* text);

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
  int fault_ = 0;  // the first result that was not OK while preparing or binding
};

// Used by one thread at a time.
class Connection {
 public:
  enum class Role { kWriter, kReader };
  // Opens an existing file in WAL mode; refuses (UNAVAILABLE) one that this process cannot write.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::filesystem::path& path, Role role,
                                                          absl::Duration busy_timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Text without parameters and rows, such as BEGIN.
  absl::Status Run(const std::string& text);
  // First column of the first row, as an integer or as text.
  absl::StatusOr<std::int64_t> Ask(const std::string& text);
  absl::StatusOr<std::string> AskText(const std::string& text);

  // Rows that the last finished INSERT, UPDATE or DELETE changed.
  int changes() const;
  // True between BEGIN and its end; SQLite ends a transaction by itself after some faults.
  bool in_transaction() const;
  // UNAVAILABLE when the file was removed or replaced underneath.
  absl::Status CheckInPlace();
  // True once the disk, the memory or the file itself failed: the process must not go on writing (log.md B11).
  bool faulted() const { return faulted_; }

 private:
  friend class Statement;
  explicit Connection(sqlite3* database) : database_(database) {}
  absl::Status Configure(Role role);
  // The status of a result that is not OK, ROW or DONE.
  absl::Status Explain(int result);

  sqlite3* database_;
  std::vector<sqlite3_stmt*> kept_;  // by slot
  bool faulted_ = false;
};

}  // namespace sluis::storage
