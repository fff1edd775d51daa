#include "broker/http/tls.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "broker/http/server.h"
#include "tests/broker/http/raw_client.h"
#include "tests/broker/http/tls_files.h"
#include "tests/support/status_matchers.h"

namespace sluis::http {
namespace {

using ::sluis::testing::BodyOf;
using ::sluis::testing::ClientOf;
using ::sluis::testing::HasReason;
using ::sluis::testing::IssuedCertificate;
using ::sluis::testing::kClientOin;
using ::sluis::testing::RawClient;
using ::sluis::testing::RawTls;
using ::sluis::testing::RecordingObserver;
using ::sluis::testing::StatusOfAnswer;
using ::sluis::testing::TestAuthority;
using ::sluis::testing::TlsTestFiles;

constexpr char kRequest[] = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

class PemHandler : public Handler {
 public:
  Response Handle(const Request& request) override {
    Response response;
    response.content_type = "text/plain";
    response.body = request.certificate_pem;
    return response;
  }
};

class TlsTest : public ::testing::Test {
 protected:
  struct Result {
    std::string answer, alert, cause;
  };
  // What the client saw and, when it saw no answer, what the server noted.
  Result Ask(const RawTls& tls) {
    RawClient client(server_->port(), &tls);
    client.Send(kRequest);
    Result result{client.ReadToEnd(), client.tls_error(), ""};
    if (StatusOfAnswer(result.answer) == 0) result.cause = observer_.TakeRefusal();
    return result;
  }
  Result Ask(const IssuedCertificate& client) {
    return Ask(RawTls{client.certificate, client.key, 0, ""});
  }

  // The server's certificates are judged by its clients against the system's clock.
  TlsTestFiles files_{absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()))};
  ManualClock clock_{files_.now};
  PemHandler handler_;
  RecordingObserver observer_;
  std::unique_ptr<TlsIdentity> identity_ = TlsIdentity::Create(files_.Server(), clock_).value();
  std::unique_ptr<Server> server_ =
      Server::Start({}, handler_, identity_.get(), observer_, clock_).value();
};

TEST_F(TlsTest, HandsTheVerifiedCertificateToTheHandler) {
  const Result result = Ask(files_.client);
  EXPECT_EQ(StatusOfAnswer(result.answer), 200) << result.alert;
  EXPECT_EQ(BodyOf(result.answer), files_.client.certificate);
  EXPECT_EQ(StatusOfAnswer(
                Ask(RawTls{files_.client.certificate, files_.client.key, 0, "http/1.1"}).answer),
            200);
}

TEST_F(TlsTest, RefusesEachWithItsReason) {
  const auto expect = [this](const Result& result, const char* cause, const char* alert) {
    EXPECT_EQ(result.answer, "");
    EXPECT_EQ(result.cause, cause);
    EXPECT_EQ(result.alert, alert) << cause;
  };
  expect(Ask(RawTls{}), "no-certificate", "tlsv13 alert certificate required");
  expect(Ask(RawTls{files_.client.certificate, files_.client.key, TLS1_2_VERSION, ""}),
         "tls-version", "tlsv1 alert protocol version");
  expect(Ask(RawTls{files_.client.certificate, files_.client.key, 0, "h2"}), "handshake",
         "tlsv1 alert no application protocol");

  const TestAuthority stranger("stranger");
  expect(Ask(stranger.IssueWithKey(ClientOf(kClientOin, files_.now))), "issuer-unknown",
         "tlsv1 alert unknown ca");
  const TestAuthority impostor("root");
  expect(Ask(impostor.IssueWithKey(ClientOf(kClientOin, files_.now))), "chain-invalid",
         "sslv3 alert bad certificate");
  expect(Ask(files_.root.IssueWithKey(ClientOf(kClientOin, files_.now - absl::Hours(24 * 366)))),
         "expired", "sslv3 alert certificate expired");
  expect(Ask(files_.root.IssueWithKey(ClientOf(kClientOin, files_.now + absl::Hours(48)))),
         "not-yet-valid", "sslv3 alert bad certificate");
  auto server_only = ClientOf(kClientOin, files_.now);
  server_only.usage = "serverAuth";
  expect(Ask(files_.root.IssueWithKey(server_only)), "purpose",
         "sslv3 alert unsupported certificate");

  files_.Revoke({files_.client.certificate});
  ASSERT_OK(identity_->Reload());
  expect(Ask(files_.client), "revoked", "sslv3 alert certificate revoked");
}

