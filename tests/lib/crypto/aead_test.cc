#include "lib/crypto/aead.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/crypto/random.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

Bytes Unhex(std::string_view hex) { return HexDecode(hex).value(); }

AeadKey Key(Aead aead, std::string_view hex) {
  return AeadKey::Create(aead, SecretBytes::Take(Unhex(hex))).value();
}

// Test cases 2 and 14 of the GCM specification: a block of zeros under a key of zeros.
TEST(AeadTest, AesGcmKnownAnswers) {
  const Bytes nonce(12, '\0');
  const Bytes block(16, '\0');
  EXPECT_EQ(HexEncode(Key(Aead::kAes128Gcm, std::string(32, '0')).Seal(nonce, "", block)),
            "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf");
  EXPECT_EQ(HexEncode(Key(Aead::kAes256Gcm, std::string(64, '0')).Seal(nonce, "", block)),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

// RFC 8439 §2.8.2.
TEST(AeadTest, ChaChaKnownAnswer) {
  const AeadKey key = Key(Aead::kChaCha20Poly1305,
                          "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const Bytes sealed = key.Seal(
      Unhex("070000004041424344454647"), Unhex("50515253c0c1c2c3c4c5c6c7"),
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
      "future, sunscreen would be it.");
  EXPECT_EQ(HexEncode(sealed).substr(0, 32), "d31a8d34648e60db7b86afbc53ef7ec2");
  EXPECT_EQ(HexEncode(sealed).substr(228), "1ae10b594f09e26a7e902ecbd0600691");
}

TEST(AeadTest, EveryLengthComesBackAndEveryChangedByteIsRefused) {
  for (const Aead aead : {Aead::kAes128Gcm, Aead::kAes256Gcm, Aead::kChaCha20Poly1305}) {
    const AeadKey key = AeadKey::Create(aead, SecretBytes::Random(AeadKeySize(aead))).value();
    const Bytes nonce = RandomBytes(kAeadNonceSize);
    for (std::size_t size : {0, 1, 15, 16, 17, 64, 1000}) {
      const Bytes message = RandomBytes(size);
      const Bytes sealed = key.Seal(nonce, "aad", message);
      ASSERT_EQ(sealed.size(), size + kAeadTagSize);
      ASSERT_OK_AND_ASSIGN(const SecretBytes opened, key.Open(nonce, "aad", sealed));
      EXPECT_EQ(opened.Reveal(SecretAccess::ForTest()), message);
      for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes altered = sealed;
        altered[i] = static_cast<char>(altered[i] ^ 0x40);
        EXPECT_THAT(key.Open(nonce, "aad", altered), HasReason("E_OPEN"));
      }
      EXPECT_THAT(key.Open(nonce, "aae", sealed), HasReason("E_OPEN"));
      EXPECT_THAT(key.Open(RandomBytes(kAeadNonceSize), "aad", sealed), HasReason("E_OPEN"));
      EXPECT_THAT(key.Open(nonce, "aad", sealed.substr(1)), HasReason("E_OPEN"));
    }
  }
}

TEST(AeadTest, NothingOfTheMessageIsLeftAfterAFailure) {
  const AeadKey key = AeadKey::Create(Aead::kAes256Gcm, SecretBytes::Random(32)).value();
  const Bytes nonce = RandomBytes(kAeadNonceSize);
  Bytes sealed = key.Seal(nonce, "", "the message");
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  std::array<std::uint8_t, 11> out;
  out.fill(0x55);
  EXPECT_THAT(key.OpenInto(nonce, "", sealed, out), HasReason("E_OPEN"));
  EXPECT_EQ(out, (std::array<std::uint8_t, 11>{}));
  std::array<std::uint8_t, 10> small;
  EXPECT_THAT(key.OpenInto(nonce, "", sealed, small), HasReason("E_OPEN"));
}

TEST(AeadTest, RandomNoncesDifferAndOpen) {
  const AeadKey key = AeadKey::Create(Aead::kAes256Gcm, SecretBytes::Random(32)).value();
  const Bytes sealed = key.SealRandom("aad", "message");
  EXPECT_NE(sealed, key.SealRandom("aad", "message"));
  ASSERT_OK_AND_ASSIGN(const SecretBytes opened, key.OpenRandom("aad", sealed));
  EXPECT_EQ(opened.Reveal(SecretAccess::ForTest()), "message");
  EXPECT_THAT(key.OpenRandom("other", sealed), HasReason("E_OPEN"));
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_THAT(key.OpenRandom("aad", sealed.substr(0, size)), HasReason("E_OPEN"));
  }
}

TEST(AeadTest, KeysOfAnotherSizeAreRefused) {
  EXPECT_THAT(AeadKey::Create(Aead::kAes256Gcm, SecretBytes::Random(16)), HasReason("E_LENGTH"));
  EXPECT_THAT(AeadKey::Create(Aead::kAes128Gcm, SecretBytes::Random(32)), HasReason("E_LENGTH"));
  EXPECT_THAT(AeadKey::Create(Aead::kChaCha20Poly1305, SecretBytes()), HasReason("E_LENGTH"));
}

}  // namespace
}  // namespace sluis
