#include "lib/identity/assertion.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/crypto/hash.h"
#include "tests/lib/identity/region.h"
#include "tests/support/status_matchers.h"

namespace sluis::identity {
namespace {

using sluis::testing::HasReason;
using testing::CertificateOf;
using testing::kPoliceOin;
using testing::kTownOin;
using testing::OinOf;
using testing::TestPartner;
using testing::UnitOf;

const absl::Time kIssuedAt = absl::FromUnixSeconds(1'790'000'000);
constexpr char kAudience[] = "sluis-midden";

// Rulebook §3.10, as far as the tests need it.
bool MayGive(std::string_view role, std::string_view kind) {
  if (role == "bibob-coordinator") return kind == "gemeente";
  if (role == "politie-verstrekker") return kind == "politie";
  return role == "teamleider";
}

class AssertionTest : public ::testing::Test {
 protected:
  AssertionTest() {
    // A key that vouches for OOV alone, and one of another algorithm.
    Add(oov_key_, "key-oov", {UnitOf("gemeente/oov")});
    Add(rsa_key_, "key-rsa", {UnitOf("gemeente/oov"), UnitOf("gemeente/wethouder")});
    certificate_.oin = OinOf(kTownOin);
    certificate_.thumbprint = CertificateOf(kTownOin);
  }

  void Add(const JwsPrivateKey& key, const std::string& kid, std::set<UnitPath> units) {
    town_.entry.assertion_keys.push_back(
        {kid, JwsPublicKey::Create(key.PublicPem(), key.algorithm()).value(), std::move(units)});
  }

  AssertionClaims Claims() const {
    return {.issuer = town_.entry.issuer,
            .subject = "m-4711",
            .audience = kAudience,
            .client = town_.entry.client_id,
            .issued = kIssuedAt,
            .expires = kIssuedAt + absl::Seconds(300),
            .not_before = kIssuedAt,
            .oin = OinOf(kTownOin),
            .certificate = CertificateOf(kTownOin),
            .unit = UnitOf("gemeente/oov"),
            .roles = {"bibob-coordinator", "teamleider"},
            .mandate = "mandaat-2026",
            .assurance = Assurance::kSubstantial,
            .token_id = NewTokenId()};
  }

  absl::StatusOr<Person> Verify(std::string_view token, Assurance at_least = Assurance::kLow) {
    return VerifyAssertion(token, {.partner = town_.entry,
                                   .certificate = certificate_,
                                   .audience = kAudience,
                                   .now = now_,
                                   .at_least = at_least,
                                   .may_give = may_give_});
  }
  absl::StatusOr<Person> VerifyClaims(const AssertionClaims& claims,
                                      const std::string& kid = "key-1") {
    return Verify(IssueAssertion(claims, kid, *town_.assertion_key).value());
  }
  // The claims as JSON, to be bent in ways that IssueAssertion does not offer.
  Json ClaimsJson() {
    const auto token = IssueAssertion(Claims(), "key-1", *town_.assertion_key);
    const std::size_t first = token->find('.');
    return Json::parse(*Base64UrlDecode(token->substr(first + 1, token->rfind('.') - first - 1)));
  }
  absl::StatusOr<Person> VerifyPayload(const std::string& payload) {
    return Verify(SignJws(*town_.assertion_key, kAssertionTyp, "key-1", payload).value());
  }
  absl::StatusOr<Person> VerifyWith(const std::string& claim, const Json& value) {
    Json json = ClaimsJson();
    json[claim] = value;
    return VerifyPayload(json.dump());
  }
  absl::StatusOr<Person> VerifyWithout(const std::string& claim) {
    Json json = ClaimsJson();
    json.erase(claim);
    return VerifyPayload(json.dump());
  }

  static const TestPartner& Town() {
    static const TestPartner town(kTownOin, {"gemeente/oov", "gemeente/wethouder"});
    return town;
  }
  static const JwsPrivateKey& RsaKey() {
    static const JwsPrivateKey key = JwsPrivateKey::Generate(JwsAlgorithm::kPs256);
    return key;
  }
  TestPartner town_ = Town();
  JwsPrivateKey oov_key_ = JwsPrivateKey::Generate(JwsAlgorithm::kEs256);
  const JwsPrivateKey& rsa_key_ = RsaKey();
  PeerCertificate certificate_;
  MayGiveRole may_give_ = MayGive;
  absl::Time now_ = kIssuedAt + absl::Seconds(10);
};

std::string CheckOf(const absl::StatusOr<Person>& person) {
  EXPECT_THAT(person, HasReason("ASSERTION_INVALID"));
  EXPECT_EQ(person.status().code(), absl::StatusCode::kUnauthenticated);
  return DetailOf(person.status()).metadata["check"];
}

TEST_F(AssertionTest, ShowsThePerson) {
  const AssertionClaims claims = Claims();
  ASSERT_OK_AND_ASSIGN(const Person person, VerifyClaims(claims));
  EXPECT_EQ(person.oin, OinOf(kTownOin));
  EXPECT_EQ(person.sub, "m-4711");
  EXPECT_EQ(person.unit.str(), "gemeente/oov");
  EXPECT_EQ(person.roles, (std::vector<std::string>{"bibob-coordinator", "teamleider"}));
  EXPECT_EQ(person.mandate, "mandaat-2026");
  EXPECT_EQ(person.assurance, Assurance::kSubstantial);
  EXPECT_EQ(person.issuer, town_.entry.issuer);
  EXPECT_EQ(person.jti, claims.token_id);
  EXPECT_EQ(person.expires, kIssuedAt + absl::Seconds(300));
  EXPECT_EQ(person.forget_after, kIssuedAt + absl::Seconds(360));
}

TEST_F(AssertionTest, TakesEachAlgorithmThatTheDirectoryPins) {
  EXPECT_OK(Verify(*IssueAssertion(Claims(), "key-rsa", rsa_key_)));
  EXPECT_OK(Verify(*IssueAssertion(Claims(), "key-oov", oov_key_)));
}

TEST_F(AssertionTest, RefusesNoToken) { EXPECT_THAT(Verify(""), HasReason("ASSERTION_MISSING")); }

TEST_F(AssertionTest, RefusesAnotherTypeOrKey) {
  const std::string payload = ClaimsJson().dump();
  EXPECT_EQ(CheckOf(Verify(*SignJws(*town_.assertion_key, "JWT", "key-1", payload))), "typ");
  EXPECT_EQ(CheckOf(VerifyClaims(Claims(), "key-2")), "kid");
  EXPECT_EQ(CheckOf(VerifyClaims(Claims(), "key-oov")), "signature");
  EXPECT_EQ(CheckOf(VerifyClaims(Claims(), "key-rsa")), "alg");
  const TestPartner police(kPoliceOin,
                           {"politie/informatie"});  // the other organisation's key under our kid
  EXPECT_EQ(CheckOf(Verify(*IssueAssertion(Claims(), "key-1", *police.assertion_key))),
            "signature");
}

TEST_F(AssertionTest, RefusesUnsignedAndSymmetricTokens) {
  const std::string payload = Base64UrlEncode(ClaimsJson().dump());
  const std::string none =
      Base64UrlEncode(R"({"alg":"none","kid":"key-1","typ":"sluis-user+jwt"})") + "." + payload +
      ".";
  EXPECT_EQ(CheckOf(Verify(none)), "alg-none");
  const std::string input =
      Base64UrlEncode(R"({"alg":"HS256","kid":"key-rsa","typ":"sluis-user+jwt"})") + "." + payload;
  const Digest mac = HmacSha256(rsa_key_.PublicPem(), input);
  EXPECT_EQ(CheckOf(Verify(input + "." + Base64UrlEncode(AsView(mac)))), "alg-symmetric");
}

TEST_F(AssertionTest, RefusesTrailingData) {
  const std::string token = *IssueAssertion(Claims(), "key-1", *town_.assertion_key);
  EXPECT_EQ(CheckOf(Verify(token + "AA")), "signature");
  EXPECT_EQ(CheckOf(Verify(token + "AAA")), "form");  // a length that base64url cannot have
  EXPECT_EQ(CheckOf(Verify(token + "\n")), "form");
  EXPECT_EQ(CheckOf(VerifyPayload(ClaimsJson().dump() + "{}")), "claims");
}

TEST_F(AssertionTest, RefusesTheFrameOfAnother) {
  EXPECT_EQ(CheckOf(VerifyWith("iss", "https://idp.example/" + std::string(kPoliceOin))), "iss");
  EXPECT_EQ(CheckOf(VerifyWith("aud", "sluis-noord")), "aud");
  EXPECT_EQ(CheckOf(VerifyWith("aud", Json::array({"sluis-noord"}))), "aud");
  EXPECT_OK(VerifyWith("aud", Json::array({"sluis-noord", kAudience})));
  EXPECT_EQ(CheckOf(VerifyWith("azp", "another-client")), "azp");
}

TEST_F(AssertionTest, HoldsTheTimesToTheSecond) {
  AssertionClaims claims = Claims();
  claims.expires = claims.issued + absl::Seconds(301);
  EXPECT_EQ(CheckOf(VerifyClaims(claims)), "lifetime");
  claims.expires = claims.issued;
  EXPECT_EQ(CheckOf(VerifyClaims(claims)), "lifetime");

  const std::string token = *IssueAssertion(Claims(), "key-1", *town_.assertion_key);
  now_ = kIssuedAt - absl::Seconds(60);
  EXPECT_OK(Verify(token));
  now_ = kIssuedAt - absl::Seconds(61);
  EXPECT_EQ(CheckOf(Verify(token)), "iat");
  now_ = kIssuedAt + absl::Seconds(359);
  EXPECT_OK(Verify(token));
  now_ = kIssuedAt + absl::Seconds(360);
  EXPECT_THAT(Verify(token), HasReason("ASSERTION_EXPIRED"));

  now_ = kIssuedAt;
  claims = Claims();
  claims.not_before = kIssuedAt + absl::Seconds(60);
  EXPECT_OK(VerifyClaims(claims));
  claims.not_before = kIssuedAt + absl::Seconds(61);
  EXPECT_EQ(CheckOf(VerifyClaims(claims)), "nbf");
  claims.not_before.reset();
  EXPECT_OK(VerifyClaims(claims));
}

TEST_F(AssertionTest, RefusesAnotherOrganisationThanTheCertificate) {
  AssertionClaims claims = Claims();
  claims.oin = OinOf(kPoliceOin);
  const auto person = VerifyClaims(claims);
  EXPECT_THAT(person, HasReason("OIN_MISMATCH"));
  EXPECT_EQ(person.status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(AssertionTest, RefusesAnotherCertificate) {
  AssertionClaims claims = Claims();
  claims.certificate = CertificateOf(kPoliceOin);
  EXPECT_EQ(CheckOf(VerifyClaims(claims)), "cnf");
  EXPECT_EQ(CheckOf(VerifyWith("cnf", {{"jkt", "x"}})), "cnf");
  EXPECT_EQ(CheckOf(VerifyWith("cnf", {{"x5t#S256", "AAAA"}})), "cnf");
  // A second certificate of the organisation, which is not this unit's.
  certificate_.thumbprint = Sha256("wethouder");
  town_.entry.certificates.push_back({certificate_.thumbprint, {UnitOf("gemeente/wethouder")}});
  claims.certificate = certificate_.thumbprint;
  EXPECT_EQ(CheckOf(VerifyClaims(claims)), "unit-certificate");
}

TEST_F(AssertionTest, RefusesAUnitThatIsNotTheirs) {
  EXPECT_EQ(CheckOf(VerifyWith("unit", "politie/informatie")), "unit-kind");
  EXPECT_EQ(CheckOf(VerifyWith("unit", "gemeente/raad")), "unit");
  EXPECT_EQ(CheckOf(VerifyWith("unit", "gemeente")), "unit");
  AssertionClaims claims = Claims();
  claims.unit = UnitOf("gemeente/wethouder");
  EXPECT_OK(VerifyClaims(claims));
  EXPECT_EQ(CheckOf(Verify(*IssueAssertion(claims, "key-oov", oov_key_))), "unit-key");
}

TEST_F(AssertionTest, RefusesARoleThatThisKindCannotGive) {
  AssertionClaims claims = Claims();
  claims.roles = {"teamleider", "politie-verstrekker"};
  const auto person = VerifyClaims(claims);
  EXPECT_EQ(CheckOf(person), "roles");
  EXPECT_EQ(DetailOf(person.status()).metadata["role"], "politie-verstrekker");
  claims.roles = {"keizer"};
  EXPECT_EQ(CheckOf(VerifyClaims(claims)), "roles");
  EXPECT_EQ(CheckOf(VerifyWith("roles", Json::array({"teamleider", "teamleider"}))), "roles");
  EXPECT_EQ(CheckOf(VerifyWith("roles", "teamleider")), "roles");
  claims.roles = {};
  EXPECT_OK(VerifyClaims(claims));
}

TEST_F(AssertionTest, AsksTheAssuranceOfTheMethod) {
  AssertionClaims claims = Claims();
  claims.assurance = Assurance::kLow;
  const std::string token = *IssueAssertion(claims, "key-1", *town_.assertion_key);
  EXPECT_OK(Verify(token));
  EXPECT_EQ(CheckOf(Verify(token, Assurance::kSubstantial)), "acr");
  EXPECT_OK(
      Verify(*IssueAssertion(Claims(), "key-1", *town_.assertion_key), Assurance::kSubstantial));
  EXPECT_EQ(CheckOf(VerifyWith("acr", "2fa")), "acr");
}

TEST_F(AssertionTest, RefusesASubjectThatCouldNameAPerson) {
  for (const char* sub :
       {"J. Jansen", "jan@gemeente.example", "999990019", "m-999990019", "jan/jansen"}) {
    EXPECT_EQ(CheckOf(VerifyWith("sub", sub)), "sub") << sub;
  }
  EXPECT_EQ(CheckOf(VerifyWith("sub", std::string(65, 'a'))), "sub");
  EXPECT_EQ(CheckOf(VerifyWith("sub", "")), "sub");
}

TEST_F(AssertionTest, RefusesATokenIdThatCanBeGuessed) {
  for (const char* jti :
       {"1", "0123456789abcdef0123456789abcde", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "12345678901234567890123456789012345678", "7f1c2d3e-4a5b-4c6d-8e9f-0a1b2c3d4e5f",
        "abcdefghijklmnopqrstu", "abcdefghijklmnop qrstuvwxyz"}) {
    EXPECT_EQ(CheckOf(VerifyWith("jti", jti)), "jti") << jti;
  }
  EXPECT_OK(VerifyWith("jti", "0123456789abcdef0123456789abcdef"));
  EXPECT_NE(NewTokenId(), NewTokenId());
}

TEST_F(AssertionTest, RefusesUnknownMissingDuplicateAndMistypedClaims) {
  EXPECT_EQ(CheckOf(VerifyWith("name", "J. Jansen")), "claim-unknown");
  EXPECT_EQ(CheckOf(VerifyWith("email", "x@example.invalid")), "claim-unknown");
  for (const char* claim :
       {"iss", "sub", "aud", "azp", "iat", "exp", "oin", "cnf", "unit", "roles", "acr", "jti"}) {
    EXPECT_EQ(CheckOf(VerifyWithout(claim)), claim);
    EXPECT_EQ(CheckOf(VerifyWith(claim, nullptr)), claim);
    EXPECT_EQ(CheckOf(VerifyWith(claim, 1.5)), claim);
  }
  EXPECT_OK(VerifyWithout("nbf"));
  EXPECT_OK(VerifyWithout("mandate"));
  EXPECT_EQ(CheckOf(VerifyWith("mandate", "Geen Code")), "mandate");
  EXPECT_EQ(CheckOf(VerifyWith("exp", "1790000300")), "exp");
  EXPECT_EQ(CheckOf(VerifyWith("iat", -1)), "iat");
  std::string twice = ClaimsJson().dump();
  twice.insert(1, R"("unit":"gemeente/wethouder",)");
  EXPECT_EQ(CheckOf(VerifyPayload(twice)), "claims");
  EXPECT_EQ(CheckOf(VerifyPayload("[]")), "claims");
  EXPECT_EQ(CheckOf(VerifyPayload("")), "claims");
}

}  // namespace
}  // namespace sluis::identity
