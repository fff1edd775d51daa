#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/crypto/key_file.h"
#include "lib/tlog/vkey.h"
#include "tests/clients/cli/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using testing::World;

TEST(KeyGenerateTest, ThePrintedHalfBelongsToTheFile) {
  World world;
  const Json printed = Json::parse(
      world.Type("sluis key generate --type officer --name a.example/1 --out k --output json").out);
  ASSERT_OK_AND_ASSIGN(const Ed25519PrivateKey key, ReadEd25519KeyFile("k"));
  EXPECT_EQ(printed.at("public_key"), Base64Encode(AsView(key.public_key().raw())));
  EXPECT_EQ(printed.at("key_id"), HexEncode(AsView(key.public_key().KeyId())));
  ASSERT_OK_AND_ASSIGN(const auto vkey, tlog::VerifierKey::Parse(printed.at("vkey").get<std::string>()));
  EXPECT_EQ(vkey.public_key(), key.public_key());
}

TEST(KeyGenerateTest, AssertionKeysOfEveryAlgorithmCanBeRead) {
  World world;
  for (const std::string name : {"PS256", "ES256"}) {
    const Outcome outcome =
        world.Type("sluis key generate --type assertion --algorithm " + name + " --out " + name + " --output json");
    ASSERT_OK_AND_ASSIGN(const SecretBytes pem, ReadPrivateFile(name));
    ASSERT_OK_AND_ASSIGN(const JwsAlgorithm algorithm, ParseJwsAlgorithm(name));
    ASSERT_OK_AND_ASSIGN(const JwsPrivateKey key, JwsPrivateKey::Create(pem, algorithm));
    EXPECT_EQ(Json::parse(outcome.out).at("pem"), key.PublicPem());
  }
}

TEST(KeyGenerateTest, ThePrivateHalfIsNeverPrinted) {
  World world;
  for (const std::string type : {"signing", "sealing", "assertion"}) {
    const Outcome outcome = world.Type("sluis key generate --type " + type + " --out " + type);
    ASSERT_EQ(outcome.exit, ExitCode::kOk);
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("PRIVATE")));
    std::string body = world.Read(type);
    body = body.substr(body.find('\n') + 1, 60);
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr(body)));
  }
}

TEST(KeyGenerateTest, NoKeyIsOverwrittenAndNothingIsPrintedThen) {
  World world;
  const std::string before = world.Read("desk.pem");
  const Outcome outcome = world.Type("sluis key generate --type signing --out desk.pem");
  EXPECT_EQ(outcome.exit, ExitCode::kFault);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("KEY_FILE_EXISTS"));
  EXPECT_EQ(world.Read("desk.pem"), before);
}

TEST(KeyGenerateTest, AKeyThatSignsNotesNeedsAGoodNameBeforeThereIsAFile) {
  World world;
  EXPECT_EQ(world.Type("sluis key generate --type log --out k").exit, ExitCode::kUsage);
  EXPECT_EQ(world.Run({"key", "generate", "--type", "log", "--name", "a b", "--out", "k"}).exit, ExitCode::kUsage);
  EXPECT_FALSE(std::filesystem::exists("k"));
}

}  // namespace
}  // namespace sluis::cli
