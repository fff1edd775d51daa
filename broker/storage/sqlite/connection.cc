#include "broker/storage/sqlite/connection.h"

#include <sqlite3.h>

#include <limits>

#include "absl/strings/str_format.h"
#include "broker/storage/engine_rules.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {
namespace {

// What a person can do about it; the number is SQLite's, for whoever looks further.
absl::Status StatusOf(int result) {
  switch (result & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return StoreInconsistent("the database is damaged; restore it from the backup");
    case SQLITE_ERROR:  // our statements are fixed, so it is the tables that differ
      return StoreInconsistent("the tables of the database are not as they were made; restore it from the backup");
    case SQLITE_CONSTRAINT:
      return StoreInconsistent("a record does not fit what is stored; the change was refused");
    case SQLITE_FULL:
      return StoreUnavailable("the disk of the database is full; make room");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreUnavailable("another process is writing to the database; stop it");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return StoreUnavailable("the database may not be written; look at its owner and mode");
    case SQLITE_CANTOPEN:
      return StoreUnavailable("the database cannot be opened; look at its folder, owner and mode");
    default:
      return StoreUnavailable(
          absl::StrFormat("the database failed (sqlite %d); look at its disk and memory", result));
  }
}

// Faults after which the pages in memory can no longer be trusted.
bool IsFault(int result) {
  switch (result & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return true;
    default:
      return false;
  }
}

// A null pointer would bind NULL where an empty value is meant.
const char* Start(std::string_view bytes) { return bytes.data() == nullptr ? "" : bytes.data(); }

}  // namespace

Statement::Statement(Connection& connection, std::size_t slot, const char* text) : connection_(connection) {
  if (connection.kept_.size() <= slot) connection.kept_.resize(slot + 1);
  sqlite3_stmt*& kept = connection.kept_[slot];
  if (kept == nullptr) {
    fault_ = sqlite3_prepare_v3(connection.database_, text, -1, SQLITE_PREPARE_PERSISTENT, &kept, nullptr);
  }
  statement_ = kept;
}

Statement::~Statement() {
  if (statement_ == nullptr) return;  // could not be prepared
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Statement& Statement::Int(std::int64_t value) {
  const int result = sqlite3_bind_int64(statement_, ++bound_, value);
  if (fault_ == SQLITE_OK) fault_ = result;
  return *this;
}

Statement& Statement::Index(std::uint64_t value) {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
  return Int(value > static_cast<std::uint64_t>(kLargest) ? kLargest : static_cast<std::int64_t>(value));
}

Statement& Statement::Text(std::string_view value) {
  const int result = sqlite3_bind_text64(statement_, ++bound_, Start(value), value.size(), SQLITE_TRANSIENT,
                                         SQLITE_UTF8);
  if (fault_ == SQLITE_OK) fault_ = result;
  return *this;
}

Statement& Statement::Blob(BytesView value) {
  const int result =
      sqlite3_bind_blob64(statement_, ++bound_, Start(value), value.size(), SQLITE_TRANSIENT);
  if (fault_ == SQLITE_OK) fault_ = result;
  return *this;
}

Statement& Statement::Null() {
  const int result = sqlite3_bind_null(statement_, ++bound_);
  if (fault_ == SQLITE_OK) fault_ = result;
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  if (fault_ != SQLITE_OK) return connection_.Explain(fault_);
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return connection_.Explain(result);
}

absl::Status Statement::Done() { return Step().status(); }

std::int64_t Statement::IntAt(int column) const { return sqlite3_column_int64(statement_, column); }

Bytes Statement::BlobAt(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return size == 0 ? Bytes() : Bytes(static_cast<const char*>(data), size);
}

bool Statement::IsNullAt(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::filesystem::path& path, Role role,
                                                             absl::Duration busy_timeout) {
  sqlite3* database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int result = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  auto connection = std::unique_ptr<Connection>(new Connection(database));
  if (result != SQLITE_OK) return StatusOf(result);
  sqlite3_busy_timeout(database, static_cast<int>(absl::ToInt64Milliseconds(busy_timeout)));
  SLUIS_RETURN_IF_ERROR(connection->Configure(role));
  return connection;
}

Connection::~Connection() {
  for (sqlite3_stmt* statement : kept_) sqlite3_finalize(statement);
  sqlite3_close_v2(database_);
}

// Each setting that durability rests on is read back: SQLite falls back in silence where a disk cannot do it.
absl::Status Connection::Configure(Role role) {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  SLUIS_ASSIGN_OR_RETURN(const std::string journal, AskText("PRAGMA journal_mode = WAL"));
  if (journal != "wal" || sqlite3_db_readonly(database_, "main") != 0) {
    return StoreUnavailable("the database cannot be written in WAL mode; put it on a local, writable disk");
  }
  // secure_delete: what is erased is overwritten in the file. temp_store: nothing is spilled into other files.
  SLUIS_RETURN_IF_ERROR(
      Run("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
          "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"));
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t synchronous, Ask("PRAGMA synchronous"));
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t foreign_keys, Ask("PRAGMA foreign_keys"));
  if (synchronous != 2 || foreign_keys != 1) {
    return StoreUnavailable("this SQLite library lacks full synchronous writes or foreign keys; replace it");
  }
  return role == Role::kReader ? Run("PRAGMA query_only = ON") : absl::OkStatus();
}

absl::Status Connection::Run(const std::string& text) {
  const int result = sqlite3_exec(database_, text.c_str(), nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? absl::OkStatus() : Explain(result);
}

absl::StatusOr<std::string> Connection::AskText(const std::string& text) {
  sqlite3_stmt* statement = nullptr;
  int result = sqlite3_prepare_v2(database_, text.c_str(), -1, &statement, nullptr);
  if (result == SQLITE_OK) result = sqlite3_step(statement);
  std::string answer;
  if (result == SQLITE_ROW) {
    answer.assign(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)),
                  static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
  }
  sqlite3_finalize(statement);
  if (result != SQLITE_ROW) return Explain(result);
  return answer;
}

absl::StatusOr<std::int64_t> Connection::Ask(const std::string& text) {
  SLUIS_ASSIGN_OR_RETURN(const std::string answer, AskText(text));
  return std::strtoll(answer.c_str(), nullptr, 10);
}

int Connection::changes() const { return sqlite3_changes(database_); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

absl::Status Connection::CheckInPlace() {
  int moved = 0;
  const int result = sqlite3_file_control(database_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (result != SQLITE_OK) return Explain(result);
  if (moved == 0) return absl::OkStatus();
  faulted_ = true;
  return StoreUnavailable("the database file was removed or replaced; put it back and restart");
}

absl::Status Connection::Explain(int result) {
  faulted_ = faulted_ || IsFault(result);
  return StatusOf(result);
}

}  // namespace sluis::storage
