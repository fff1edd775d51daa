#include "tests/bench/floor_commit.h"

#include <sqlite3.h>

#include <map>
#include <string>

#include "absl/strings/str_format.h"
#include "broker/storage/sqlite/sqlite_store.h"
#include "lib/base/encoding.h"
#include "lib/crypto/random.h"
#include "tests/bench/must.h"

namespace sluis::bench {
namespace {

constexpr int kActs = 4;
constexpr std::size_t kTileBytes = 128 * 32;  // the growing edge of a tile, half full as on average
constexpr std::size_t kNoteBytes = 256;

void Check(int result, sqlite3* database) {
  if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) {
    Must(absl::InternalError(sqlite3_errmsg(database)), "SQLite");
  }
}

double Ask(sqlite3* database, const std::string& question) {
  sqlite3_stmt* statement = nullptr;
  Check(sqlite3_prepare_v2(database, question.c_str(), -1, &statement, nullptr), database);
  Check(sqlite3_step(statement), database);
  const double answer = sqlite3_column_double(statement, 0);
  sqlite3_finalize(statement);
  return answer;
}

StoredBytes::Table Count(sqlite3* database, const char* table, const char* body, int exchanges) {
  const double rows = Ask(database, absl::StrFormat("SELECT count(*) FROM %s", table));
  const double bytes =
      body[0] == '\0'
          ? 0
          : Ask(database, absl::StrFormat("SELECT avg(length(%s)) FROM %s", body, table));
  return {rows / exchanges, static_cast<std::size_t>(bytes)};
}

}  // namespace

StoredBytes StoredBytes::CountIn(const std::filesystem::path& file) {
  sqlite3* database = nullptr;
  Check(sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), database);
  StoredBytes stored;
  stored.exchanges = static_cast<int>(Ask(database, "SELECT count(*) FROM exchange"));
  Must(stored.exchanges > 0, "exchanges in the database");
  const auto count = [&](const char* table, const char* body) {
    return Count(database, table, body, stored.exchanges);
  };
  stored.exchange = count("exchange", "body");
  stored.exchange_party = count("exchange_party", "");
  stored.request = count("request", "body");
  stored.assertion = count("assertion", "");
  stored.inbox = count("inbox", "");
  stored.leaf = count("log_leaf", "bytes");
  stored.record = count("log_record", "sealed");
  stored.salt = count("log_salt", "salt");
  stored.record_party = count("record_party", "");
  sqlite3_close(database);
  return stored;
}

