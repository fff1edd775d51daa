// Who is let in (api.md §11): every way in which a certificate or an assertion is not in order is
// refused with a reason of its own, noted as AUTH_FAILURE without a name, and leaves nothing else.
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "lib/base/encoding.h"
#include "lib/base/resource_names.h"
#include "lib/crypto/hash.h"
#include "tests/broker/http/raw_client.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/broker/rpc/sample_request.h"
#include "tests/support/status_matchers.h"

namespace sluis::rpc::testing {
namespace {

using exchange::testing::Alderman;
using exchange::testing::Analyst;
using exchange::testing::Oov;
using exchange::testing::PrivacyOfficer;
using ::sluis::testing::CertificateSpec;
using ::sluis::testing::ClientOf;
using ::sluis::testing::RawClient;
using ::sluis::testing::RawTls;
using ::sluis::testing::TestAuthority;

class IdentityTest : public RpcWorld {
 protected:
  // Asks for a new case with this channel and metadata.
  RawAnswer OpenCase(const std::shared_ptr<grpc::Channel>& channel,
                     std::vector<std::pair<std::string, std::string>> metadata) {
    RawCall call = CallOf(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov()));
    call.metadata = std::move(metadata);
    return Send(channel, call);
  }

  // The call was refused so, nothing but one AUTH_FAILURE was kept, and that names nobody.
  void ExpectRefused(const RawAnswer& answer, std::uint64_t size_before, grpc::StatusCode code,
                     const std::string& reason) {
    EXPECT_EQ(answer.status.error_code(), code) << answer.status.error_message();
    EXPECT_EQ(answer.Reason(), reason) << answer.status.error_message();
    ASSERT_EQ(LogSize(), size_before + 1);
    const Json record = RecordAt(size_before);
    EXPECT_EQ(record["kind"], "AUTH_FAILURE");
    EXPECT_EQ(record["reasons"], Json::array({reason}));
    for (const std::string& name : {Oov().person, Oov().party.oin.str(), Oov().party.unit.str()}) {
      EXPECT_EQ(record.dump().find(name), std::string::npos) << record.dump();
    }
    // The next one is written out again.
    clock.Advance(absl::Minutes(1));
  }

  IssuedCertificate WithSubject(std::vector<std::pair<std::string, std::string>> subject) {
    CertificateSpec spec = ClientOf(Oov().party.oin.str(), clock.Now());
    spec.subject = std::move(subject);
    return authority.IssueWithKey(spec);
  }
};

TEST_F(IdentityTest, APersonWithCertificateAndAssertionIsLetIn) {
  const RawAnswer answer = Ask(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov()));
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.As<v1::Case>().holder().organisation(), Oov().party.oin.str());
}

TEST_F(IdentityTest, ACertificateThatDoesNotSayWhoIsRefused) {
  const std::string oin = Oov().party.oin.str();
  const std::vector<std::pair<std::string, std::vector<std::pair<std::string, std::string>>>>
      cases = {{"no serialNumber", {{"C", "NL"}, {"O", "Testorganisatie"}}},
               {"two", {{"O", "x"}, {"serialNumber", oin}, {"serialNumber", oin}}},
               {"19 digits", {{"O", "x"}, {"serialNumber", oin.substr(1)}}},
               {"a letter", {{"O", "x"}, {"serialNumber", oin.substr(1) + "x"}}},
               {"in the name", {{"O", "x"}, {"CN", "serialNumber=" + oin}}}};
  for (const auto& [name, subject] : cases) {
    SCOPED_TRACE(name);
    const std::uint64_t before = LogSize();
    ExpectRefused(OpenCase(ChannelWith(WithSubject(subject)), {{"authorization", Bearer(Oov())}}),
                  before, grpc::StatusCode::UNAUTHENTICATED, "CERTIFICATE_WITHOUT_OIN");
  }
}

