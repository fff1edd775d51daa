#include "lib/crypto/hkdf.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"

namespace sluis {
namespace {

std::string Hex(const SecretBytes& secret) {
  return HexEncode(secret.Reveal(SecretAccess::ForTest()));
}

// RFC 5869 A.1.
TEST(HkdfTest, KnownAnswer) {
  const Bytes salt = HexDecode("000102030405060708090a0b0c").value();
  const Bytes info = HexDecode("f0f1f2f3f4f5f6f7f8f9").value();
  const SecretBytes key = HkdfExtract(salt, {Bytes(22, '\x0b')});
  EXPECT_EQ(Hex(key), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  EXPECT_EQ(Hex(HkdfExpand(key, {info}, 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

// RFC 5869 A.3: no salt, no info.
TEST(HkdfTest, KnownAnswerWithoutSaltAndInfo) {
  const SecretBytes key = HkdfExtract("", {Bytes(22, '\x0b')});
  EXPECT_EQ(Hex(HkdfExpand(key, {}, 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(HkdfTest, PartsAreJoinedAndLongOutputsBeginLikeShortOnes) {
  const SecretBytes key = HkdfExtract("salt", {"one", "two"});
  EXPECT_TRUE(key.Equals(HkdfExtract("salt", {"onetwo"})));
  const std::string longest = Hex(HkdfExpand(key, {"a", "b"}, 255 * 32));
  EXPECT_EQ(longest.size(), 255U * 64);
  EXPECT_EQ(longest.substr(0, 66), Hex(HkdfExpand(key, {"ab"}, 33)));
}

}  // namespace
}  // namespace sluis
