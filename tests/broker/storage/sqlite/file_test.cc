// The file of the engine: private, in WAL mode, kept over a restart, refused when it is not what it should be.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "broker/storage/sqlite/schema.h"
#include "broker/storage/sqlite/sqlite_store.h"
#include "lib/base/file.h"
#include "tests/broker/storage/samples.h"
#include "tests/broker/storage/sqlite/child.h"
#include "tests/broker/storage/sqlite/log_rounds.h"
#include "tests/broker/storage/sqlite/raw_database.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::storage::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

class SqliteFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<SqliteStore>> Open() { return SqliteStore::Open(path_); }
  void MakeEmptyStore() { ASSERT_OK(Open()); }

  ::sluis::testing::TempDir folder_;
  const std::filesystem::path path_ = folder_.path() / "sluis.db";
};

TEST_F(SqliteFileTest, KeepsEverythingOverARestart) {
  {
    const auto store = Open().value();
    for (std::uint64_t round = 0; round < 3; ++round) ASSERT_OK(CommitRound(*store, round));
  }
  const auto store = Open().value();
  EXPECT_EQ(CheckRounds(*store), 3u);
  ASSERT_OK(CommitRound(*store, 3));
}

TEST_F(SqliteFileTest, FilesAreForTheOwnerAlone) {
  const mode_t before = ::umask(0);
  const auto store = Open().value();
  ASSERT_OK(CommitRound(*store, 0));
  ::umask(before);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    struct stat state {};
    ASSERT_EQ(::stat(entry.path().c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777, 0600u) << entry.path().extension();
    ++files;
  }
  EXPECT_EQ(files, 3);  // database, WAL, shared memory
}

