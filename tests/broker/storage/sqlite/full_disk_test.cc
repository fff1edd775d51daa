// No room: the change fails, the process is told to stop, and what was there before is still whole.
#include <signal.h>
#include <sys/resource.h>

#include "broker/storage/sqlite/sqlite_store.h"
#include "lib/base/error.h"
#include "tests/broker/storage/sqlite/child.h"
#include "tests/broker/storage/sqlite/log_rounds.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::storage::testing {
namespace {

bool SaysUnavailable(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable && ReasonOf(status) == "STORE_UNAVAILABLE";
}

// Commits rounds until one fails; the exit status says what was not as it must be.
int FillUp(const std::filesystem::path& path, rlim_t bytes, const std::function<void()>& told) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
  auto store = SqliteStore::Open(path);
  if (!store.ok()) return 2;
  for (std::uint64_t round = 0; round < kMostRounds; ++round) {
    const absl::Status status = CommitRound(**store, round);
    if (status.ok()) {
      told();
      continue;
    }
    if (!SaysUnavailable(status)) return 3;
    // Nothing is tried a second time on the same handle.
    return SaysUnavailable((*store)->Begin().status()) ? 0 : 4;
  }
  return 5;
}

TEST(SqliteFullDiskTest, FailsAndStopsAndKeepsWhatWasCommitted) {
  for (const rlim_t bytes : {rlim_t{600'000}, rlim_t{1'500'000}}) {
    ::sluis::testing::TempDir folder;
    const std::filesystem::path path = folder.path() / "sluis.db";
    Child child([&](const auto& told) { return FillUp(path, bytes, told); });
    std::uint64_t acknowledged = 0;
    while (child.AwaitStep()) ++acknowledged;
    EXPECT_EQ(child.Wait(), 0);
    EXPECT_GT(acknowledged, 0u);
    const auto store = SqliteStore::Open(path).value();
    EXPECT_EQ(CheckRounds(*store), acknowledged);
    EXPECT_OK(CommitRound(*store, acknowledged));  // there is room again
  }
}

}  // namespace
}  // namespace sluis::storage::testing