TEST_F(IdentityTest, AnOrganisationThatIsNotAdmittedIsRefused) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a real organisation in a demonstration", "00000001123456789000"},
      {"a test organisation that takes no part", "00000099900000001000"},
      {"another certificate of a partner", Oov().party.oin.str()}};
  for (const auto& [name, oin] : cases) {
    SCOPED_TRACE(name);
    const std::uint64_t before = LogSize();
    ExpectRefused(OpenCase(ChannelWith(authority.IssueWithKey(ClientOf(oin, clock.Now()))),
                           {{"authorization", Bearer(Oov())}}),
                  before, grpc::StatusCode::UNAUTHENTICATED, "CERTIFICATE_NOT_TRUSTED");
  }
}

TEST_F(IdentityTest, ATestOrganisationHasNoPlaceOutsideADemonstration) {
  const exchange::PartnerAuthenticator production({kAudience, /*demonstration=*/false}, trust,
                                                  directory_in_force, *policies, clock);
  const std::string token = Bearer(Oov()).substr(7);
  const std::string& certificate = Certificate(Oov()).certificate;
  EXPECT_OK(authenticator->Authenticate(certificate, token));
  EXPECT_THAT(production.Authenticate(certificate, token),
              ::sluis::testing::HasReason("CERTIFICATE_NOT_TRUSTED"));
}

TEST_F(IdentityTest, ACertificateIsGoodOnlyInItsTime) {
  const absl::Time now = clock.Now();
  const std::vector<std::tuple<std::string, absl::Time, absl::Time>> cases = {
      {"expired", now - absl::Hours(48), now - absl::Seconds(1)},
      {"not-yet-valid", now + absl::Hours(24), now + absl::Hours(48)}};
  for (const auto& [why, from, until] : cases) {
    SCOPED_TRACE(why);
    CertificateSpec spec = ClientOf(Oov().party.oin.str(), now);
    spec.not_before = from;
    spec.not_after = until;
    const std::uint64_t before = LogSize();
    const RawAnswer answer =
        OpenCase(ChannelWith(authority.IssueWithKey(spec)), {{"authorization", Bearer(Oov())}});
    EXPECT_EQ(answer.Metadata("why"), why);
    ExpectRefused(answer, before, grpc::StatusCode::UNAUTHENTICATED, "CERTIFICATE_NOT_TRUSTED");
  }
}

TEST_F(IdentityTest, RevocationIsSeenOnAnOpenConnectionAndSilenceIsNoProof) {
  ASSERT_TRUE(OpenCase(ChannelOf(Oov()), {{"authorization", Bearer(Oov())}}).status.ok());
  const std::string own = Certificate(Oov()).certificate;
  const std::string good = ListOf({}, absl::Hours(24 * 60));
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"revoked", {ListOf({own}, absl::Hours(24))}},
      {"crl-missing", {}},
      {"crl-stale",
       {authority.RevocationList({}, clock.Now() - absl::Hours(48),
                                 clock.Now() - absl::Hours(24))}}};
  for (const auto& [why, lists] : cases) {
    SCOPED_TRACE(why);
    SetLists(lists);
    const std::uint64_t before = LogSize();
    const RawAnswer answer = OpenCase(ChannelOf(Oov()), {{"authorization", Bearer(Oov())}});
    EXPECT_EQ(answer.Metadata("why"), why);
    ExpectRefused(answer, before, grpc::StatusCode::UNAUTHENTICATED, "CERTIFICATE_NOT_TRUSTED");
  }
  // A list that goes stale while a connection is open.
  SetLists({ListOf({}, absl::Hours(1))});
  EXPECT_TRUE(OpenCase(ChannelOf(Oov()), {{"authorization", Bearer(Oov())}}).status.ok());
  clock.Advance(absl::Hours(1));
  EXPECT_EQ(OpenCase(ChannelOf(Oov()), {{"authorization", Bearer(Oov())}}).Metadata("why"),
            "crl-stale");
  SetLists({good});
  EXPECT_TRUE(OpenCase(ChannelOf(Oov()), {{"authorization", Bearer(Oov())}}).status.ok());
}