TEST_F(SqliteFileTest, FileThatOthersMayOpenIsRefused) {
  MakeEmptyStore();
  for (const mode_t mode : {0640u, 0604u, 0660u}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_THAT(Open(), HasReason("STORE_UNAVAILABLE"));
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  EXPECT_OK(Open());
}

TEST_F(SqliteFileTest, EveryConnectionWritesThroughAndChecksReferences) {
  MakeEmptyStore();
  for (const auto role : {Connection::Role::kWriter, Connection::Role::kReader}) {
    const auto connection = Connection::Open(path_, role, absl::Seconds(1)).value();
    EXPECT_EQ(connection->AskText("PRAGMA journal_mode").value(), "wal");
    EXPECT_EQ(connection->Ask("PRAGMA synchronous").value(), 2);
    EXPECT_EQ(connection->Ask("PRAGMA foreign_keys").value(), 1);
    EXPECT_EQ(connection->Ask("PRAGMA secure_delete").value(), 1);
    EXPECT_EQ(connection->Ask("PRAGMA temp_store").value(), 2);
    EXPECT_EQ(connection->Ask("PRAGMA query_only").value(), role == Connection::Role::kReader ? 1 : 0);
  }
}

TEST_F(SqliteFileTest, TablesAreStrict) {
  MakeEmptyStore();
  const auto lax = RawDatabase(path_).Rows("SELECT name FROM pragma_table_list "
                                           "WHERE NOT strict AND schema = 'main' AND name NOT LIKE 'sqlite_%'", 0);
  EXPECT_THAT(lax, ::testing::IsEmpty());
}

TEST_F(SqliteFileTest, NewerFormIsRefusedAndLeftAsItIs) {
  MakeEmptyStore();
  RawDatabase(path_).Run("PRAGMA user_version = 4");
  const absl::Status status = Open().status();
  EXPECT_THAT(status, HasReason("STORE_UNAVAILABLE"));
  EXPECT_THAT(status.ToString(), HasSubstr("newer"));
  EXPECT_EQ(RawDatabase(path_).Rows("PRAGMA user_version", 0), std::vector<std::string>{"4"});
}

TEST_F(SqliteFileTest, AnOlderFormIsBroughtUpToDateAndKeepsWhatItHolds) {
  {
    const auto store = Open().value();
    const auto transaction = store->Begin().value();
    ASSERT_OK(transaction->PutDirectoryVersion(7));
    ASSERT_OK(transaction->Commit());
  }
  for (const char* table : {"session", "weighing_table", "errand"}) {
    RawDatabase(path_).Run(std::string("DROP TABLE ") + table);
  }
  RawDatabase(path_).Run("PRAGMA user_version = 1");
  const auto store = Open();
  ASSERT_OK(store.status());
  EXPECT_EQ((*store)->Snapshot().value()->DirectoryVersion().value(), 7);
  EXPECT_THAT((*store)->Snapshot().value()->ListErrands("q", "", 1).value(), ::testing::IsEmpty());
  EXPECT_EQ(RawDatabase(path_).Rows("PRAGMA user_version", 0), std::vector<std::string>{"3"});
}

TEST_F(SqliteFileTest, TheSecondFormIsBroughtUpToDateToo) {
  {
    const auto store = Open().value();
    const auto transaction = store->Begin().value();
    ASSERT_OK(transaction->PutErrand({.queue = "q", .id = "waits", .body = "b", .create_time = absl::UnixEpoch()}));
    ASSERT_OK(transaction->Commit());
  }
  RawDatabase(path_).Run("PRAGMA user_version = 2");
  const auto store = Open();
  ASSERT_OK(store.status());
  EXPECT_EQ((*store)->Snapshot().value()->ListErrands("q", "", 2)->size(), 1u);
  EXPECT_EQ(RawDatabase(path_).Rows("PRAGMA user_version", 0), std::vector<std::string>{"3"});
}

TEST_F(SqliteFileTest, DatabaseOfAnotherProgramIsRefusedAndLeftAsItIs) {
  {
    RawDatabase other(path_);
    other.Run("CREATE TABLE t (a)");
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  EXPECT_THAT(Open(), HasReason("STORE_UNAVAILABLE"));
  RawDatabase(path_).Run("PRAGMA user_version = 1");
  EXPECT_THAT(Open(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_EQ(RawDatabase(path_).Rows("SELECT name FROM sqlite_schema", 0), std::vector<std::string>{"t"});
}

TEST_F(SqliteFileTest, MissingFolderAndFolderInPlaceOfAFileAreRefused) {
  EXPECT_THAT(SqliteStore::Open(folder_.path() / "no" / "sluis.db"), HasReason("STORE_UNAVAILABLE"));
  EXPECT_THAT(SqliteStore::Open(folder_.path()), HasReason("STORE_UNAVAILABLE"));
}

TEST_F(SqliteFileTest, FileThatMayNotBeWrittenIsRefused) {
  MakeEmptyStore();
  ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0500), 0);
  constexpr uid_t kNobody = 65534;
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::chown(path_.c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(::chown(folder_.path().c_str(), kNobody, kNobody), 0);
  }
  // Modes do not bind root, so somebody else tries.
  Child child([&](const auto&) {
    if (root && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) return 1;
    const absl::Status status = Open().status();
    return status.code() == absl::StatusCode::kUnavailable && ReasonOf(status) == "STORE_UNAVAILABLE" ? 0 : 2;
  });
  EXPECT_EQ(child.Wait(), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0700), 0);
}

TEST_F(SqliteFileTest, RemovedFileEndsServiceAtOnce) {
  const auto store = Open().value();
  ASSERT_OK(CommitRound(*store, 0));
  const auto transaction = store->Begin().value();
  ASSERT_OK(WriteRound(*transaction, 1));
  std::filesystem::remove(path_);
  EXPECT_THAT(transaction->Commit(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_THAT(store->Begin(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_THAT(store->Snapshot(), HasReason("STORE_UNAVAILABLE"));
}

TEST_F(SqliteFileTest, ReplacedFileIsNoticedBeforeATransactionBegins) {
  const auto store = Open().value();
  ASSERT_OK(CommitRound(*store, 0));
  ASSERT_OK(store->Snapshot());
  std::filesystem::copy_file(path_, folder_.path() / "copy.db");
  std::filesystem::rename(folder_.path() / "copy.db", path_);
  EXPECT_THAT(store->Snapshot(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_THAT(store->Begin(), HasReason("STORE_UNAVAILABLE"));
}

TEST_F(SqliteFileTest, SecondWriterIsToldAndMayTryAgain) {
  const auto first = Open().value();
  const auto second = SqliteStore::Open(path_, {.busy_timeout = absl::ZeroDuration()}).value();
  {
    const auto transaction = first->Begin().value();
    EXPECT_THAT(second->Begin(), HasReason("STORE_UNAVAILABLE"));
    EXPECT_OK(second->Snapshot());
  }
  // The head tells the second that it is not alone.
  ASSERT_OK(CommitRound(*first, 0));
  const auto transaction = second->Begin().value();
  EXPECT_EQ(transaction->SwapHead(LogHead(), SampleHead(7)).code(), absl::StatusCode::kAborted);
}

TEST_F(SqliteFileTest, WhatIsDeletedIsOverwrittenInTheFile) {
  const std::string marker = "sealed-content-of-the-mailbox";
  MailboxRecord mailbox = SampleMailbox(0);
  mailbox.sealed_fields = {marker + Bytes(9000, 'y') + marker};
  {
    const auto store = Open().value();
    auto transaction = store->Begin().value();
    ASSERT_OK(transaction->PutExchange(SampleExchange(0, At(0))));
    ASSERT_OK(transaction->PutMailbox(mailbox));
    ASSERT_OK(transaction->Commit());
  }
  ASSERT_THAT(ReadFile(path_).value(), HasSubstr(marker));
  {
    const auto store = Open().value();
    auto transaction = store->Begin().value();
    ASSERT_OK(transaction->DeleteMailbox(mailbox.exchange));
    ASSERT_OK(transaction->Commit());
  }
  EXPECT_THAT(ReadFile(path_).value(), Not(HasSubstr(marker)));
}

}  // namespace
}  // namespace sluis::storage::testing
