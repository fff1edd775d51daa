// Folders of parties and persons: what is refused, and whether the error says where.
#include "clients/lib/party_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "clients/lib/run_program.h"
#include "lib/base/file.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::HasSubstr;

class FolderTest : public ::testing::Test {
 protected:
  // The party's configuration with `from` replaced by `to`.
  absl::Status LoadParty(const std::string& from, const std::string& to) {
    Change(world_.TownParty() / "party.txtpb", from, to);
    return PartyFolder::Load(world_.TownParty()).status();
  }
  absl::Status OpenPerson(const std::string& from, const std::string& to) {
    Change(world_.TownProfile() / "profile.txtpb", from, to);
    return Edge::Open(world_.TownProfile()).status();
  }
  static void Change(const std::filesystem::path& file, const std::string& from,
                     const std::string& to) {
    std::string text = ReadFile(file).value();
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    ASSERT_OK(WriteFileAtomic(file, text.replace(at, from.size(), to)));
  }
  EdgeWorld world_;
};

TEST_F(FolderTest, AnUnknownKeyIsAnErrorWithItsLine) {
  const absl::Status status = LoadParty("unit:", "untt:");
  EXPECT_THAT(status, HasReason("CONFIG_INVALID"));
  EXPECT_THAT(MessageOf(status), HasSubstr("party.txtpb:2:"));
}

TEST_F(FolderTest, AMissingKeyIsNamed) {
  const absl::Status status = LoadParty("  identifier: \"sluis-test\"\n", "");
  EXPECT_THAT(status, HasReason("FIELD_MISSING"));
  EXPECT_THAT(MessageOf(status), HasSubstr("broker.identifier"));
}

TEST_F(FolderTest, ACertificateOfAnotherOrganisation) {
  const absl::Status status =
      LoadParty(identity::testing::kTownOin, identity::testing::kSmallTownOin);
  EXPECT_THAT(status, HasReason("FIELD_INVALID"));
  EXPECT_THAT(MessageOf(status), HasSubstr("organisation"));
}

TEST_F(FolderTest, OneDirectoryOfficerIsNotEnough) {
  const std::string text = ReadFile(world_.TownParty() / "party.txtpb").value();
  const std::size_t second = text.rfind("directory_officers");
  const std::string line = text.substr(second, text.find('\n', second) - second + 1);
  EXPECT_THAT(LoadParty(line, ""), HasReason("FIELD_INVALID"));
}

TEST_F(FolderTest, ALogKeyThatIsNone) {
  const absl::Status status = LoadParty("log_vkey: \"log.", "log_vkey: \"\\n.");
  EXPECT_THAT(status, HasReason("FIELD_INVALID"));
  EXPECT_THAT(MessageOf(status), HasSubstr("log_vkey"));
}

TEST_F(FolderTest, AFolderThatOthersMayReadIsRefused) {
  ASSERT_EQ(::chmod(world_.TownParty().c_str(), 0750), 0);
  EXPECT_THAT(PartyFolder::Load(world_.TownParty()), HasReason("FOLDER_PERMISSIONS"));
}

TEST_F(FolderTest, AKeyThatOthersMayReadIsRefused) {
  ASSERT_EQ(::chmod((world_.TownParty() / "sealing.key").c_str(), 0640), 0);
  EXPECT_THAT(PartyFolder::Load(world_.TownParty()), HasReason("KEY_FILE_PERMISSIONS"));
}

TEST_F(FolderTest, AFolderThatIsNotThere) {
  EXPECT_THAT(PartyFolder::Load(world_.TownParty() / "none"), HasReason("FILE_NOT_FOUND"));
}

TEST_F(FolderTest, TestOrganisationsAreForDemonstrationsOnly) {
  ASSERT_OK(LoadParty("demonstration: true", "demonstration: false"));
  EXPECT_FALSE(world_.Town()->RefreshDirectory().ok());
}

TEST_F(FolderTest, AStaffNumberMustNotBeACitizenNumber) {
  EXPECT_THAT(OpenPerson("m-17", kTestBsn), HasReason("IDENTIFIER_IN_FREE_TEXT"));
}

TEST_F(FolderTest, APersonOfAnotherUnit) {
  EXPECT_THAT(OpenPerson(kTownUnit, "gemeente/wethouder"), HasReason("FIELD_INVALID"));
}

TEST_F(FolderTest, AnAssuranceMustBeStated) {
  EXPECT_THAT(OpenPerson("assurance: SUBSTANTIAL", ""), HasReason("FIELD_MISSING"));
}

TEST_F(FolderTest, AnAlgorithmOutsideTheThree) {
  EXPECT_THAT(OpenPerson("ES256", "HS256"), HasReason("FIELD_INVALID"));
}

TEST_F(FolderTest, ALanguageWeDoNotSpeak) {
  EXPECT_THAT(OpenPerson("assurance", "language: \"fr\"\nassurance"), HasReason("FIELD_INVALID"));
}

// --- log-in by a program ---

TEST(RunProgramTest, GivesWhatItPrintsWithoutOneLineFeed) {
  EXPECT_EQ(*OutputOfProgram({"printf", "token\\n\\n"}, 64, absl::Seconds(60)), "token\n");
}

TEST(RunProgramTest, RefusesFailureExcessAndDelay) {
  EXPECT_THAT(OutputOfProgram({"false"}, 64, absl::Seconds(60)), HasReason("LOGIN_FAILED"));
  EXPECT_THAT(OutputOfProgram({"/nonexistent/log-in"}, 64, absl::Seconds(60)),
              HasReason("LOGIN_FAILED"));
  EXPECT_THAT(OutputOfProgram({"yes"}, 64, absl::Seconds(60)), HasReason("LOGIN_FAILED"));
  EXPECT_THAT(OutputOfProgram({"sleep", "600"}, 64, absl::Milliseconds(50)),
              HasReason("LOGIN_FAILED"));
}

TEST_F(FolderTest, WhatALogInProgramPrintsMustBeAToken) {
  std::string text = ReadFile(world_.TownProfile() / "profile.txtpb").value();
  text =
      text.substr(0, text.find("key {")) + "command { arguments: \"echo\" arguments: \"hallo\" }\n";
  ASSERT_OK(WriteFileAtomic(world_.TownProfile() / "profile.txtpb", text));
  EXPECT_THAT(world_.Town()->RefreshDirectory(), HasReason("LOGIN_FAILED"));
  EXPECT_TRUE(world_.broker.seen.empty());
}

}  // namespace
}  // namespace sluis::edge::testing
