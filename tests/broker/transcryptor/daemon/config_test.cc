#include "broker/transcryptor/daemon/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/crypto/ed25519.h"
#include "tests/policy/signed/signed_pack.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::transcryptor {
namespace {

using ::sluis::testing::HasReason;

class ConfigTest : public ::testing::Test {
 protected:
  ConfigTest()
      : key_(Base64Encode(AsView(Ed25519PrivateKey::Generate().public_key().raw()))),
        text_(
            "listen: '127.0.0.1:0'\n"
            "half { hop: 1 secrets_file: 'secrets.sealed' wrapping_key_file: '/k/wrap' }\n"
            "key_set_file: 'key-set.json'\n"
            "first_start_file: 'first-start.json'\n"
            "demonstration: true\n"
            "tls { key_file: 'k' certificate_file: 'c' authorities_file: 'a' "
            "revocation_folder: 'r' }\n"
            "broker { organisation: '00000099000000009000' decision_key: '" +
            key_ + "' }\n" +
            ::sluis::policy::testing::TestActivators().Config("policy.bundle", "policy.mark") +
            "directory { file: 'd' first_officer: 'x' second_officer: 'y' }\n"
            "state { state_file: 'state.db' replay_file: 'replay.db' }\n") {}
  absl::StatusOr<v1::TranscryptorConfig> Load(const std::string& text) {
    EXPECT_OK(WriteFileAtomic(folder_.path() / "t.txtpb", text));
    return LoadConfig(folder_.path() / "t.txtpb");
  }
  std::string Without(const std::string& part) const {
    std::string text = text_;
    text.erase(text.find(part), part.size());
    return text;
  }

  ::sluis::testing::TempDir folder_;
  std::string key_, text_;
};

TEST_F(ConfigTest, PathsAreOfTheFolderOfTheFile) {
  ASSERT_OK_AND_ASSIGN(const v1::TranscryptorConfig config, Load(text_));
  EXPECT_EQ(config.half(0).secrets_file(), (folder_.path() / "secrets.sealed").string());
  EXPECT_EQ(config.half(0).wrapping_key_file(), "/k/wrap");
}

// N-START
TEST_F(ConfigTest, N_START_BothHalvesAreRefused) {
  EXPECT_THAT(Load(text_ + "half { hop: 2 secrets_file: 's' wrapping_key_file: 'w' }\n").status(),
              HasReason("BOTH_HALVES"));
  EXPECT_THAT(Load(text_ + "half { hop: 1 secrets_file: 's' wrapping_key_file: 'w' }\n").status(),
              HasReason("BOTH_HALVES"));
}

TEST_F(ConfigTest, NamesWhatIsMissingOrWrong) {
  for (const char* part :
       {"listen: '127.0.0.1:0'\n", "key_set_file: 'key-set.json'\n",
        "bundle_file: 'policy.bundle' ", "mark_file: 'policy.mark' ", "hop: 1 ",
        "secrets_file: 'secrets.sealed' ", "wrapping_key_file: '/k/wrap' ",
        "state_file: 'state.db' ", "replay_file: 'replay.db' ", "first_officer: 'x' ",
        "organisation: '00000099000000009000' ", "revocation_folder: 'r' "}) {
    EXPECT_THAT(Load(Without(part)).status(), HasReason("CONFIG_INVALID")) << part;
  }
  EXPECT_THAT(Load(text_ + "reversal_officers: 'no key'\n").status(), HasReason("CONFIG_INVALID"));
  EXPECT_THAT(Load(text_ + "hops: 1\n").status(), HasReason("CONFIG_INVALID"));
  EXPECT_THAT(Load(text_ + "listen: '127.0.0.1:1'\n").status(), HasReason("CONFIG_INVALID"));
}

// A pack that was replaced must not count for ever.
TEST_F(ConfigTest, ThePackBeforeHasAnEndThatIsNear) {
  const absl::Time now = SystemClock().Now();
  const auto until = [&](absl::Duration ahead) {
    return "previous_bundle_file: 'old'\nprevious_until: '" + FormatRfc3339Millis(now + ahead) +
           "'\n";
  };
  ManualClock clock(now);
  const auto load = [&](const std::string& more) {
    EXPECT_OK(WriteFileAtomic(folder_.path() / "t.txtpb", text_ + more));
    return LoadConfig(folder_.path() / "t.txtpb", clock).status();
  };
  EXPECT_OK(load(until(absl::Hours(73))));
  EXPECT_OK(load(until(absl::Hours(-100))));  // started again after the end
  EXPECT_THAT(load(until(absl::Hours(73) + absl::Seconds(1))), HasReason("CONFIG_INVALID"));
  EXPECT_THAT(load("previous_bundle_file: 'old'\n"), HasReason("CONFIG_INVALID"));
  EXPECT_THAT(load("previous_bundle_file: 'old'\nprevious_until: 'tomorrow'\n"),
              HasReason("CONFIG_INVALID"));
  EXPECT_THAT(load("previous_until: '2026-11-26T12:00:00Z'\n"), HasReason("CONFIG_INVALID"));
}

}  // namespace
}  // namespace sluis::transcryptor
