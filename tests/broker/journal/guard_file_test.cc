#include "broker/journal/guard_file.h"

#include <gtest/gtest.h>

#include "lib/base/file.h"
#include "lib/tlog/merkle.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::journal {
namespace {

using testing::HasReason;

constexpr char kGuardFileOrigin[] = "log.sluis.example/2026";

class GuardFileTest : public ::testing::Test {
 protected:
  // Creates the guard and writes heads of size 1, 2, ... `last`.
  void WriteUpTo(std::uint64_t last) {
    auto guard = GuardFile::Create(path, kGuardFileOrigin);
    ASSERT_OK(guard);
    for (std::uint64_t size = 1; size <= last; ++size) ASSERT_OK(guard->Write(Head(size)));
  }
  static storage::LogHead Head(std::uint64_t size) {
    storage::LogHead head{size, {}, "note of " + std::to_string(size) + "\n"};
    head.root.fill(static_cast<std::uint8_t>(size));
    return head;
  }
  void Spoil(std::size_t at) {
    Bytes content = ReadFile(path).value();
    content[at] = static_cast<char>(content[at] ^ 1);
    ASSERT_OK(WriteFileAtomic(path, content));
  }
  // Size in the guard; the reason of the refusal otherwise.
  std::string Read() {
    auto guard = GuardFile::Open(path, kGuardFileOrigin);
    if (!guard.ok()) return ReasonOf(guard.status());
    return guard->has_value() ? std::to_string((*guard)->head().size) : "none";
  }

  testing::TempDir folder;
  std::filesystem::path path = folder.path() / "guard";
};

TEST_F(GuardFileTest, ThereIsNoneUntilItIsCreated) {
  EXPECT_EQ(Read(), "none");
  ASSERT_OK_AND_ASSIGN(const GuardFile guard, GuardFile::Create(path, kGuardFileOrigin));
  EXPECT_EQ(guard.head().size, 0U);
  EXPECT_EQ(guard.head().root, tlog::EmptyRoot());
}

TEST_F(GuardFileTest, SaysWhatWasWrittenLast) {
  for (const std::uint64_t last : {0U, 1U, 2U, 3U, 10U}) {
    WriteUpTo(last);
    EXPECT_EQ(Read(), std::to_string(last));
  }
  ASSERT_OK_AND_ASSIGN(const auto guard, GuardFile::Open(path, kGuardFileOrigin));
  EXPECT_EQ(guard->head(), Head(10));
}

// Whichever byte of the newer slot is wrong, the one before it counts.
TEST_F(GuardFileTest, ATornWriteLeavesTheOneBefore) {
  for (const std::size_t at :
       {0U, 4U, 11U, 13U, 14U, 40U, 44U, 60U, 80U, 110U, 2000U, 4063U, 4064U, 4095U}) {
    WriteUpTo(3);  // sequence 4, in the first slot
    Spoil(at);
    EXPECT_EQ(Read(), "2") << at;
    WriteUpTo(4);
    Spoil(kGuardSlotSize + at);
    EXPECT_EQ(Read(), "3") << at;
  }
}

TEST_F(GuardFileTest, GoesOnAfterATornWrite) {
  WriteUpTo(3);
  Spoil(100);
  {
    ASSERT_OK_AND_ASSIGN(auto guard, GuardFile::Open(path, kGuardFileOrigin));
    ASSERT_OK(guard->Write(Head(9)));
  }
  EXPECT_EQ(Read(), "9");
}

TEST_F(GuardFileTest, RefusesAGuardThatSaysNothing) {
  WriteUpTo(2);
  Spoil(5);
  Spoil(kGuardSlotSize + 5);
  EXPECT_EQ(Read(), "LOG_INCONSISTENT");
  ASSERT_OK(WriteFileAtomic(path, Bytes(2 * kGuardSlotSize, '\0')));
  EXPECT_EQ(Read(), "LOG_INCONSISTENT");
  ASSERT_OK(WriteFileAtomic(path, ""));
  EXPECT_EQ(Read(), "LOG_INCONSISTENT");
  WriteUpTo(2);
  ASSERT_OK(WriteFileAtomic(path, ReadFile(path)->substr(0, 2 * kGuardSlotSize - 1)));
  EXPECT_EQ(Read(), "LOG_INCONSISTENT");
}

TEST_F(GuardFileTest, RefusesTheGuardOfAnotherOrigin) {
  WriteUpTo(2);
  EXPECT_THAT(GuardFile::Open(path, "log.sluis.example/2027"), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(GuardFile::Open(path, ""), HasReason("LOG_INCONSISTENT"));
}

TEST_F(GuardFileTest, OneBrokerHoldsIt) {
  ASSERT_OK_AND_ASSIGN(const GuardFile guard, GuardFile::Create(path, kGuardFileOrigin));
  EXPECT_EQ(Read(), "LOG_IN_USE");
}

TEST_F(GuardFileTest, SaysWhenItCannotBeUsed) {
  std::filesystem::create_directory(path);
  EXPECT_EQ(Read(), "LOG_UNAVAILABLE");
  EXPECT_THAT(GuardFile::Create(folder.path() / "absent" / "guard", kGuardFileOrigin),
              HasReason("FILE_NOT_FOUND"));
}

TEST_F(GuardFileTest, RefusesANoteThatDoesNotFit) {
  ASSERT_OK_AND_ASSIGN(GuardFile guard, GuardFile::Create(path, kGuardFileOrigin));
  EXPECT_THAT(guard.Write({1, {}, Bytes(kGuardSlotSize, 'x')}), HasReason("INCIDENT"));
  EXPECT_EQ(guard.head().size, 0U);
}

}  // namespace
}  // namespace sluis::journal
