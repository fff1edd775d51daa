#include "lib/crypto/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "lib/base/file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis {
namespace {

using testing::HasReason;

class KeyFileTest : public ::testing::Test {
 protected:
  std::filesystem::path Path(const char* name) const { return folder_.path() / name; }

 private:
  testing::TempDir folder_;
};

TEST_F(KeyFileTest, KeysComeBack) {
  const Ed25519PrivateKey signing = Ed25519PrivateKey::Generate();
  const X25519PrivateKey opening = X25519PrivateKey::Generate();
  const SecretBytes secret = SecretBytes::Random(32);
  ASSERT_OK(WriteKeyFile(Path("sign"), signing));
  ASSERT_OK(WriteKeyFile(Path("open"), opening));
  ASSERT_OK(WriteSecretFile(Path("store"), secret));
  ASSERT_OK_AND_ASSIGN(const Ed25519PrivateKey signing2, ReadEd25519KeyFile(Path("sign")));
  ASSERT_OK_AND_ASSIGN(const X25519PrivateKey opening2, ReadX25519KeyFile(Path("open")));
  ASSERT_OK_AND_ASSIGN(const SecretBytes secret2, ReadSecretFile(Path("store"), 32));
  EXPECT_EQ(signing2.public_key(), signing.public_key());
  EXPECT_EQ(opening2.public_key(), opening.public_key());
  EXPECT_TRUE(secret2.Equals(secret));
}

TEST_F(KeyFileTest, AnAssertionKeyComesBack) {
  const JwsPrivateKey key = JwsPrivateKey::Generate(JwsAlgorithm::kEs256);
  ASSERT_OK(WriteKeyFile(Path("assertion"), key));
  ASSERT_OK_AND_ASSIGN(const SecretBytes pem, ReadPrivateFile(Path("assertion")));
  ASSERT_OK_AND_ASSIGN(const JwsPrivateKey read, JwsPrivateKey::Create(pem, JwsAlgorithm::kEs256));
  EXPECT_EQ(read.PublicPem(), key.PublicPem());
  EXPECT_THAT(WriteKeyFile(Path("assertion"), key), HasReason("KEY_FILE_EXISTS"));
}

TEST_F(KeyFileTest, WrittenForTheOwnerAloneInPem) {
  ASSERT_OK(WriteKeyFile(Path("sign"), Ed25519PrivateKey::Generate()));
  struct stat info = {};
  ASSERT_EQ(::stat(Path("sign").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  ASSERT_OK_AND_ASSIGN(const Bytes text, ReadFile(Path("sign")));
  EXPECT_TRUE(text.starts_with("-----BEGIN PRIVATE KEY-----\n")) << "PKCS#8";
}

TEST_F(KeyFileTest, RefusedWhenGroupOrOthersHaveAnyAccess) {
  ASSERT_OK(WriteKeyFile(Path("sign"), Ed25519PrivateKey::Generate()));
  ASSERT_OK(WriteSecretFile(Path("store"), SecretBytes::Random(32)));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0644U}) {
    ASSERT_EQ(::chmod(Path("sign").c_str(), mode), 0);
    ASSERT_EQ(::chmod(Path("store").c_str(), mode), 0);
    EXPECT_THAT(ReadEd25519KeyFile(Path("sign")), HasReason("KEY_FILE_PERMISSIONS"))
        << std::oct << mode;
    EXPECT_THAT(ReadSecretFile(Path("store"), 32), HasReason("KEY_FILE_PERMISSIONS"))
        << std::oct << mode;
  }
  ASSERT_EQ(::chmod(Path("sign").c_str(), 0400), 0);
  EXPECT_OK(ReadEd25519KeyFile(Path("sign")));
}

TEST_F(KeyFileTest, OnlyPlainFiles) {
  EXPECT_THAT(ReadEd25519KeyFile(Path("none")), HasReason("FILE_NOT_FOUND"));
  EXPECT_THAT(ReadEd25519KeyFile(Path("")), HasReason("KEY_FILE_PERMISSIONS"));  // the folder
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(ReadEd25519KeyFile(Path("pipe")), HasReason("KEY_FILE_PERMISSIONS"));
}

TEST_F(KeyFileTest, AKeyIsNeverOverwritten) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  ASSERT_OK(WriteKeyFile(Path("sign"), key));
  EXPECT_THAT(WriteKeyFile(Path("sign"), Ed25519PrivateKey::Generate()),
              HasReason("KEY_FILE_EXISTS"));
  EXPECT_EQ(ReadEd25519KeyFile(Path("sign"))->public_key(), key.public_key());
  EXPECT_THAT(WriteKeyFile(Path("no/folder"), key), HasReason("FILE_NOT_FOUND"));
}

TEST_F(KeyFileTest, OneKeyOfTheKindAsked) {
  ASSERT_OK(WriteKeyFile(Path("sign"), Ed25519PrivateKey::Generate()));
  ASSERT_OK(WriteKeyFile(Path("open"), X25519PrivateKey::Generate()));
  EXPECT_THAT(ReadX25519KeyFile(Path("sign")), HasReason("KEY_FILE_INVALID"));
  EXPECT_THAT(ReadEd25519KeyFile(Path("open")), HasReason("KEY_FILE_INVALID"));
  const Bytes pem = ReadFile(Path("sign")).value();
  for (const Bytes& text :
       {Bytes(), Bytes("no key"), pem.substr(0, pem.size() / 2), pem + pem, Bytes(20000, 'x')}) {
    ASSERT_OK(WriteFileAtomic(Path("other"), text));
    EXPECT_THAT(ReadEd25519KeyFile(Path("other")), HasReason("KEY_FILE_INVALID")) << text.size();
  }
}

TEST_F(KeyFileTest, EncryptedKeysAreRefusedWithoutAskingForAPassword) {
  // RFC 5958 EncryptedPrivateKeyInfo frame with nothing usable inside.
  ASSERT_OK(WriteFileAtomic(
      Path("locked"),
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"));
  EXPECT_THAT(ReadEd25519KeyFile(Path("locked")), HasReason("KEY_FILE_INVALID"));
}

TEST_F(KeyFileTest, SecretsHaveTheSizeAsked) {
  ASSERT_OK(WriteSecretFile(Path("store"), SecretBytes::Random(32)));
  EXPECT_THAT(ReadSecretFile(Path("store"), 16), HasReason("KEY_FILE_INVALID"));
  ASSERT_OK(WriteFileAtomic(Path("bad"), "xyz\n"));
  EXPECT_THAT(ReadSecretFile(Path("bad"), 1), HasReason("KEY_FILE_INVALID"));
}

}  // namespace
}  // namespace sluis
