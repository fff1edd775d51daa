#include "lib/crypto/hpke.h"

#include <gtest/gtest.h>

#include "lib/crypto/hpke_testonly.h"
#include "lib/crypto/random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis {
namespace {

using testing::HasReason;
using testing::Unhex;

X25519PrivateKey PrivateKey(const Json& hex) {
  return X25519PrivateKey::FromBytes(SecretBytes::Take(Unhex(hex))).value();
}

// Seals and opens the numbered messages of a suite, with unlisted ones in between.
void RunEncryptions(const Json& suite, HpkeSender& sender, HpkeRecipient& recipient) {
  std::uint64_t number = 0;
  for (const Json& e : suite.at("encryptions")) {
    for (; number < e.at("seq").get<std::uint64_t>(); ++number) {
      ASSERT_OK(recipient.Open("skipped", sender.Seal("skipped", "")));
    }
    const Bytes aad = Unhex(e.at("aad"));
    EXPECT_EQ(sender.Seal(aad, Unhex(e.at("pt"))), Unhex(e.at("ct")));
    EXPECT_THAT(recipient.Open(aad + "x", Unhex(e.at("ct"))), HasReason("E_OPEN"));
    ASSERT_OK_AND_ASSIGN(const SecretBytes opened, recipient.Open(aad, Unhex(e.at("ct"))));
    EXPECT_EQ(opened.Reveal(SecretAccess::ForTest()), Unhex(e.at("pt")));
    ++number;
  }
}

void RunExports(const Json& suite, const HpkeSender& sender, const HpkeRecipient& recipient) {
  for (const Json& e : suite.at("exports")) {
    const Bytes context = Unhex(e.at("exporter_context"));
    const SecretBytes expected = SecretBytes::Take(Unhex(e.at("exported_value")));
    EXPECT_TRUE(sender.Export(context, e.at("L")).Equals(expected));
    EXPECT_TRUE(recipient.Export(context, e.at("L")).Equals(expected));
  }
}

void RunSuite(const Json& suite) {
  ASSERT_EQ(suite.at("kem_id"), kHpkeKem);
  ASSERT_EQ(suite.at("kdf_id"), kHpkeKdf);
  ASSERT_EQ(suite.at("mode"), 0);
  const auto aead = static_cast<Aead>(suite.at("aead_id").get<int>());
  const X25519PrivateKey key = PrivateKey(suite.at("skRm"));
  EXPECT_EQ(AsView(key.public_key().raw()), Unhex(suite.at("pkRm")));
  ASSERT_OK_AND_ASSIGN(HpkeSender sender, HpkeTestAccess::SenderWithEphemeral(
                                              aead, key.public_key(), Unhex(suite.at("info")),
                                              PrivateKey(suite.at("skEm"))));
  EXPECT_EQ(AsView(sender.enc()), Unhex(suite.at("enc")));
  ASSERT_OK_AND_ASSIGN(
      HpkeRecipient recipient,
      HpkeRecipient::Create(aead, Unhex(suite.at("enc")), key, Unhex(suite.at("info"))));
  RunEncryptions(suite, sender, recipient);
  RunExports(suite, sender, recipient);
}

TEST(HpkeTest, Rfc9180BaseVectors) {
  for (const auto& file : testing::LoadVectors("rfc9180-base")) {
    int run = 0;
    for (const Json& suite : file.content.at("suites")) {
      SCOPED_TRACE(suite.at("aead_id").dump());
      RunSuite(suite);
      ++run;
    }
    EXPECT_GT(run, 0) << file.path;
  }
}

TEST(HpkeTest, FreshEphemeralKeyEachTime) {
  const X25519PrivateKey key = X25519PrivateKey::Generate();
  ASSERT_OK_AND_ASSIGN(HpkeSender a,
                       HpkeSender::Create(Aead::kAes256Gcm, key.public_key(), "info"));
  ASSERT_OK_AND_ASSIGN(HpkeSender b,
                       HpkeSender::Create(Aead::kAes256Gcm, key.public_key(), "info"));
  EXPECT_NE(a.enc(), b.enc());
  const Bytes sealed = a.Seal("aad", "message");
  EXPECT_NE(sealed, b.Seal("aad", "message"));
  ASSERT_OK_AND_ASSIGN(HpkeRecipient recipient,
                       HpkeRecipient::Create(Aead::kAes256Gcm, AsView(a.enc()), key, "info"));
  EXPECT_OK(recipient.Open("aad", sealed));
  EXPECT_THAT(recipient.Open("aad", sealed), HasReason("E_OPEN"));  // the number went on
}

TEST(HpkeTest, OtherKeyInfoOrAlgorithmDoesNotOpen) {
  const X25519PrivateKey key = X25519PrivateKey::Generate();
  ASSERT_OK_AND_ASSIGN(HpkeSender sender,
                       HpkeSender::Create(Aead::kAes256Gcm, key.public_key(), "info"));
  const Bytes sealed = sender.Seal("aad", "message");
  const auto open = [&](Aead aead, const X25519PrivateKey& with, BytesView info) {
    return HpkeRecipient::Create(aead, AsView(sender.enc()), with, info)->Open("aad", sealed);
  };
  EXPECT_OK(open(Aead::kAes256Gcm, key, "info"));
  EXPECT_THAT(open(Aead::kAes256Gcm, X25519PrivateKey::Generate(), "info"), HasReason("E_OPEN"));
  EXPECT_THAT(open(Aead::kAes256Gcm, key, "other"), HasReason("E_OPEN"));
  EXPECT_THAT(open(Aead::kChaCha20Poly1305, key, "info"), HasReason("E_OPEN"));
}

TEST(HpkeTest, LowOrderKeysOnEitherSideAreRefused) {
  const X25519PrivateKey key = X25519PrivateKey::Generate();
  const Bytes zero(32, '\0');
  EXPECT_THAT(HpkeRecipient::Create(Aead::kAes256Gcm, zero, key, ""), HasReason("E_DH_ZERO"));
  EXPECT_THAT(HpkeRecipient::Create(Aead::kAes256Gcm, "short", key, ""), HasReason("E_LENGTH"));
  EXPECT_THAT(HpkeSender::Create(Aead::kAes256Gcm, X25519PublicKey::Parse(zero).value(), ""),
              HasReason("E_DH_ZERO"));
}

}  // namespace
}  // namespace sluis
