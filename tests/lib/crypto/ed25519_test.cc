#include "lib/crypto/ed25519.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

SecretBytes Seed(std::string_view hex) { return SecretBytes::Take(HexDecode(hex).value()); }

struct Rfc8032Case {
  std::string_view seed, public_key, message, signature;
};

// RFC 8032 §7.1, tests 1 to 3.
constexpr Rfc8032Case kCases[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bb"
     "e24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302"
     "aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed"
     "28dc027beceea1ec40a"},
};

TEST(Ed25519Test, KnownAnswers) {
  for (const Rfc8032Case& c : kCases) {
    ASSERT_OK_AND_ASSIGN(const Ed25519PrivateKey key, Ed25519PrivateKey::FromSeed(Seed(c.seed)));
    const Bytes message = HexDecode(c.message).value();
    EXPECT_EQ(HexEncode(AsView(key.public_key().raw())), c.public_key);
    EXPECT_EQ(HexEncode(key.Sign(message)), c.signature);
    EXPECT_OK(key.public_key().Verify(message, key.Sign(message)));
    EXPECT_TRUE(key.Seed(SecretAccess::ForTest()).Equals(Seed(c.seed)));
  }
}

TEST(Ed25519Test, KeyIdIsTheHashOfTheRawKey) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  EXPECT_EQ(key.public_key().KeyId(), Sha256(AsView(key.public_key().raw())));
}

TEST(Ed25519Test, EveryChangedBitOfTheSignatureIsRefused) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const Bytes signature = key.Sign("message");
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Bytes altered = signature;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(key.public_key().Verify("message", altered), HasReason("E_SIGNATURE")) << bit;
  }
}

TEST(Ed25519Test, OtherMessageKeyOrLengthIsRefused) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const Bytes signature = key.Sign("message");
  EXPECT_THAT(key.public_key().Verify("massage", signature), HasReason("E_SIGNATURE"));
  EXPECT_THAT(Ed25519PrivateKey::Generate().public_key().Verify("message", signature),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(key.public_key().Verify("message", ""), HasReason("E_SIGNATURE"));
  EXPECT_THAT(key.public_key().Verify("message", signature.substr(1)), HasReason("E_SIGNATURE"));
  EXPECT_THAT(key.public_key().Verify("message", signature + '\0'), HasReason("E_SIGNATURE"));
}

// S + L passes the equation of RFC 8032 but not its range check.
TEST(Ed25519Test, SecondFormOfASignatureIsRefused) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  Bytes signature = key.Sign("message");
  const Bytes order =
      HexDecode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<std::uint8_t>(signature[32 + i]) +
             static_cast<unsigned>(static_cast<std::uint8_t>(order[i]));
    signature[32 + i] = static_cast<char>(carry & 0xFF);
    carry >>= 8;
  }
  EXPECT_THAT(key.public_key().Verify("message", signature), HasReason("E_SIGNATURE"));
}

TEST(Ed25519PublicKeyTest, RefusesWhatIsNoKey) {
  EXPECT_THAT(Ed25519PublicKey::Parse(""), HasReason("E_LENGTH"));
  EXPECT_THAT(Ed25519PublicKey::Parse(RandomBytes(33)), HasReason("E_LENGTH"));
  // Identity, zero, order 2 (-1), order 8, p itself, and a non-canonical identity (p + 1).
  for (const char* hex : {"0100000000000000000000000000000000000000000000000000000000000000",
                          "0000000000000000000000000000000000000000000000000000000000000000",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    EXPECT_THAT(Ed25519PublicKey::Parse(HexDecode(hex).value()), HasReason("E_ELEMENT")) << hex;
  }
}

TEST(Ed25519PublicKeyTest, CopiesCompareEqualAndVerify) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  ASSERT_OK_AND_ASSIGN(const Ed25519PublicKey parsed,
                       Ed25519PublicKey::Parse(AsView(key.public_key().raw())));
  const Ed25519PublicKey copy = parsed;
  EXPECT_EQ(copy, key.public_key());
  EXPECT_NE(copy, Ed25519PrivateKey::Generate().public_key());
  EXPECT_OK(copy.Verify("m", key.Sign("m")));
}

TEST(Ed25519PrivateKeyTest, RefusesASeedOfAnotherLength) {
  EXPECT_THAT(Ed25519PrivateKey::FromSeed(SecretBytes::Random(31)), HasReason("E_LENGTH"));
  EXPECT_THAT(Ed25519PrivateKey::FromSeed(SecretBytes()), HasReason("E_LENGTH"));
}

}  // namespace
}  // namespace sluis
