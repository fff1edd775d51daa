#include "clients/lib/journal.h"

#include <gtest/gtest.h>

#include "lib/base/file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::edge {
namespace {

using ::sluis::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class JournalTest : public ::testing::Test {
 protected:
  absl::StatusOr<JournaledAct> Begin(std::string_view method, std::string_view person,
                                     std::string_view wish) {
    return journal_.Begin(method, person, {wish}, [](const std::string& request_id) {
      return absl::StatusOr<Bytes>("request " + request_id);
    });
  }
  ::sluis::testing::TempDir dir_;
  ManualClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  Ed25519PrivateKey signing_ = Ed25519PrivateKey::Generate();
  Journal journal_{dir_.path(), signing_, clock_};
};

TEST_F(JournalTest, WhatWasLeftBehindIsRepeatedByteForByte) {
  std::string request_id, request;
  {
    ASSERT_OK_AND_ASSIGN(const JournaledAct act, Begin("/M", "a", "wish"));
    EXPECT_FALSE(act.repeated());
    request_id = act.request_id();
    request = act.request();
  }
  Journal next(dir_.path(), signing_, clock_);
  ASSERT_OK_AND_ASSIGN(const JournaledAct again,
                       next.Begin("/M", "a", {"wish"}, [](const std::string&) {
                         return absl::StatusOr<Bytes>("other bytes");
                       }));
  EXPECT_TRUE(again.repeated());
  EXPECT_EQ(again.request_id(), request_id);
  EXPECT_EQ(again.request(), request);
}

TEST_F(JournalTest, OnlyTheSameMethodPersonAndWishIsTheSameAct) {
  std::set<std::string> ids;
  for (const auto& [method, person, wish] : {std::tuple{"/M", "a", "wish"},
                                             {"/N", "a", "wish"},
                                             {"/M", "b", "wish"},
                                             {"/M", "a", "w"}}) {
    ASSERT_OK_AND_ASSIGN(const JournaledAct act, Begin(method, person, wish));
    ids.insert(act.request_id());
  }
  EXPECT_THAT(ids, SizeIs(4));
}

TEST_F(JournalTest, PartsOfAWishDoNotRunTogether) {
  const Journal::Build build = [](const std::string&) { return absl::StatusOr<Bytes>("r"); };
  ASSERT_OK_AND_ASSIGN(const JournaledAct one, journal_.Begin("/M", "a", {"ab", "c"}, build));
  EXPECT_OK(journal_.TakeUp("/M", "a", {"a", "bc"}));
  EXPECT_FALSE(journal_.TakeUp("/M", "a", {"a", "bc"})->has_value());
}

TEST_F(JournalTest, AnActInOtherHandsIsNotTaken) {
  ASSERT_OK_AND_ASSIGN(const JournaledAct held, Begin("/M", "a", "wish"));
  Journal other(dir_.path(), signing_, clock_);
  EXPECT_THAT(*other.Waiting(), IsEmpty());
  EXPECT_THAT(other.Discard(held.request_id()), HasReason("ACT_NOT_WAITING"));
  EXPECT_FALSE(other.TakeUp("/M", "a", {"wish"})->has_value());
}

TEST_F(JournalTest, AFinishedActIsGone) {
  ASSERT_OK_AND_ASSIGN(JournaledAct act, Begin("/M", "a", "wish"));
  ASSERT_OK(journal_.Finish(std::move(act)));
  EXPECT_THAT(*journal_.Waiting(), IsEmpty());
  EXPECT_THAT(*FilesOf(dir_.path(), ".act"), IsEmpty());
}

TEST_F(JournalTest, ARequestThatCouldNotBeMadeLeavesNothing) {
  EXPECT_THAT(journal_.Begin("/M", "a", {"wish"},
                             [](const std::string&) -> absl::StatusOr<Bytes> {
                               return Error(ErrorCode::kInvalid, "E_BSN", "no");
                             }),
              HasReason("E_BSN"));
  EXPECT_THAT(*FilesOf(dir_.path(), ".act"), IsEmpty());
}

TEST_F(JournalTest, AnEntryDoesNotTellTheWish) {
  { ASSERT_OK(Begin("/M", "a", "999990019")); }
  const auto file = FilesOf(dir_.path(), ".act")->front();
  EXPECT_THAT(*ReadFile(file), Not(HasSubstr("999990019")));
  // Nor can it be guessed without the party's key.
  Journal stranger(dir_.path(), Ed25519PrivateKey::Generate(), clock_);
  EXPECT_FALSE(stranger.TakeUp("/M", "a", {"999990019"})->has_value());
}

TEST_F(JournalTest, ADamagedEntryStopsEveryNewAct) {
  { ASSERT_OK(Begin("/M", "a", "wish")); }
  const auto file = FilesOf(dir_.path(), ".act")->front();
  ASSERT_OK(WriteFileAtomic(file, "\xff\xff"));
  EXPECT_THAT(Begin("/M", "a", "other"), HasReason("JOURNAL_DAMAGED"));
}

TEST_F(JournalTest, AnEntryUnderAnotherNameIsDamage) {
  { ASSERT_OK(Begin("/M", "a", "wish")); }
  const auto file = FilesOf(dir_.path(), ".act")->front();
  std::filesystem::copy_file(file, dir_.path() / "copy.act");
  EXPECT_THAT(journal_.Waiting(), HasReason("JOURNAL_DAMAGED"));
}

TEST_F(JournalTest, AnIdThatIsNoIdNamesNoFile) {
  EXPECT_FALSE(journal_.Resume("../../etc/passwd").ok());
  EXPECT_THAT(journal_.Resume("6f1cdbe2-5c1d-4a4e-9a53-0d0e5a3f7c11"),
              HasReason("ACT_NOT_WAITING"));
}

}  // namespace
}  // namespace sluis::edge
