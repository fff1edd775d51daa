// A pack by two persons through the commands, and a decision that is decided again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/json.h"
#include "tests/clients/cli/world.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using testing::World;

constexpr char kVerifyBundle[] =
    "sluis policy verify signed.bundle --activator $OFFICER_1 --activator $OFFICER_2";

TEST(PolicySigningTest, TwoPersonsBringAPackIntoForce) {
  World world;
  const Outcome outcome = world.Type(std::string(kVerifyBundle) + " --output json");
  ASSERT_EQ(outcome.exit, ExitCode::kOk) << outcome.err;
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json.at("version"), "2026.11.2");
  EXPECT_EQ(json.at("signers"), Json({"officer-1", "officer-2"}));
  EXPECT_EQ(json.at("issued"), "2026-11-24T09:00:00.000Z");
  EXPECT_EQ(json.at("stale_after"), "2027-02-22T09:00:00.000Z");
  const Json checked =
      Json::parse(world.Type("sluis policy check --pack policy/pack --output json").out);
  EXPECT_EQ(json.at("digest"), checked.at("digest"));
  EXPECT_THAT(world.Type(std::string(kVerifyBundle) + " --lang en").err,
              HasSubstr("for a demonstration only"));
}

TEST(PolicySigningTest, ALateOrHalfSignedPackIsRefused) {
  World world;
  world.clock.Advance(absl::Hours(24 * 90));
  EXPECT_THAT(world.Type(kVerifyBundle).err, HasSubstr("PACK_TOO_OLD"));
  EXPECT_EQ(world.Type(kVerifyBundle).exit, ExitCode::kVerification);
  World other;
  EXPECT_THAT(
      other.Type("sluis policy verify half.bundle --activator $OFFICER_1 --activator $OFFICER_2")
          .err,
      HasSubstr("PACK_NOT_SIGNED"));
  EXPECT_EQ(other.Type("sluis policy verify signed.bundle --activator $OFFICER_1").exit,
            ExitCode::kUsage);
  const Outcome again = other.Type(
      "sluis policy cosign half.bundle --pack policy/pack --key officer-1.pem --name officer-1 "
      "--out x.bundle");
  EXPECT_THAT(again.err, HasSubstr("PACK_SIGNER_REPEATED"));
}

TEST(PolicySigningTest, AnUnprovedPackGetsNoSignature) {
  World world;
  const Outcome outcome = world.Type(
      "sluis policy sign --pack next-pack --max-age P1D --key officer-1.pem --name officer-1 --out "
      "x.bundle");
  EXPECT_THAT(outcome.err, HasSubstr("PACK_NOT_PROVED"));
  EXPECT_FALSE(std::filesystem::exists("x.bundle"));
}

// The options of `policy sign-rules` beside the rules.
constexpr char kAsJurist[] =
    " --pack policy/pack --key jurist.pem --name jurist-1 --out jurist.note --lang en";

// A pack with this list by two persons, as production asks it.
Outcome VerifiedForProduction(World& world) {
  EXPECT_EQ(
      world
          .Type("sluis policy sign --pack policy/pack --max-age P90D --jurist-note jurist.note "
                "--key officer-1.pem --name officer-1 --out half.bundle")
          .exit,
      ExitCode::kOk);
  EXPECT_EQ(world
                .Type("sluis policy cosign half.bundle --pack policy/pack --key officer-2.pem "
                      "--name officer-2 --out signed.bundle")
                .exit,
            ExitCode::kOk);
  return world.Type(std::string(kVerifyBundle) + " --jurist $JURIST --production --output json");
}

TEST(PolicySigningTest, AJuristsListOfEveryRuleIsWhatProductionAsks) {
  World world;
  const Outcome signed_rules = world.Type(std::string("sluis policy sign-rules --all") + kAsJurist);
  ASSERT_EQ(signed_rules.exit, ExitCode::kOk) << signed_rules.err;
  EXPECT_THAT(signed_rules.err,
              HasSubstr("rules of sluis-regels 2026.11.2 are signed by jurist-1"));
  const Outcome verified = VerifiedForProduction(world);
  ASSERT_EQ(verified.exit, ExitCode::kOk) << verified.err;
  EXPECT_EQ(Json::parse(verified.out).at("rules_unsigned"), "0");
}

TEST(PolicySigningTest, AJuristAnswersForTheRulesHeNamesAndNoOthers) {
  World world;
  ASSERT_EQ(world
                .Type(std::string("sluis policy sign-rules --rule P-02 --rule P-01 --rule P-02") +
                      kAsJurist)
                .exit,
            ExitCode::kOk);
  EXPECT_THAT(world.Read("jurist.note"), HasSubstr("\nP-01\nP-02\n\n"));
  EXPECT_THAT(VerifiedForProduction(world).err, HasSubstr("RULE_NOT_SIGNED"));
}

TEST(PolicySigningTest, AJuristSignsNoRuleThatIsNotThereAndNoPackThatIsNotProved) {
  World world;
  const std::string line = "sluis policy sign-rules";
  EXPECT_THAT(world.Type(line + " --rule P-999" + kAsJurist).err,
              ::testing::AllOf(HasSubstr("RULE_UNKNOWN"), HasSubstr("P-999")));
  EXPECT_EQ(world.Type(line + kAsJurist).exit, ExitCode::kUsage);
  EXPECT_EQ(world.Type(line + " --all --rule P-01" + kAsJurist).exit, ExitCode::kUsage);
  EXPECT_THAT(world
                  .Type(line + " --all --pack next-pack --key jurist.pem --name jurist-1 --out "
                               "jurist.note")
                  .err,
              HasSubstr("PACK_NOT_PROVED"));
  EXPECT_FALSE(std::filesystem::exists("jurist.note"));
}

TEST(PolicySigningTest, PeriodsMustBePeriods) {
  World world;
  const std::string line =
      "sluis policy sign --pack policy/pack --key officer-1.pem --name officer-1 --out x.bundle ";
  for (const char* options :
       {"--max-age 90", "--max-age PT10S", "--max-age P2Y", "--max-age P1D --change-over PT74H"}) {
    EXPECT_EQ(world.Type(line + options).exit, ExitCode::kUsage) << options;
  }
}

TEST(PolicySigningTest, AReceiptIsDecidedAgain) {
  World world;
  const std::string by = " --pack policy/pack --key $DECISION_KEY";
  const Outcome good =
      world.Type("sluis policy verify-receipt decision.receipt" + by + " --output json");
  ASSERT_EQ(good.exit, ExitCode::kOk) << good.err;
  EXPECT_EQ(Json::parse(good.out).at("same"), true);
  const Outcome untrue =
      world.Type("sluis policy verify-receipt untrue.receipt" + by + " --output json");
  EXPECT_EQ(untrue.exit, ExitCode::kVerification);
  EXPECT_EQ(Json::parse(untrue.out).at("differences").at(0).at("member"), "context.outcome");
  EXPECT_THAT(
      world
          .Type("sluis policy verify-receipt decision.receipt --pack next-pack --key $DECISION_KEY")
          .err,
      HasSubstr("PACK_OTHER"));
  const std::string other =
      "sluis policy verify-receipt decision.receipt --pack policy/pack --key ";
  EXPECT_EQ(world.Type(other + "x").exit, ExitCode::kUsage);
  std::string changed = world.Read("decision.receipt");
  changed[100] ^= 1;
  world.Write("changed.receipt", changed);
  EXPECT_EQ(world.Type("sluis policy verify-receipt changed.receipt" + by).exit,
            ExitCode::kVerification);
}

}  // namespace
}  // namespace sluis::cli