// The broker's own tables, written by plain prepared statements.
class CommitFloor::Database {
 public:
  Database(const std::filesystem::path& file, const StoredBytes& stored) : stored_(stored) {
    // The store makes the tables; nothing else of it is used.
    Must(storage::SqliteStore::Open(file, {}).status(), "a database");
    Check(sqlite3_open(file.c_str(), &database_), database_);
    Exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000");
  }
  ~Database() {
    for (auto& [text, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }

  void Exec(const char* text) {
    Check(sqlite3_exec(database_, text, nullptr, nullptr, nullptr), database_);
  }

  void Write(int act, std::uint64_t exchange) {
    const std::string id = IdOf(exchange);
    for (int i = 0; i < Due(stored_.assertion.rows); ++i) {
      Run("INSERT INTO assertion VALUES ('https://idp.example/00000099100000001000', ?1, ?2)",
          {Unique()}, {++moment_});
    }
    Run("INSERT INTO exchange VALUES (?1, 0, 1, 1, ?2) ON CONFLICT (id) DO UPDATE SET "
        "body = excluded.body",
        {}, {}, id, Body(stored_.exchange.bytes));
    WriteParties(act, exchange, id);
    WriteMailbox(act, id);
    Run("INSERT INTO request VALUES ('00000099100000001000', 'AnswerExchange', ?1, 0, ?2, ?3)",
        {Unique()}, {}, id, Body(stored_.request.bytes));
    leaf_debt_ += stored_.leaf.rows / kActs;
    for (; leaf_debt_ >= 1; leaf_debt_ -= 1) WriteLeaf();
    inbox_debt_ += stored_.inbox.rows / kActs;
    for (; inbox_debt_ >= 1; inbox_debt_ -= 1) {
      Run("INSERT INTO inbox VALUES ('00000099200000001000 politie/informatie', ?1, 1, ?2, 0)", {},
          {++line_}, id);
    }
  }

  // What every commit writes once, whatever the number of acts in it.
  void WriteHead() {
    for (int level = 0; level < 2; ++level) {
      Run("INSERT INTO log_tile VALUES (?1, ?2, ?3) ON CONFLICT (level, n) DO UPDATE SET "
          "hashes = excluded.hashes",
          {}, {level, static_cast<std::int64_t>(leaf_ >> (8 * (level + 1)))},
          Body(level == 0 ? kTileBytes : 32));
    }
    Run("UPDATE log_head SET size = ?1, root = ?2, note = ?3 WHERE id = 1", {},
        {static_cast<std::int64_t>(leaf_)}, Body(32), Body(kNoteBytes));
  }

 private:
  // An act's share of rows that come one with each act, rounded.
  static int Due(double rows_per_exchange) {
    return static_cast<int>(rows_per_exchange / kActs + 0.5);
  }
  static std::string IdOf(std::uint64_t exchange) {
    std::string id(16, '\x5a');
    // Spread over the index as random ids are.
    const std::uint64_t mixed = exchange * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < 8; ++i) id[static_cast<std::size_t>(i)] = static_cast<char>(mixed >> 8 * i);
    return id;
  }
  static std::string Unique() { return HexEncode(RandomBytes(16)); }
  static std::string Body(std::size_t size) { return std::string(size, '\x5a'); }

  void WriteParties(int act, std::uint64_t exchange, const std::string& id) {
    if (act != 0) return;
    for (int party = 0; party < static_cast<int>(stored_.exchange_party.rows + 0.5); ++party) {
      Run("INSERT INTO exchange_party (party, create_ns, exchange_id, case_id) "
          "VALUES (?1, ?2, ?3, ?3)",
          {absl::StrFormat("0000009910000000100%d gemeente/oov", party)},
          {static_cast<std::int64_t>(exchange)}, id);
    }
  }
  void WriteMailbox(int act, const std::string& id) {
    if (act == 1) {
      Run("INSERT INTO mailbox VALUES (?1, ?2)", {}, {}, id, Body(stored_.mailbox_bytes));
    }
    if (act == kActs - 1) Run("DELETE FROM mailbox WHERE exchange = ?1", {}, {}, id);
  }
  void WriteLeaf() {
    const auto index = static_cast<std::int64_t>(leaf_++);
    Run("INSERT INTO log_leaf VALUES (?1, ?2)", {}, {index}, Body(192));
    Run("INSERT INTO log_record VALUES (?1, ?2)", {}, {index}, Body(stored_.record.bytes));
    Run("INSERT INTO log_salt VALUES (?1, ?2)", {}, {index}, Body(32));
    const int parties =
        static_cast<int>(stored_.record_party.rows / std::max(stored_.leaf.rows, 1.0) + 0.5);
    for (int party = 0; party < parties; ++party) {
      Run("INSERT INTO record_party VALUES (?1, ?2, 0)",
          {absl::StrFormat("0000009910000000100%d gemeente/oov", party)}, {index});
    }
  }

  // Texts, then numbers, then blobs, in the order of the statement's parameters.
  template <typename... Blobs>
  void Run(const char* text, const std::vector<std::string>& texts,
           const std::vector<std::int64_t>& numbers, const Blobs&... blobs) {
    sqlite3_stmt*& statement = statements_[text];
    if (statement == nullptr) {
      Check(sqlite3_prepare_v2(database_, text, -1, &statement, nullptr), database_);
    }
    int at = 0;
    for (const std::string& value : texts) {
      sqlite3_bind_text(statement, ++at, value.data(), static_cast<int>(value.size()),
                        SQLITE_TRANSIENT);
    }
    for (const std::int64_t value : numbers) sqlite3_bind_int64(statement, ++at, value);
    (sqlite3_bind_blob(statement, ++at, blobs.data(), static_cast<int>(blobs.size()),
                       SQLITE_TRANSIENT),
     ...);
    Check(sqlite3_step(statement), database_);
    sqlite3_reset(statement);
  }

  const StoredBytes stored_;
  sqlite3* database_ = nullptr;
  std::map<const char*, sqlite3_stmt*> statements_;
  double leaf_debt_ = 0, inbox_debt_ = 0;
  std::uint64_t leaf_ = 0;
  std::int64_t line_ = 0, moment_ = 0;
};

CommitFloor::CommitFloor(const std::filesystem::path& file, const StoredBytes& stored)
    : database_(std::make_unique<Database>(file, stored)), thread_([this] { Run(); }) {}

CommitFloor::~CommitFloor() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
    wake_.NotifyOne();
  }
  thread_.join();
}

void CommitFloor::Run() {
  for (;;) {
    std::vector<Act> acts;
    {
      MutexLock lock(mutex_);
      while (waiting_.empty() && !stop_) wake_.Wait(mutex_);
      if (waiting_.empty()) return;
      acts.swap(waiting_);
      acts_ += acts.size();
      ++commits_;
    }
    database_->Exec("BEGIN IMMEDIATE");
    for (const Act& act : acts) database_->Write(act.number, act.exchange);
    database_->WriteHead();
    database_->Exec("COMMIT");
    for (Act& act : acts) act.done.set_value();
  }
}

void CommitFloor::RunOnce() {
  std::uint64_t exchange = 0;
  for (int number = 0; number < kActs; ++number) {
    std::future<void> committed;
    {
      const MutexLock lock(mutex_);
      if (number == 0) exchange = next_++;
      waiting_.push_back({number, exchange, {}});
      committed = waiting_.back().done.get_future();
      if (waiting_.size() == 1) wake_.NotifyOne();
    }
    committed.wait();
  }
}

double CommitFloor::ActsPerCommit() const {
  const MutexLock lock(mutex_);
  return static_cast<double>(acts_) / static_cast<double>(std::max<std::uint64_t>(commits_, 1));
}

}  // namespace sluis::bench
