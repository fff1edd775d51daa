#include "lib/crypto/x25519.h"

#include <gtest/gtest.h>

#include <utility>

#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis {
namespace {

using testing::HasReason;

X25519PrivateKey Key(std::string_view hex) {
  return X25519PrivateKey::FromBytes(SecretBytes::Take(HexDecode(hex).value())).value();
}

// RFC 7748 §5.2: k = u = 9, then k, u = X25519(k, u), k.
TEST(X25519Test, KnownAnswersAfterOneAndAThousandSteps) {
  std::string k = "09" + std::string(62, '0');
  std::string u = k;
  for (int i = 1; i <= 1000; ++i) {
    ASSERT_OK_AND_ASSIGN(const X25519PublicKey point, X25519PublicKey::Parse(HexDecode(u).value()));
    ASSERT_OK_AND_ASSIGN(const SecretBytes next, Key(k).Agree(point));
    u = std::exchange(k, HexEncode(next.Reveal(SecretAccess::ForTest())));
    if (i == 1) {
      EXPECT_EQ(k, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
  }
  EXPECT_EQ(k, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST(X25519Test, BothSidesAgree) {
  const X25519PrivateKey a = X25519PrivateKey::Generate();
  const X25519PrivateKey b = X25519PrivateKey::Generate();
  ASSERT_OK_AND_ASSIGN(const SecretBytes ab, a.Agree(b.public_key()));
  ASSERT_OK_AND_ASSIGN(const SecretBytes ba, b.Agree(a.public_key()));
  EXPECT_TRUE(ab.Equals(ba));
  EXPECT_EQ(a.public_key().KeyId(), Sha256(AsView(a.public_key().raw())));
  EXPECT_NE(a.public_key(), b.public_key());
}

TEST(X25519Test, RawKeyComesBack) {
  const SecretBytes raw = SecretBytes::Random(32);
  ASSERT_OK_AND_ASSIGN(const X25519PrivateKey key, X25519PrivateKey::FromBytes(raw));
  EXPECT_TRUE(key.Raw(SecretAccess::ForTest()).Equals(raw));
}

TEST(X25519Test, OtherLengthsAreRefused) {
  EXPECT_THAT(X25519PublicKey::Parse(Bytes(31, 'k')), HasReason("E_LENGTH"));
  EXPECT_THAT(X25519PrivateKey::FromBytes(SecretBytes::Random(33)), HasReason("E_LENGTH"));
}

TEST(X25519Test, LowOrderKeysOfTheVectorsAreRefused) {
  int run = 0;
  for (const auto& file : testing::LoadVectors("negative-encodings")) {
    for (const Json& c : file.content.at("cases")) {
      if (c.at("structure") != "x25519_public") continue;
      ASSERT_OK_AND_ASSIGN(const X25519PublicKey key,
                           X25519PublicKey::Parse(testing::Unhex(c.at("hex"))));
      EXPECT_THAT(X25519PrivateKey::Generate().Agree(key),
                  HasReason(c.at("expect").get<std::string>()))
          << c.at("id");
      ++run;
    }
  }
  EXPECT_GT(run, 0);
}

}  // namespace
}  // namespace sluis
