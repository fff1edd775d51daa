#include "lib/crypto/jws.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

constexpr char kTyp[] = "sluis-user+jwt";

const JwsPrivateKey& KeyOf(JwsAlgorithm algorithm) {
  static const JwsPrivateKey ps = JwsPrivateKey::Generate(JwsAlgorithm::kPs256);
  static const JwsPrivateKey rs = JwsPrivateKey::Generate(JwsAlgorithm::kRs256);
  static const JwsPrivateKey es = JwsPrivateKey::Generate(JwsAlgorithm::kEs256);
  return algorithm == JwsAlgorithm::kPs256 ? ps : algorithm == JwsAlgorithm::kRs256 ? rs : es;
}

JwsPublicKey PublicOf(const JwsPrivateKey& key, JwsAlgorithm algorithm) {
  return JwsPublicKey::Create(key.PublicPem(), algorithm).value();
}

template <typename T>
std::string CheckOf(const absl::StatusOr<T>& result) {
  EXPECT_THAT(result, HasReason("ASSERTION_INVALID"));
  return DetailOf(result.status()).metadata["check"];
}

// A token with any header, signed as its bytes stand.
std::string Forge(std::string_view header, std::string_view payload, const JwsPrivateKey& key) {
  const std::string input = Base64UrlEncode(header) + "." + Base64UrlEncode(payload);
  return input + "." + Base64UrlEncode(key.Sign(input));
}

std::string ForgedCheck(std::string_view header) {
  return CheckOf(Jws::Parse(Forge(header, "{}", KeyOf(JwsAlgorithm::kEs256))));
}

class JwsAlgorithms : public ::testing::TestWithParam<JwsAlgorithm> {};

TEST_P(JwsAlgorithms, SignsAndVerifies) {
  const JwsPrivateKey& key = KeyOf(GetParam());
  ASSERT_OK_AND_ASSIGN(const std::string token, SignJws(key, kTyp, "key-1", R"({"a":1})"));
  ASSERT_OK_AND_ASSIGN(const Jws jws, Jws::Parse(token));
  EXPECT_EQ(jws.typ(), kTyp);
  EXPECT_EQ(jws.kid(), "key-1");
  EXPECT_EQ(jws.algorithm(), GetParam());
  ASSERT_OK_AND_ASSIGN(const Bytes payload, jws.Verify(PublicOf(key, GetParam())));
  EXPECT_EQ(payload, R"({"a":1})");
}

TEST_P(JwsAlgorithms, RefusesEveryChangedByteOfTheSignature) {
  const JwsPrivateKey& key = KeyOf(GetParam());
  const JwsPublicKey public_key = PublicOf(key, GetParam());
  const Bytes signature = key.Sign("message");
  ASSERT_TRUE(public_key.Verifies("message", signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    Bytes changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(public_key.Verifies("message", changed)) << i;
  }
  EXPECT_FALSE(public_key.Verifies("massage", signature));
  EXPECT_FALSE(public_key.Verifies("message", signature + '\0'));
  EXPECT_FALSE(public_key.Verifies("message", signature.substr(1)));
  EXPECT_FALSE(public_key.Verifies("message", ""));
}

TEST_P(JwsAlgorithms, KeysRoundTripThroughPem) {
  const JwsPrivateKey& key = KeyOf(GetParam());
  ASSERT_OK_AND_ASSIGN(const JwsPrivateKey again,
                       JwsPrivateKey::Create(key.PrivatePem(SecretAccess::ForTest()), GetParam()));
  EXPECT_TRUE(PublicOf(key, GetParam()).Verifies("x", again.Sign("x")));
  EXPECT_EQ(PublicOf(key, GetParam()).fingerprint(), PublicOf(again, GetParam()).fingerprint());
  EXPECT_THAT(
      JwsPublicKey::Create(
          std::string(key.PrivatePem(SecretAccess::ForTest()).Reveal(SecretAccess::ForTest())),
          GetParam()),
      HasReason("FIELD_INVALID"));
}

INSTANTIATE_TEST_SUITE_P(All, JwsAlgorithms,
                         ::testing::Values(JwsAlgorithm::kPs256, JwsAlgorithm::kRs256,
                                           JwsAlgorithm::kEs256),
                         [](const auto& test) {
                           return std::string(JwsAlgorithmName(test.param));
                         });

// RFC 7515 A.3: an ES256 signature made elsewhere. Its key as SubjectPublicKeyInfo.
TEST(Jws, VerifiesTheExampleOfRfc7515) {
  const Bytes spki_head = *HexDecode("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
  const Bytes point = *Base64UrlDecode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU") +
                      *Base64UrlDecode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
  const std::string pem = "-----BEGIN PUBLIC KEY-----\n" + Base64Encode(spki_head + point) +
                          "\n-----END PUBLIC KEY-----\n";
  ASSERT_OK_AND_ASSIGN(const JwsPublicKey key, JwsPublicKey::Create(pem, JwsAlgorithm::kEs256));
  const std::string input =
      "eyJhbGciOiJFUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
      "Ijp0cnVlfQ";
  const Bytes signature = *Base64UrlDecode(
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  EXPECT_TRUE(key.Verifies(input, signature));
  EXPECT_FALSE(key.Verifies(input + "A", signature));
}

TEST(Jws, RefusesAnotherAlgorithmThanTheKeyIsPinnedTo) {
  const JwsPrivateKey& key = KeyOf(JwsAlgorithm::kRs256);
  ASSERT_OK_AND_ASSIGN(const std::string token, SignJws(key, kTyp, "key-1", "{}"));
  ASSERT_OK_AND_ASSIGN(const Jws jws, Jws::Parse(token));
  EXPECT_EQ(CheckOf(jws.Verify(PublicOf(key, JwsAlgorithm::kPs256))), "alg");
  ASSERT_OK_AND_ASSIGN(const Jws relabelled,
                       Jws::Parse(Forge(R"({"alg":"PS256","kid":"key-1","typ":"t"})", "{}", key)));
  EXPECT_EQ(CheckOf(relabelled.Verify(PublicOf(key, JwsAlgorithm::kPs256))), "signature");
}

TEST(Jws, RefusesAlgorithmConfusionWithThePublicKeyAsSecret) {
  const std::string input =
      Base64UrlEncode(R"({"alg":"HS256","kid":"key-1","typ":"t"})") + "." + Base64UrlEncode("{}");
  const Digest mac = HmacSha256(KeyOf(JwsAlgorithm::kRs256).PublicPem(), input);
  EXPECT_EQ(CheckOf(Jws::Parse(input + "." + Base64UrlEncode(AsView(mac)))), "alg-symmetric");
}

TEST(Jws, RefusesAnUnsignedToken) {
  for (const char* name : {"none", "None", "nOnE"}) {
    const std::string header = R"({"alg":")" + std::string(name) + R"(","kid":"k","typ":"t"})";
    EXPECT_EQ(CheckOf(Jws::Parse(Base64UrlEncode(header) + ".e30.")), "alg-none") << name;
  }
}

TEST(Jws, RefusesAHeaderThatBringsOrPointsAtItsOwnKey) {
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","typ":"t","jku":"https://example.invalid"})"),
            "jku");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","typ":"t","x5u":"https://example.invalid"})"),
            "x5u");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","typ":"t","jwk":{}})"), "jwk");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","typ":"t","crit":["exp"]})"), "crit");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","typ":"t","x5c":[]})"), "header-member");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","typ":"t","b64":false})"), "header-member");
}

