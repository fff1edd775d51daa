// The ceremony, the secrets at rest and the rules of a start (pseudonyms.md §5, §8.1 Starting).
#include "broker/transcryptor/daemon/ceremony.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/transcryptor/daemon/start.h"
#include "broker/transcryptor/secrets.h"
#include "lib/base/file.h"
#include "lib/crypto/key_file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::transcryptor {
namespace {

using pseudonym::Hop;
using ::sluis::testing::HasReason;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class CeremonyTest : public ::testing::Test {
 protected:
  CeremonyFolder At(const std::string& name) const {
    return {folder_.path() / name, folder_.path() / (name + ".key")};
  }
  absl::Status Begin(const std::string& name, Hop hop) {
    const char* oin = hop == Hop::kFirst ? "00000099900000001000" : "00000099900000002000";
    return BeginCeremony(At(name), hop, *Oin::Parse(oin), "midden");
  }
  // Both operators, up to the end.
  void Hold() {
    ASSERT_OK(Begin("a", Hop::kFirst));
    ASSERT_OK(Begin("b", Hop::kSecond));
    ASSERT_OK(Contribute(At("a"), At("b").half()));
    ASSERT_OK(Contribute(At("b"), At("a").half()));
    ASSERT_OK_AND_ASSIGN(const std::string at_a, FinishCeremony(At("a"), At("b").contribution()));
    ASSERT_OK_AND_ASSIGN(const std::string at_b, FinishCeremony(At("b"), At("a").contribution()));
    EXPECT_EQ(at_a, at_b);
    EXPECT_EQ(*ReadFile(At("a").key_set()), *ReadFile(At("b").key_set()));
    set_ = pseudonym::KeySet::Parse(*ReadFile(At("a").key_set())).value();
  }
  StateFiles Files() const {
    return {folder_.path() / "state.db", folder_.path() / "replay.db", At("a").first_start()};
  }
  absl::StatusOr<OpenedState> Open(Hop hop = Hop::kFirst, absl::Time now = kNow) {
    return OpenState(Files(), *set_, hop, now);
  }

  ::sluis::testing::TempDir folder_;
  std::optional<pseudonym::KeySet> set_;
};

TEST_F(CeremonyTest, SecretsAreSealedAndPrivate) {
  Hold();
  const auto mode = [](const std::filesystem::path& path) {
    return std::filesystem::status(path).permissions() & std::filesystem::perms::mask;
  };
  const auto own = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  EXPECT_EQ(mode(At("a").secrets()), own);
  EXPECT_EQ(mode(At("a").wrapping_key), own);
  const SecretBytes key = ReadSecretFile(At("a").wrapping_key, kWrappingKeySize).value();
  ASSERT_OK_AND_ASSIGN(const Secrets secrets, ReadSecrets(At("a").secrets(), key));
  const Bytes file = *ReadFile(At("a").secrets());
  EXPECT_EQ(file.find(secrets.keys.ps(SecretAccess::ForTest())), Bytes::npos);
  EXPECT_THAT(ReadSecrets(At("a").secrets(), SecretBytes::Random(kWrappingKeySize)).status(),
              HasReason("KEYS_NOT_OPENED"));
  Bytes damaged = file;
  damaged[20] = static_cast<char>(damaged[20] ^ 1);
  ASSERT_OK(WriteFileAtomic(At("a").secrets(), damaged));
  EXPECT_THAT(ReadSecrets(At("a").secrets(), key).status(), HasReason("KEYS_NOT_OPENED"));
  std::filesystem::permissions(At("a").secrets(), own | std::filesystem::perms::group_read);
  EXPECT_THAT(ReadSecrets(At("a").secrets(), key).status(), HasReason("KEY_FILE_PERMISSIONS"));
}

TEST_F(CeremonyTest, BegunOnceAndFinishedOnce) {
  Hold();
  EXPECT_THAT(Begin("a", Hop::kFirst), HasReason("KEY_FILE_EXISTS"));
  EXPECT_THAT(Contribute(At("a"), At("b").half()), HasReason("CEREMONY_FINISHED"));
  EXPECT_THAT(FinishCeremony(At("a"), At("b").contribution()), HasReason("CEREMONY_FINISHED"));
}

TEST_F(CeremonyTest, RefusesWhatTheOtherDidNotMake) {
  ASSERT_OK(Begin("a", Hop::kFirst));
  ASSERT_OK(Begin("b", Hop::kSecond));
  ASSERT_OK(Begin("c", Hop::kSecond));
  EXPECT_THAT(Contribute(At("a"), At("a").half()), HasReason("E_STATEMENT"));
  ASSERT_OK(Contribute(At("a"), At("b").half()));
  ASSERT_OK(Contribute(At("c"), At("a").half()));
  EXPECT_THAT(FinishCeremony(At("a"), At("c").contribution()), HasReason("E_STATEMENT"));
  Bytes half = *ReadFile(At("b").half());
  half[half.find("midden")] = 'w';
  ASSERT_OK(WriteFileAtomic(At("b").half(), half));
  EXPECT_THAT(Contribute(At("a"), At("b").half()), HasReason("E_SIGNATURE"));
}

TEST_F(CeremonyTest, FirstStartIsUsedUpOnce) {
  Hold();
  {
    ASSERT_OK_AND_ASSIGN(const OpenedState opened, Open());
    EXPECT_EQ(opened.replay_unknown_until, absl::UnixEpoch());
  }
  EXPECT_FALSE(std::filesystem::exists(At("a").first_start()));
  ASSERT_OK(Open());  // with its state it goes on at once
  std::filesystem::remove(Files().state);
  EXPECT_THAT(Open().status(), HasReason("STATE_MISSING"));
  EXPECT_FALSE(std::filesystem::exists(Files().state));
}

TEST_F(CeremonyTest, FirstStartOfAnotherDoesNotCount) {
  Hold();
  ASSERT_OK(WriteFileAtomic(At("a").first_start(), *ReadFile(At("b").first_start())));
  EXPECT_THAT(Open().status(), HasReason("E_MANDATE"));
  std::filesystem::remove(At("a").first_start());
  EXPECT_THAT(Open().status(), HasReason("STATE_MISSING"));
}

TEST_F(CeremonyTest, StateOfTheOtherHalfIsRefused) {
  Hold();
  ASSERT_OK(Open());
  EXPECT_THAT(Open(Hop::kSecond).status(), HasReason("STATE_OF_ANOTHER"));
}

// N-CACHE at the start: lost, damaged or another's, with the time until which nothing is known;
// that time survives the next start.
TEST_F(CeremonyTest, N_CACHE_LostCacheIsTold) {
  Hold();
  ASSERT_OK(Open());
  std::filesystem::remove(Files().replay);
  {
    ASSERT_OK_AND_ASSIGN(const OpenedState opened, Open(Hop::kFirst, kNow));
    EXPECT_EQ(opened.replay_unknown_until, kNow + absl::Seconds(60));
  }
  {
    ASSERT_OK_AND_ASSIGN(const OpenedState opened, Open(Hop::kFirst, kNow + absl::Seconds(5)));
    EXPECT_EQ(opened.replay_unknown_until, kNow + absl::Seconds(60));
  }
  ASSERT_OK(WriteFileAtomic(Files().replay, Bytes(4096, 'x')));
  ASSERT_OK_AND_ASSIGN(const OpenedState damaged, Open(Hop::kFirst, kNow + absl::Hours(1)));
  EXPECT_EQ(damaged.replay_unknown_until, kNow + absl::Hours(1) + absl::Seconds(60));
}

TEST_F(CeremonyTest, N_CACHE_EmptyOneInItsPlaceIsNoFirstStart) {
  Hold();
  ASSERT_OK(Open());
  std::filesystem::remove(Files().replay);
  std::filesystem::remove(Files().replay.string() + "-wal");
  ASSERT_OK(WriteFileAtomic(Files().replay, ""));
  ASSERT_OK_AND_ASSIGN(const OpenedState opened, Open(Hop::kFirst, kNow));
  EXPECT_EQ(opened.replay_unknown_until, kNow + absl::Seconds(60));
}

}  // namespace
}  // namespace sluis::transcryptor
