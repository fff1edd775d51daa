#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/json.h"
#include "lib/crypto/key_file.h"
#include "tests/clients/cli/world.h"
#include "tests/lib/tlog/memory_log.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using sluis::testing::TestKey;
using testing::Outcome;
using testing::World;

constexpr char kVerify[] =
    "sluis arrangement show convenant.json --directory directory.note --officer $OFFICER_1 --officer $OFFICER_2 "
    "--output json";

class ArrangementCommandsTest : public ::testing::Test {
 protected:
  Outcome Sign(const std::string& party, const std::string& key) {
    return world_.Type("sluis arrangement sign convenant.json --party " + party + " --key " + key);
  }
  World world_;
};

TEST_F(ArrangementCommandsTest, SignedByAllItVerifiesAgainstTheDirectory) {
  ASSERT_TRUE(WriteKeyFile("riec.pem", TestKey(0x90)).ok());
  ASSERT_EQ(Sign(testing::kTownParty, "desk.pem").exit, ExitCode::kOk);
  EXPECT_NE(world_.Type(kVerify).exit, ExitCode::kOk) << "one signature is missing";
  ASSERT_EQ(Sign(testing::kRiecParty, "riec.pem").exit, ExitCode::kOk);
  const Outcome outcome = world_.Type(kVerify);
  ASSERT_EQ(outcome.exit, ExitCode::kOk) << outcome.err;
  EXPECT_EQ(Json::parse(outcome.out).at("verified"), true);
}

TEST_F(ArrangementCommandsTest, TheKeyOfAnotherDeskDoesNotVerify) {
  ASSERT_EQ(Sign(testing::kTownParty, "desk.pem").exit, ExitCode::kOk);
  ASSERT_EQ(Sign(testing::kRiecParty, "desk.pem").exit, ExitCode::kOk);
  const Outcome outcome = world_.Type(kVerify);
  EXPECT_EQ(outcome.exit, ExitCode::kVerification);
  EXPECT_EQ(outcome.out, "");
}

TEST_F(ArrangementCommandsTest, SigningAgainReplacesOnesOwnSignature) {
  ASSERT_EQ(Sign(testing::kTownParty, "desk.pem").exit, ExitCode::kOk);
  const std::string once = world_.Read("convenant.json");
  ASSERT_EQ(Sign(testing::kTownParty, "desk.pem").exit, ExitCode::kOk);
  EXPECT_EQ(world_.Read("convenant.json"), once);
}

TEST_F(ArrangementCommandsTest, OnlyPartiesSign) {
  const std::string before = world_.Read("convenant.json");
  for (const char* party : {"00000099100000001000/gemeente/wethouder", "00000099200000001000/politie/x",
                            "gemeente/oov", "1/gemeente/oov", "00000099100000001000"}) {
    EXPECT_EQ(Sign(party, "desk.pem").exit, ExitCode::kUsage) << party;
  }
  EXPECT_EQ(world_.Read("convenant.json"), before);
}

TEST_F(ArrangementCommandsTest, AnEditedStatementIsRefused) {
  Json file = Json::parse(world_.Read("convenant.json"));
  std::string statement = file["statement"];
  file["statement"] = " " + statement;
  world_.Write("convenant.json", file.dump());
  EXPECT_THAT(world_.Type("sluis arrangement show convenant.json").err, HasSubstr("E_STATEMENT"));
  file["statement"] = statement;
  file["note"] = "x";
  world_.Write("convenant.json", file.dump());
  EXPECT_EQ(world_.Type("sluis arrangement show convenant.json").exit, ExitCode::kUsage);
}

TEST_F(ArrangementCommandsTest, TermsThatCannotBeAreRefusedBeforeThereIsAFile) {
  const std::string draft = "sluis arrangement draft --id x --fact ";
  const std::string parties = " --party 00000099100000001000/gemeente/oov --party 00000099400000001000/riec/bureau";
  for (const std::string& rest :
       {"convenant" + parties + " --from 2027-01-01 --until 2026-01-01", "convenant" + parties + " --from morgen --until 2028-01-01",
        "convenant" + parties + " --from 2026-02-30 --until 2028-01-01", "convenant" + parties + " --serial 0 --from 2026-01-01 --until 2028-01-01",
        "convenant" + parties + " --serial x --from 2026-01-01 --until 2028-01-01", "bestuur" + parties + " --from 2026-01-01 --until 2028-01-01",
        "convenant" + parties + " --case 12 --from 2026-01-01 --until 2028-01-01", "mandaat" + parties + " --from 2026-01-01 --until 2028-01-01"}) {
    EXPECT_EQ(world_.Type(draft + rest + " --out no.json").exit, ExitCode::kUsage) << rest;
    EXPECT_FALSE(std::filesystem::exists("no.json")) << rest;
  }
}

TEST_F(ArrangementCommandsTest, ADayBeginsInAmsterdam) {
  const Outcome outcome = world_.Type("sluis arrangement show convenant.json --output json");
  EXPECT_EQ(Json::parse(outcome.out).at("from"), "2025-12-31T23:00:00.000Z");
}

}  // namespace
}  // namespace sluis::cli