TEST(Jws, RefusesAHeaderThatIsNotExactlyThreeTexts) {
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","kid":"l","typ":"t"})"), "header");
  EXPECT_EQ(ForgedCheck(R"({"alg":"none","alg":"ES256","kid":"k","typ":"t"})"), "header");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","typ":"t"})"), "header");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":1,"typ":"t"})"), "header");
  EXPECT_EQ(ForgedCheck(R"(["ES256"])"), "header");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","typ":"t"} x)"), "header");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES512","kid":"k","typ":"t"})"), "alg");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"","typ":"t"})"), "kid");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"a b","typ":"t"})"), "kid");
  EXPECT_EQ(ForgedCheck(R"({"alg":"ES256","kid":"k","typ":""})"), "typ");
}

TEST(Jws, RefusesAnotherFormThanThreeStrictParts) {
  ASSERT_OK_AND_ASSIGN(const std::string token,
                       SignJws(KeyOf(JwsAlgorithm::kEs256), kTyp, "k", "{}"));
  ASSERT_OK(Jws::Parse(token));
  EXPECT_EQ(CheckOf(Jws::Parse("")), "form");
  EXPECT_EQ(CheckOf(Jws::Parse("a.b")), "form");
  EXPECT_EQ(CheckOf(Jws::Parse(token + ".")), "form");
  EXPECT_EQ(CheckOf(Jws::Parse(token + "=")), "form");
  EXPECT_EQ(CheckOf(Jws::Parse(token + "\n")), "form");
  EXPECT_EQ(CheckOf(Jws::Parse(" " + token)), "form");
  EXPECT_EQ(CheckOf(Jws::Parse(std::string(kMaxJwsSize + 1, 'A'))), "size");
}

TEST(Jws, RefusesKeysThatAreWeakOrOfAnotherKind) {
  EXPECT_THAT(JwsPublicKey::Create(testing::RsaPublicPem(1024), JwsAlgorithm::kPs256),
              HasReason("FIELD_INVALID"));
  EXPECT_OK(JwsPublicKey::Create(testing::RsaPublicPem(2048), JwsAlgorithm::kPs256));
  EXPECT_THAT(JwsPublicKey::Create(testing::Secp384PublicPem(), JwsAlgorithm::kEs256),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(JwsPublicKey::Create(KeyOf(JwsAlgorithm::kRs256).PublicPem(), JwsAlgorithm::kEs256),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(JwsPublicKey::Create(KeyOf(JwsAlgorithm::kEs256).PublicPem(), JwsAlgorithm::kPs256),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(JwsPublicKey::Create("", JwsAlgorithm::kPs256), HasReason("FIELD_INVALID"));
  EXPECT_THAT(JwsPrivateKey::Create(SecretBytes::CopyOf(testing::EncryptedPrivatePem()),
                                    JwsAlgorithm::kEs256),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(JwsPrivateKey::Create(SecretBytes::CopyOf("no key"), JwsAlgorithm::kEs256),
              HasReason("FIELD_INVALID"));
}

TEST(Jws, WillNotSignWhatNobodyMayAccept) {
  const JwsPrivateKey& key = KeyOf(JwsAlgorithm::kEs256);
  EXPECT_THAT(SignJws(key, kTyp, "", "{}"), HasReason("FIELD_INVALID"));
  EXPECT_THAT(SignJws(key, kTyp, "a\"b", "{}"), HasReason("FIELD_INVALID"));
  EXPECT_THAT(SignJws(key, kTyp, "k", std::string(kMaxJwsSize, 'x')), HasReason("FIELD_INVALID"));
}

}  // namespace
}  // namespace sluis
