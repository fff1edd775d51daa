#include "lib/tlog/cosignature.h"

#include <gtest/gtest.h>

#include "lib/tlog/signed_note.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::LoadVectors;

TEST(CosignatureTest, CosignaturesOfTheVectors) {
  for (const auto& file : LoadVectors("cosignature")) {
    const std::vector<VerifierKey> keys{
        VerifierKey::Parse(file.content.at("witness_vkey").get<std::string>()).value()};
    const auto key = Ed25519PrivateKey::FromSeed(
        SecretBytes::Take(testing::Unhex(file.content.at("witness_seed"))));
    ASSERT_FALSE(file.content.at("positive").empty());
    for (const Json& c : file.content.at("positive")) {
      const auto text = c.at("text").get<std::string>(), line = c.at("line").get<std::string>();
      ASSERT_OK_AND_ASSIGN(const VerifiedNote note, VerifyNote(text + "\n" + line, keys));
      EXPECT_EQ(note.signatures.at(0).time, c.at("time").get<std::uint64_t>()) << c.at("id");
      EXPECT_EQ(
          CosignatureLine(text, keys[0].name(), *key, c.at("time").get<std::uint64_t>()).value(),
          line);
    }
    ASSERT_FALSE(file.content.at("negative").empty());
    for (const Json& c : file.content.at("negative")) {
      const auto text = c.at("text").get<std::string>(), line = c.at("line").get<std::string>();
      EXPECT_FALSE(VerifyNote(text + "\n" + line, keys).ok()) << c.at("id");
    }
  }
}

TEST(CosignatureTest, TimesAheadOfUsAreRefusedAfterFiveMinutes) {
  const absl::Time now = absl::FromUnixSeconds(1795446060);
  EXPECT_OK(CheckCosignatureTime(1795446060, now));
  EXPECT_OK(CheckCosignatureTime(1, now));
  EXPECT_OK(CheckCosignatureTime(1795446360, now));
  EXPECT_THAT(CheckCosignatureTime(1795446361, now), HasReason("E_COSIGNATURE_TIME"));
  EXPECT_THAT(CheckCosignatureTime(~std::uint64_t{0}, now), HasReason("E_COSIGNATURE_TIME"));
}

TEST(CosignatureTest, WeSignNoTimeThatCannotBe) {
  const Ed25519PrivateKey key = testing::TestKey(0x20);
  EXPECT_THAT(CosignatureLine("text\n", "w.example", key, 0), HasReason("E_COSIGNATURE_TIME"));
  EXPECT_THAT(CosignatureLine("text\n", "w.example", key, std::uint64_t{1} << 63),
              HasReason("E_COSIGNATURE_TIME"));
}

}  // namespace
}  // namespace sluis::tlog