TEST_F(IdentityTest, AStrangerGetsNoFurtherThanTheHandshake) {
  const TestAuthority other("root");
  const std::uint64_t before = LogSize();
  const IssuedCertificate unknown =
      other.IssueWithKey(ClientOf(Oov().party.oin.str(), clock.Now()));
  for (const IssuedCertificate& certificate : {unknown, IssuedCertificate{}}) {
    const RawAnswer answer = OpenCase(ChannelWith(certificate), {{"authorization", Bearer(Oov())}});
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  EXPECT_EQ(LogSize(), before);
}

TEST_F(IdentityTest, OnlyTls13IsSpoken) {
  const IssuedCertificate& own = Certificate(Oov());
  RawClient old(
      static_cast<std::uint16_t>(server->port()),
      std::make_unique<RawTls>(RawTls{own.certificate, own.key, TLS1_2_VERSION, "h2"}).get());
  EXPECT_NE(old.tls_error(), "");
  RawClient current(static_cast<std::uint16_t>(server->port()),
                    std::make_unique<RawTls>(RawTls{own.certificate, own.key, 0, "h2"}).get());
  EXPECT_EQ(current.tls_error(), "");
}

TEST_F(IdentityTest, ASuspendedPartnerIsRefused) {
  town.entry.suspended = true;
  SetPartners({&town, &small_town, &police, &prosecution}, 8);
  const std::uint64_t before = LogSize();
  ExpectRefused(OpenCase(ChannelOf(Oov()), {{"authorization", Bearer(Oov())}}), before,
                grpc::StatusCode::PERMISSION_DENIED, "PARTNER_SUSPENDED");
}

struct AssertionCase {
  const char* name;
  std::function<void(Json& header, Json& payload)> change;
  const char* check;  // metadata of the error
  const char* reason = "ASSERTION_INVALID";
  grpc::StatusCode code = grpc::StatusCode::UNAUTHENTICATED;
};

std::vector<AssertionCase> AssertionCases() {
  return {
      {"jku", [](Json& h, Json&) { h["jku"] = "https://keys.example/"; }, "jku"},
      {"x5u", [](Json& h, Json&) { h["x5u"] = "https://keys.example/"; }, "x5u"},
      {"jwk", [](Json& h, Json&) { h["jwk"] = Json::object(); }, "jwk"},
      {"crit", [](Json& h, Json&) { h["crit"] = Json::array({"exp"}); }, "crit"},
      {"another member", [](Json& h, Json&) { h["cty"] = "x"; }, "header-member"},
      {"wrong typ", [](Json& h, Json&) { h["typ"] = "JWT"; }, "typ"},
      {"no typ", [](Json& h, Json&) { h.erase("typ"); }, "header"},
      {"unknown kid", [](Json& h, Json&) { h["kid"] = "key-2"; }, "kid"},
      {"no kid", [](Json& h, Json&) { h.erase("kid"); }, "header"},
      {"alg of another kind of key", [](Json& h, Json&) { h["alg"] = "PS256"; }, "alg"},
      {"unknown alg", [](Json& h, Json&) { h["alg"] = "ES384"; }, "alg"},
      {"iss", [](Json&, Json& p) { p["iss"] = "https://idp.example/else"; }, "iss"},
      {"aud", [](Json&, Json& p) { p["aud"] = "https://other.example"; }, "aud"},
      {"no aud", [](Json&, Json& p) { p.erase("aud"); }, "aud"},
      {"azp", [](Json&, Json& p) { p["azp"] = "other-client"; }, "azp"},
      {"lifetime", [](Json&, Json& p) { p["exp"] = p["iat"].get<std::int64_t>() + 301; },
       "lifetime"},
      {"ends before it begins", [](Json&, Json& p) { p["exp"] = p["iat"]; }, "lifetime"},
      {"expired",
       [](Json&, Json& p) {
         p["iat"] = p["iat"].get<std::int64_t>() - 360;
         p["exp"] = p["iat"].get<std::int64_t>() + 300;
       },
       "", "ASSERTION_EXPIRED"},
      {"issued in the future",
       [](Json&, Json& p) {
         p["iat"] = p["iat"].get<std::int64_t>() + 61;
         p["exp"] = p["iat"].get<std::int64_t>() + 300;
       },
       "iat"},
      {"not yet valid", [](Json&, Json& p) { p["nbf"] = p["iat"].get<std::int64_t>() + 61; },
       "nbf"},
      {"iat as text", [](Json&, Json& p) { p["iat"] = "now"; }, "iat"},
      {"of another organisation", [](Json&, Json& p) { p["oin"] = identity::testing::kPoliceOin; },
       "", "OIN_MISMATCH", grpc::StatusCode::PERMISSION_DENIED},
      {"bound to another certificate",
       [](Json&, Json& p) { p["cnf"]["x5t#S256"] = Base64UrlEncode(std::string(32, 'x')); }, "cnf"},
      {"bound to none", [](Json&, Json& p) { p.erase("cnf"); }, "cnf"},
      {"a citizen number as subject", [](Json&, Json& p) { p["sub"] = "999990019"; }, "sub"},
      {"a mail address as subject", [](Json&, Json& p) { p["sub"] = "oov@town.example"; }, "sub"},
      {"a name beside it", [](Json&, Json& p) { p["name"] = "Test Persoon"; }, "claim-unknown"},
      {"unit of another kind", [](Json&, Json& p) { p["unit"] = "politie/informatie"; },
       "unit-kind"},
      {"unit that is not there", [](Json&, Json& p) { p["unit"] = "gemeente/belastingen"; },
       "unit"},
      {"role of another kind", [](Json&, Json& p) { p["roles"] = {"politie-verstrekker"}; },
       "roles"},
      {"role that nobody knows", [](Json&, Json& p) { p["roles"] = {"no-such-role"}; }, "roles"},
      {"unknown acr", [](Json&, Json& p) { p["acr"] = "sure"; }, "acr"},
      {"jti of 120 bits", [](Json&, Json& p) { p["jti"] = Base64UrlEncode(std::string(15, 'x')); },
       "jti"},
      {"no jti", [](Json&, Json& p) { p.erase("jti"); }, "jti"},
  };
}

TEST_F(IdentityTest, AnAssertionThatIsNotInOrderIsRefused) {
  for (const AssertionCase& bad : AssertionCases()) {
    SCOPED_TRACE(bad.name);
    const std::uint64_t before = LogSize();
    Token token = TokenOf(Oov());
    bad.change(token.header, token.payload);
    const RawAnswer answer = OpenCase(
        ChannelOf(Oov()), {{"authorization", "Bearer " + token.SignedBy(*town.assertion_key)}});
    EXPECT_EQ(answer.Metadata("check"), bad.check);
    ExpectRefused(answer, before, bad.code, bad.reason);
  }
}

TEST_F(IdentityTest, ASignatureThatProvesNothingIsRefused) {
  const auto with_alg = [&](const char* alg, const std::function<std::string(const Token&)>& sign) {
    Token token = TokenOf(Oov());
    token.header["alg"] = alg;
    return token.Input() + "." + sign(token);
  };
  // The public key is no secret: who would take it for an HMAC key takes everything.
  const auto hmac = [&](const Token& token) {
    return Base64UrlEncode(AsView(HmacSha256(town.assertion_key->PublicPem(), token.Input())));
  };
  const auto other_key = [&](const Token& token) {
    return Base64UrlEncode(police.assertion_key->Sign(token.Input()));
  };
  const std::string good = TokenOf(Oov()).SignedBy(*town.assertion_key);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {with_alg("none", [](const Token&) { return ""; }), "alg-none"},
      {with_alg("HS256", hmac), "alg-symmetric"},
      {with_alg("ES256", other_key), "signature"},
      {good.substr(0, good.rfind('.')), "form"},
      {good + ".x", "form"},
      {"x", "form"}};
  for (const auto& [token, check] : cases) {
    SCOPED_TRACE(check);
    const std::uint64_t before = LogSize();
    const RawAnswer answer =
        OpenCase(ChannelOf(Oov()), {{"authorization", absl::StrCat("Bearer ", token)}});
    EXPECT_EQ(answer.Metadata("check"), check);
    ExpectRefused(answer, before, grpc::StatusCode::UNAUTHENTICATED, "ASSERTION_INVALID");
  }
}

