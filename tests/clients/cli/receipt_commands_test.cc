#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/json.h"
#include "tests/clients/cli/world.h"
#include "tests/support/vectors.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using testing::World;

TEST(ReceiptCommandsTest, EveryBadReceiptOfTheVectorsHasOneExitCode) {
  World world;
  const auto path = world.source() / "tests/vectors/log-vectors.json";
  const Json vectors = Json::parse(world.Read(path));
  ASSERT_FALSE(vectors.at("bad_receipts").empty());
  for (const Json& bad : vectors.at("bad_receipts")) {
    world.Write("bad", bad.at("receipt"));
    const Outcome outcome = world.Type("sluis log check-receipt bad --trust trust.policy");
    EXPECT_EQ(outcome.exit, ExitCode::kVerification) << bad.at("name");
    EXPECT_EQ(outcome.out, "") << bad.at("name");
  }
}

TEST(ReceiptCommandsTest, AnotherLogIsNotBelieved) {
  World world;
  std::string trust = world.Read("trust.policy");
  trust.replace(trust.find("sluis.example/2026"), 18, "sluis.example/2027");
  world.Write("other.policy", trust);
  EXPECT_NE(world.Type("sluis log check-receipt 1-REQUEST.tlog-proof --trust other.policy").exit, ExitCode::kOk);
}

TEST(ReceiptCommandsTest, ABadTrustFileIsNotAFaultOfTheReceipt) {
  World world;
  world.Write("bad.policy", "log\n");
  const Outcome outcome = world.Type("sluis log check-receipt 1-REQUEST.tlog-proof --trust bad.policy");
  EXPECT_EQ(outcome.exit, ExitCode::kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("E_TRUST_POLICY"));
}

TEST(ReceiptCommandsTest, WithoutWitnessesTheReportSaysWhatThatMeans) {
  World world;
  std::string trust = world.Read("trust.policy");
  trust = trust.substr(0, trust.find('\n') + 1) + "quorum none\n";
  world.Write("alone.policy", trust);
  const Outcome outcome = world.Type("sluis log check-receipt 1-REQUEST.tlog-proof --trust alone.policy --lang en");
  EXPECT_EQ(outcome.exit, ExitCode::kOk);
  EXPECT_THAT(outcome.err, HasSubstr("no witness"));
}

TEST(ReceiptCommandsTest, TheReceiptMayComeFromStandardInput) {
  World world;
  world.input = world.Read("1-REQUEST.tlog-proof");
  const Outcome outcome = world.Type("sluis log check-receipt - --trust trust.policy --output json");
  ASSERT_EQ(outcome.exit, ExitCode::kOk) << outcome.err;
  const Json report = Json::parse(outcome.out);
  EXPECT_EQ(report.at("index"), 1);
  EXPECT_EQ(report.at("leaf").at("kind"), "REQUEST");
  EXPECT_EQ(report.at("checkpoint").at("size"), 3);
  world.input = std::string(200000, 'x');
  EXPECT_EQ(world.Type("sluis log check-receipt - --trust trust.policy").exit, ExitCode::kUsage) << "too large";
}

}  // namespace
}  // namespace sluis::cli
