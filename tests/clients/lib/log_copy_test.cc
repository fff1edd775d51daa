#include "clients/lib/log_copy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <random>

#include "clients/lib/http_log_source.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::edge {
namespace {

using sluis::testing::HasReason;

class LogCopyTest : public ::testing::Test {
 protected:
  static std::vector<Bytes> Entries() {
    std::mt19937_64 random(7);
    std::vector<Bytes> entries;
    for (std::uint64_t i = 0; i < 300; ++i)
      entries.push_back(sluis::testing::RandomLeaf(i, random));
    return entries;
  }
  std::filesystem::path copy() const { return folder_.path() / "copy"; }

  sluis::testing::TempDir folder_;
  tlog::TrustPolicy trust_ = *tlog::TrustPolicy::Parse(sluis::testing::StrictPolicyText());
  absl::Time now_ = ParseRfc3339("2026-11-24T09:00:00Z").value();
  sluis::testing::MemoryLog log_{Entries()};
};

TEST_F(LogCopyTest, WhatWasVerifiedVerifiesAgainFromTheCopy) {
  ASSERT_OK_AND_ASSIGN(LogCopy copied, LogCopy::Create(log_, copy()));
  ASSERT_OK_AND_ASSIGN(const tlog::LogReport first, tlog::VerifyLog(copied, trust_, now_));
  ASSERT_OK_AND_ASSIGN(const auto again, FolderLogSource::Open(copy()));
  ASSERT_OK_AND_ASSIGN(const tlog::LogReport second, tlog::VerifyLog(*again, trust_, now_));
  EXPECT_EQ(first.checkpoint.checkpoint.size, second.checkpoint.checkpoint.size);
  EXPECT_EQ(first.bundles, second.bundles);
}

TEST_F(LogCopyTest, ItsFilesAreForTheOwnerAlone) {
  ASSERT_OK_AND_ASSIGN(LogCopy copied, LogCopy::Create(log_, copy()));
  ASSERT_OK(tlog::VerifyLog(copied, trust_, now_).status());
  struct stat facts {};
  ASSERT_EQ(stat((copy() / "tile/entries/000").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST_F(LogCopyTest, AFolderThatHoldsSomethingIsLeftAlone) {
  EXPECT_OK(WriteFileAtomic(folder_.path() / "file", "x"));
  EXPECT_THAT(LogCopy::Create(log_, folder_.path()), HasReason("FILE_NOT_USABLE"));
  EXPECT_THAT(LogCopy::Create(log_, folder_.path() / "file"), HasReason("FILE_NOT_USABLE"));
}

TEST_F(LogCopyTest, WhatCannotBeReadIsNotCopied) {
  log_.files.erase("checkpoint");
  ASSERT_OK_AND_ASSIGN(LogCopy copied, LogCopy::Create(log_, copy()));
  EXPECT_EQ(copied.ReadCheckpoint().status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(std::filesystem::is_empty(copy()));
}

}  // namespace
}  // namespace sluis::edge
