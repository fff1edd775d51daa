#include "lib/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis {
namespace {

using testing::HasReason;

TEST(FileTest, ReadsBackWhatWasWrittenAndReplacesItWhole) {
  testing::TempDir folder;
  const auto path = folder.path() / "file";
  const Bytes large(200000, 'x');
  ASSERT_OK(WriteFileAtomic(path, large));
  EXPECT_EQ(ReadFile(path).value(), large);
  ASSERT_OK(WriteFileAtomic(path, "short"));
  EXPECT_EQ(ReadFile(path).value(), "short");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1)
      << "no temporary left";
}

TEST(FileTest, PrivateUnlessAskedOtherwise) {
  testing::TempDir folder;
  struct stat info = {};
  ASSERT_OK(WriteFileAtomic(folder.path() / "private", "x"));
  ASSERT_EQ(::stat((folder.path() / "private").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  ASSERT_OK(WriteFileAtomic(folder.path() / "public", "x", 0644));
  ASSERT_EQ(::stat((folder.path() / "public").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0644U);
}

TEST(FileTest, ErrorsHaveTheirReasons) {
  testing::TempDir folder;
  EXPECT_THAT(ReadFile(folder.path() / "none"), HasReason("FILE_NOT_FOUND"));
  EXPECT_THAT(ReadFile(folder.path()), HasReason("FILE_NOT_USABLE"));
  EXPECT_THAT(WriteFileAtomic(folder.path() / "no" / "folder", "x"), HasReason("FILE_NOT_FOUND"));
  ASSERT_OK(WriteFileAtomic(folder.path() / "file", "12345"));
  EXPECT_THAT(ReadFile(folder.path() / "file", 4), HasReason("FILE_TOO_LARGE"));
  EXPECT_OK(ReadFile(folder.path() / "file", 5));
}

TEST(FileTest, AFailedReplacementLeavesTheOldContentAndNoTemporary) {
  testing::TempDir folder;
  const auto path = folder.path() / "a-folder";
  std::filesystem::create_directories(path / "inside");
  EXPECT_THAT(WriteFileAtomic(path, "x"), HasReason("FILE_NOT_USABLE"));
  EXPECT_TRUE(std::filesystem::is_directory(path / "inside"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace sluis