TEST_F(TlsTest, RefusesWhenTheRevocationListIsStaleOrGone) {
  clock_.Advance(absl::Hours(25));
  EXPECT_EQ(Ask(files_.client).cause, "crl-stale");
  files_.Revoke({}, absl::Hours(48));
  ASSERT_OK(identity_->Reload());
  EXPECT_EQ(StatusOfAnswer(Ask(files_.client).answer), 200);
  std::filesystem::remove(files_.folder.path() / "crl" / "root.crl");
  ASSERT_OK(identity_->Reload());
  EXPECT_EQ(Ask(files_.client).cause, "crl-missing");
}

TEST_F(TlsTest, JudgesEveryRequestOfALongConnection) {
  const RawTls tls{files_.client.certificate, files_.client.key, 0, ""};
  RawClient client(server_->port(), &tls);
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(StatusOfAnswer(client.ReadAnswer()), 200);
  files_.Revoke({files_.client.certificate});
  ASSERT_OK(identity_->Reload());
  client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.ReadToEnd();
  EXPECT_EQ(StatusOfAnswer(answer), 401);
  EXPECT_NE(answer.find("CERTIFICATE_NOT_TRUSTED"), std::string::npos);
  EXPECT_NE(answer.find("revoked"), std::string::npos);
  EXPECT_EQ(observer_.TakeRefusal(), "certificate");
}

TEST_F(TlsTest, KeepsTheOldFilesWhenTheNewCannotBeUsed) {
  files_.Write("server.pem", "not a certificate");
  EXPECT_THAT(identity_->Reload(), HasReason("FIELD_INVALID"));
  EXPECT_EQ(StatusOfAnswer(Ask(files_.client).answer), 200);
}

TEST_F(TlsTest, EndsHandshakesThatDoNotEnd) {
  const auto hasty = Server::Start({.handshake_timeout = absl::Milliseconds(50)}, handler_,
                                   identity_.get(), observer_, clock_)
                         .value();
  RawClient mute(hasty->port());
  EXPECT_EQ(mute.ReadToEnd(), "");
  EXPECT_EQ(observer_.TakeRefusal(), "timeout");
  RawClient plain(hasty->port());
  plain.Send(kRequest);
  plain.ReadToEnd();
  EXPECT_EQ(observer_.TakeRefusal(), "handshake");
}

TEST_F(TlsTest, NamesTheFileThatCannotBeUsed) {
  const auto member = [this] {
    const auto identity = TlsIdentity::Create(files_.Server(), clock_);
    EXPECT_FALSE(identity.ok());
    const ErrorDetail detail = DetailOf(identity.status());
    return detail.metadata.contains("field") ? detail.metadata.at("field") : detail.reason;
  };
  const Bytes key = ReadFile(files_.folder.path() / "server.key").value();
  files_.Write("server.key", files_.client.key);
  EXPECT_EQ(member(), "privateKey");
  files_.Write("server.key", "x");
  EXPECT_EQ(member(), "privateKey");
  ASSERT_OK(WriteFileAtomic(files_.folder.path() / "server.key", key, 0644));
  EXPECT_EQ(member(), "KEY_FILE_PERMISSIONS");
  files_.Write("server.key", key);
  files_.Write("ca.pem", "x");
  EXPECT_EQ(member(), "authorities");
  files_.Write("ca.pem", files_.root.Pem());
  files_.Write("crl/root.crl", "x");
  EXPECT_EQ(member(), "revocationLists[0]");
  files_.Write("server.pem", "");
  EXPECT_EQ(member(), "certificateChain");
}

}  // namespace
}  // namespace sluis::http