TEST_F(IdentityTest, AnAssertionBeyondWhatMetadataMayHoldDoesNotComeToACall) {
  const std::uint64_t before = LogSize();
  const RawAnswer answer =
      OpenCase(ChannelOf(Oov()), {{"authorization", "Bearer " + std::string(9 << 10, 'x')}});
  // gRPC ends the stream or the connection, whichever comes first.
  EXPECT_FALSE(answer.status.ok());
  EXPECT_EQ(LogSize(), before);
}

TEST_F(IdentityTest, WithoutOneAssertionNobodyIsKnown) {
  const std::string bearer = Bearer(Oov());
  const std::vector<std::vector<std::pair<std::string, std::string>>> cases = {
      {},
      {{"authorization", ""}},
      {{"authorization", "Bearer "}},
      {{"authorization", "Basic " + bearer.substr(7)}},
      {{"authorization", bearer.substr(7)}},
      {{"authorization", bearer}, {"authorization", bearer}}};
  for (const auto& metadata : cases) {
    const std::uint64_t before = LogSize();
    ExpectRefused(OpenCase(ChannelOf(Oov()), metadata), before, grpc::StatusCode::UNAUTHENTICATED,
                  "ASSERTION_MISSING");
  }
}

TEST_F(IdentityTest, EveryMethodAsksWhoCalls) {
  for (const Method& method : AllMethods()) {
    SCOPED_TRACE(method.path);
    const std::uint64_t before = LogSize();
    RawCall call{.method = method.path,
                 .request = SampleRequest(method, *policies->Current().pack)->SerializeAsString(),
                 .metadata = {}};
    ExpectRefused(Send(ChannelOf(Oov()), call), before, grpc::StatusCode::UNAUTHENTICATED,
                  "ASSERTION_MISSING");
  }
}

