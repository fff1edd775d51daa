// The AuthZEN listener as it runs: client certificate, assertion, the real policy and log behind
// it.
#include "broker/daemon/authzen_face.h"

#include <gmock/gmock.h>

#include "tests/broker/authzen/questions.h"
#include "tests/broker/daemon/authzen_listener.h"

namespace sluis::daemon {
namespace {

using authzen::testing::SignalAbout;
using exchange::testing::Analyst;
using exchange::testing::Desk;
using exchange::testing::Oov;
using exchange::testing::Supervisor;
using ::sluis::testing::BodyOf;
using ::sluis::testing::HeaderOf;
using ::sluis::testing::StatusOfAnswer;
using ::testing::HasSubstr;

constexpr char kCertification[] =
    R"({"subject":{"type":"user","id":"alice"},"action":{"name":"read"},)"
    R"("resource":{"type":"record","id":"record-1"}})";

using AuthzenFaceTest = testing::AuthzenListener;

TEST_F(AuthzenFaceTest, DecidesByTheExchangesOwnPolicyAndKeepsATrace) {
  const auto faces = Start().value();
  const std::string body = SignalAbout(NewCase(Supervisor(), "signaal")).dump();
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
