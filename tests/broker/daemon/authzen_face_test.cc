// The AuthZEN listener as it runs: client certificate, assertion, the real policy and log behind
// it.
#include "broker/daemon/authzen_face.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "broker/daemon/decision_points.h"
#include "broker/daemon/http_faces.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "tests/broker/http/raw_client.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::daemon {
namespace {

using exchange::testing::Analyst;
using exchange::testing::Desk;
using exchange::testing::Oov;
using exchange::testing::Supervisor;
using ::sluis::testing::BodyOf;
using ::sluis::testing::HeaderOf;
using ::sluis::testing::RawClient;
using ::sluis::testing::RawTls;
using ::sluis::testing::StatusOfAnswer;
using ::testing::HasSubstr;

constexpr char kCertification[] =
    R"({"subject":{"type":"user","id":"alice"},"action":{"name":"read"},)"
    R"("resource":{"type":"record","id":"record-1"}})";

class AuthzenFaceTest : public rpc::testing::RpcWorld {
 protected:
  AuthzenFaceTest() {
    std::filesystem::create_directory(folder.path() / "crl");
    std::filesystem::permissions(
        folder.path() / "server.key",
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    WriteRevoked({});
    config.mutable_tls()->set_key_file(folder.path() / "server.key");
    config.mutable_tls()->set_certificate_file(folder.path() / "server.pem");
    config.mutable_tls()->set_authorities_file(folder.path() / "ca.pem");
    config.mutable_tls()->set_revocation_folder(folder.path() / "crl");
    config.mutable_authzen()->set_listen("127.0.0.1:0");
    auto* foreign = config.mutable_authzen()->add_foreign_packs();
    foreign->set_tenant("certification");
    foreign->set_file("policy/foreign/authzen-certification.txtpb");
  }
  void WriteRevoked(const std::vector<std::string>& revoked) {
    EXPECT_OK(WriteFileAtomic(folder.path() / "crl/root.crl", ListOf(revoked, absl::Hours(24))));
  }
  absl::StatusOr<std::unique_ptr<HttpFaces>> Start() {
    SLUIS_ASSIGN_OR_RETURN(configured, DecisionPoints::Load(config.authzen(), *service, clock));
    return HttpFaces::Start(
        config, {*journal, store, *authenticator, *service, configured->protocols(), clock});
  }
  std::string Send(const HttpFaces& faces, const Desk* desk, const std::string& head,
                   const std::string& body = "") {
    RawTls tls;
    if (desk != nullptr) tls = {Certificate(*desk).certificate, Certificate(*desk).key, 0, ""};
    RawClient client(static_cast<std::uint16_t>(faces.authzen_port()), &tls);
    client.Send(
        absl::StrFormat("%sHost: pdp.example\r\nContent-Length: %d\r\nConnection: close\r\n"
                        "\r\n%s",
                        head, body.size(), body));
    return client.ReadToEnd();
  }
  std::string Post(const HttpFaces& faces, const Desk& desk, const std::string& path,
                   const std::string& body, const std::string& bearer) {
    return Send(faces, &desk,
                absl::StrCat("POST ", path, " HTTP/1.1\r\nContent-Type: application/json\r\n",
                             "X-Request-ID: r-1\r\nAuthorization: ", bearer, "\r\n"),
                body);
  }
  static Json SignalIn(const CaseId& id) {
    return {
        {"subject", {{"type", "functionary"}, {"id", Supervisor().person}}},
        {"action",
         {{"name", "disclose"},
          {"properties", {{"purpose", "signaal-intake"}, {"basis", "avg-6-1-e+gemeentewet-172"}}}}},
        {"resource",
         {{"type", "case-signal"},
          {"id", id.hex()},
          {"properties",
           {{"recipient_organisation", Oov().party.oin.str()},
            {"recipient_unit", Oov().party.unit.str()},
            {"regime", "avg"},
            {"subject_category", "bewoner"},
            {"fields", {"sig-thema", "p-naam"}}}}}}};
  }

  broker::v1::BrokerConfig config;
  std::unique_ptr<DecisionPoints> configured;
};

TEST_F(AuthzenFaceTest, DecidesByTheExchangesOwnPolicyAndKeepsATrace) {
  const auto faces = Start().value();
  const std::string body = SignalIn(NewCase(Supervisor(), "signaal")).dump();
  const std::string bearer = Bearer(Supervisor());
  for (int i = 1; i <= 2; ++i) {
    const std::string answer = Post(*faces, Supervisor(), "/access/v1/evaluation", body, bearer);
    ASSERT_EQ(StatusOfAnswer(answer), 200) << answer;
    EXPECT_EQ(HeaderOf(answer, "Content-Type"), "application/json");
    EXPECT_EQ(HeaderOf(answer, "X-Request-ID"), "r-1");
    EXPECT_EQ(Json::parse(BodyOf(answer))["decision"], true);
    EXPECT_EQ(Count(tlog::LeafKind::kDryRun), i);
  }
}

TEST_F(AuthzenFaceTest, AForeignPackHasAddressesOfItsOwn) {
  const auto faces = Start().value();
  const std::string answer =
      Post(*faces, Oov(), "/certification/access/v1/evaluation", kCertification, Bearer(Oov()));
  EXPECT_EQ(BodyOf(answer), "{\"decision\":true}") << answer;
  const std::string own =
      Post(*faces, Oov(), "/access/v1/evaluation", kCertification, Bearer(Oov()));
  EXPECT_EQ(Json::parse(BodyOf(own))["decision"], false) << "the exchange knows no such record";
}

TEST_F(AuthzenFaceTest, MetadataNeedACertificateAndNoAssertion) {
  const auto faces = Start().value();
  const std::string get = "GET /.well-known/authzen-configuration HTTP/1.1\r\n";
  const Desk oov = Oov();
  const std::string answer = Send(*faces, &oov, get);
  EXPECT_EQ(StatusOfAnswer(answer), 200);
  EXPECT_EQ(Json::parse(BodyOf(answer))["policy_decision_point"], "https://pdp.example");
  EXPECT_EQ(StatusOfAnswer(Send(*faces, nullptr, get)), 0) << "nobody without a certificate";
}

TEST_F(AuthzenFaceTest, LetsNobodyInWhoIsNotWhoHeSays) {
  const auto faces = Start().value();
  const std::uint64_t size = LogSize();
  EXPECT_EQ(StatusOfAnswer(Post(*faces, Oov(), "/access/v1/evaluation", "{}", "Bearer x")), 401);
  ASSERT_EQ(LogSize(), size + 1);
  EXPECT_EQ(RecordAt(size)["kind"], "AUTH_FAILURE");
  const std::string borrowed =
      Post(*faces, Analyst(), "/access/v1/evaluation", "{}", Bearer(Oov()));
  EXPECT_THAT(StatusOfAnswer(borrowed), ::testing::AnyOf(401, 403));
  WriteRevoked({Certificate(Oov()).certificate});
  ASSERT_OK(faces->Reload());
  EXPECT_NE(StatusOfAnswer(Post(*faces, Oov(), "/certification/access/v1/evaluation",
                                kCertification, Bearer(Oov()))),
            200);
}

TEST_F(AuthzenFaceTest, BoundsTheBody) {
  const auto faces = Start().value();
  const std::string answer = Post(*faces, Oov(), "/certification/access/v1/evaluation",
                                  std::string((1 << 20) + 1, ' '), Bearer(Oov()));
  EXPECT_EQ(StatusOfAnswer(answer), 413);
  EXPECT_EQ(HeaderOf(answer, "X-Request-ID"), "r-1") << "also where no handler was asked";
}

TEST_F(AuthzenFaceTest, ServesNothingThatIsNotAskedForAndStartsWhole) {
  config.mutable_authzen()->mutable_foreign_packs(0)->set_file("policy/foreign/none.txtpb");
  EXPECT_FALSE(Start().ok());
  config.clear_authzen();
  EXPECT_EQ(Start().value()->authzen_port(), 0);
}

}  // namespace
}  // namespace sluis::daemon