TEST_F(IdentityTest, AnAssertionChangesSomethingOnce) {
  RawCall call = CallOf(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov()));
  ASSERT_TRUE(Send(ChannelOf(Oov()), call).status.ok());
  const std::uint64_t before = LogSize();
  call.request = CaseRequest(Oov()).SerializeAsString();
  ExpectRefused(Send(ChannelOf(Oov()), call), before, grpc::StatusCode::UNAUTHENTICATED,
                "ASSERTION_REPLAYED");
}

TEST_F(IdentityTest, AnAssertionReadsAsOftenAsItIsValid) {
  v1::ListCasesRequest request;
  request.set_parent(PartyName(Oov().party));
  const RawCall call = CallOf(Oov(), absl::StrCat(kCases, "ListCases"), request);
  EXPECT_TRUE(Send(ChannelOf(Oov()), call).status.ok());
  EXPECT_TRUE(Send(ChannelOf(Oov()), call).status.ok());
}

TEST_F(IdentityTest, OpeningAnsweringApprovingAndReadingTheLogNeedASecondFactor) {
  for (const Method& method : AllMethods()) {
    const std::string& name = method.descriptor->name();
    if (name != "OpenDelivery" && name != "AnswerExchange" && name != "ApproveExchange" &&
        name != "ListRecords") {
      continue;
    }
    SCOPED_TRACE(name);
    const std::uint64_t before = LogSize();
    Token token = TokenOf(Oov());
    token.payload["acr"] = "http://eidas.europa.eu/LoA/low";
    const MessagePtr request = SampleRequest(method, *policies->Current().pack);
    if (auto* list = dynamic_cast<v1::ListRecordsRequest*>(request.get())) list->clear_page_token();
    RawCall call{.method = method.path,
                 .request = request->SerializeAsString(),
                 .metadata = {{"authorization", "Bearer " + token.SignedBy(*town.assertion_key)}}};
    const RawAnswer answer = Send(ChannelOf(Oov()), call);
    EXPECT_EQ(answer.Metadata("check"), "acr");
    ExpectRefused(answer, before, grpc::StatusCode::UNAUTHENTICATED, "ASSERTION_INVALID");
  }
}

TEST_F(IdentityTest, NobodySpeaksForAnotherUnit) {
  const std::uint64_t before = LogSize();
  v1::CreateCaseRequest request = CaseRequest(Alderman());
  const RawAnswer answer = Ask(Oov(), absl::StrCat(kCases, "CreateCase"), request);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(answer.Reason(), "OIN_MISMATCH");
  EXPECT_EQ(LogSize(), before) << "a wrong parent is no refused log-in";
}

}  // namespace
}  // namespace sluis::rpc::testing
