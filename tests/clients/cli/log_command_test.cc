#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/json.h"
#include "tests/clients/cli/world.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using testing::World;

constexpr char kVerify[] = "sluis log verify --log damaged-log --trust trust.policy --output json";

TEST(LogVerifyTest, AFaultIsNamedByLeafByteAndFile) {
  World world;
  const Outcome outcome = world.Type(kVerify);
  EXPECT_EQ(outcome.exit, ExitCode::kVerification);
  EXPECT_EQ(outcome.out, "");
  const Json error = Json::parse(outcome.err).at("error");
  EXPECT_EQ(error.at("code"), "LOG_INCONSISTENT");
  EXPECT_EQ(error.at("metadata").at("file"), "tile/entries/001.p/44");
  EXPECT_TRUE(error.at("metadata").contains("leaf"));
  EXPECT_TRUE(error.at("metadata").contains("byte"));
}

TEST(LogVerifyTest, ABitTurnedAnywhereIsFound) {
  World world;
  for (const std::string file : {"checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
                                 "tile/entries/000", "tile/entries/001.p/44"}) {
    const std::string whole = world.Read("log/" + file);
    for (const std::size_t place : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
      std::string damaged = whole;
      damaged[place] = static_cast<char>(damaged[place] ^ 4);
      world.Write("log/" + file, damaged);
      const Outcome outcome = world.Type("sluis log verify --log log --trust trust.policy");
      EXPECT_NE(outcome.exit, ExitCode::kOk) << file << " byte " << place;
      EXPECT_EQ(outcome.out, "") << file << " byte " << place;
    }
    world.Write("log/" + file, whole);
  }
  EXPECT_EQ(world.Type("sluis log verify --log log --trust trust.policy").exit, ExitCode::kOk);
}

TEST(LogVerifyTest, AMissingFileIsAFaultOfTheLog) {
  World world;
  std::filesystem::remove("log/tile/entries/000");
  const Outcome outcome = world.Type("sluis log verify --log log --trust trust.policy");
  EXPECT_EQ(outcome.exit, ExitCode::kVerification);
  EXPECT_THAT(outcome.err, HasSubstr("tile/entries/000"));
}

TEST(LogVerifyTest, ALogThatShrankIsFound) {
  World world;
  world.Write("later.checkpoint", world.Read("log/checkpoint"));
  EXPECT_EQ(world.Type("sluis log verify --log short-log --trust trust.policy --earlier later.checkpoint").exit,
            ExitCode::kVerification);
}

TEST(LogVerifyTest, WhatIsNotThereIsNotFound) {
  World world;
  EXPECT_EQ(world.Type("sluis log verify --log none --trust trust.policy").exit, ExitCode::kNotFound);
  EXPECT_EQ(world.Type("sluis log verify --log log --trust none").exit, ExitCode::kNotFound);
}

TEST(LogVerifyTest, EntriesOverTheNetworkAskForAProfileAndAUse) {
  World world;
  const std::string line = "sluis log verify --log http://127.0.0.1:1/log --bundles https://127.0.0.1:1/log --trust trust.policy";
  const Outcome nobody = world.Type(line + " --use lawfulness-check");
  EXPECT_EQ(nobody.exit, ExitCode::kUsage);
  EXPECT_THAT(nobody.err, HasSubstr("PROFILE_MISSING"));
  const Outcome useless = world.Type("sluis --profile . " + line.substr(6));
  EXPECT_EQ(useless.exit, ExitCode::kUsage);
  EXPECT_THAT(useless.err, HasSubstr("--use"));
  EXPECT_EQ(world.Type(line + " --use curiosity").exit, ExitCode::kUsage);
}

TEST(LogVerifyTest, AnAddressWhereNobodyListensIsUnreachable) {
  World world;
  const Outcome outcome = world.Type("sluis log verify --log http://127.0.0.1:1/2026 --trust trust.policy");
  EXPECT_EQ(outcome.exit, ExitCode::kUnreachable) << outcome.err;
}

}  // namespace
}  // namespace sluis::cli
