// The process is killed at any moment; whoever was answered must find his leaf after the restart.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "broker/storage/sqlite/sqlite_store.h"
#include "lib/base/file.h"
#include "lib/base/file_descriptor.h"
#include "tests/broker/journal/fixture.h"
#include "tests/support/status_matchers.h"

namespace sluis::journal {
namespace {

class KillTest : public testing::JournalTest {
 protected:
  std::filesystem::path database() const { return folder.path() / "sluis.db"; }

  // In the child: logs for ever, and tells of each acknowledged leaf: u64 index, u64 length,
  // receipt.
  [[noreturn]] void LogUntilKilled(int out) {
    auto sqlite = storage::SqliteStore::Open(database());
    if (!sqlite.ok()) _exit(1);
    auto journal = Open(**sqlite);
    if (!journal.ok()) _exit(2);
    for (;;) {
      // Others are in flight when the answer comes.
      for (int i = 0; i < 3; ++i) (*journal)->Submit(testing::LogAndStore(1), [](const auto&) {});
      const auto leaves = (*journal)->SubmitAndWait(testing::LogAndStore(2));
      if (!leaves.ok()) _exit(3);
      const std::uint64_t header[] = {leaves->at(0).index, leaves->at(0).receipt.size()};
      Bytes told(reinterpret_cast<const char*>(header), sizeof(header));
      told += leaves->at(0).receipt;
      if (!WriteAll(out, told)) _exit(4);
    }
  }
  // False at the end of the pipe.
  static bool ReadExactly(int in, void* out, std::size_t size) {
    auto* at = static_cast<char*>(out);
    while (size > 0) {
      const ssize_t n = ::read(in, at, size);
      if (n <= 0) return false;
      at += n;
      size -= static_cast<std::size_t>(n);
    }
    return true;
  }
  // Kills a child after it told of `count` leaves; returns all it told of.
  std::vector<CommittedLeaf> KillAfter(std::size_t count) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      LogUntilKilled(ends[1]);
    }
    FileDescriptor in(ends[0]);
    ::close(ends[1]);
    std::vector<CommittedLeaf> told;
    for (bool killed = false;;) {
      if (told.size() >= count && !killed) killed = ::kill(child, SIGKILL) == 0;
      std::uint64_t header[2];
      if (!ReadExactly(in.get(), header, sizeof(header))) break;
      CommittedLeaf leaf{header[0], tlog::LeafKind::kRequest, Bytes(header[1], '\0')};
      if (!ReadExactly(in.get(), leaf.receipt.data(), leaf.receipt.size())) break;
      told.push_back(std::move(leaf));
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << "exit " << WEXITSTATUS(status);
    return told;
  }
};

TEST_F(KillTest, EveryAcknowledgedLeafIsThereAfterTheRestart) {
  std::mt19937 random(9);
  for (int round = 0; round < 8; ++round) {
    const std::vector<CommittedLeaf> told = KillAfter(round == 0 ? 0 : random() % 12);
    ASSERT_OK_AND_ASSIGN(const auto sqlite, storage::SqliteStore::Open(database()));
    {
      ASSERT_OK_AND_ASSIGN(auto journal, Open(*sqlite));
      ASSERT_OK(journal->SubmitAndWait(testing::LogAndStore(3)));
    }
    CheckLog(*sqlite);
    for (const CommittedLeaf& leaf : told) {
      testing::CheckReceipt(leaf);
      testing::CheckContinues(*sqlite, leaf);
    }
  }
}

}  // namespace
}  // namespace sluis::journal
