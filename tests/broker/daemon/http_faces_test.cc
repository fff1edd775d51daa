// The HTTP listeners as the configuration asks for them, over the real journal and use cases.
#include "broker/daemon/http_faces.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/base/file.h"
#include "tests/broker/http/raw_client.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::daemon {
namespace {

using exchange::testing::Desk;
using exchange::testing::Oov;
using exchange::testing::PrivacyOfficer;
using ::sluis::testing::BodyOf;
using ::sluis::testing::RawClient;
using ::sluis::testing::RawTls;
using ::sluis::testing::StatusOfAnswer;
using ::testing::HasSubstr;

Desk DataProtectionOfficer() {
  return {identity::testing::PartyOf(identity::testing::kTownOin, "gemeente/fg"), "f-fg", {}};
}

class HttpFacesTest : public rpc::testing::RpcWorld {
 protected:
  HttpFacesTest() {
    std::filesystem::create_directory(folder.path() / "crl");
    std::filesystem::permissions(
        folder.path() / "server.key",
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    WriteList({});
    config.mutable_tls()->set_key_file(folder.path() / "server.key");
    config.mutable_tls()->set_certificate_file(folder.path() / "server.pem");
    config.mutable_tls()->set_authorities_file(folder.path() / "ca.pem");
    config.mutable_tls()->set_revocation_folder(folder.path() / "crl");
    config.mutable_http()->set_public_listen("127.0.0.1:0");
    config.mutable_http()->set_bundles_listen("127.0.0.1:0");
    config.mutable_http()->set_operator_listen("127.0.0.1:0");
    config.mutable_http()->set_prefix("/log");
  }
  void WriteList(const std::vector<std::string>& revoked) {
    EXPECT_OK(WriteFileAtomic(folder.path() / "crl/root.crl", ListOf(revoked, absl::Hours(24))));
  }
  absl::StatusOr<std::unique_ptr<HttpFaces>> Start() {
    return HttpFaces::Start(config, {*journal, store, *authenticator, *service, points, clock});
  }
  static std::string Get(int port, const std::string& path, const RawTls* tls = nullptr,
                         const std::string& headers = "") {
    RawClient client(static_cast<std::uint16_t>(port), tls);
    client.Send(absl::StrFormat("GET %s HTTP/1.1\r\nHost: x\r\n%sConnection: close\r\n\r\n", path,
                                headers));
    return client.ReadToEnd();
  }
  // A bundle of the one leaf that is public from the start.
  std::string Bundle(const HttpFaces& faces, const Desk& desk, const std::string& bearer) {
    const RawTls tls{Certificate(desk).certificate, Certificate(desk).key, 0, ""};
    return Get(faces.bundles_port(),
               absl::StrCat("/log/tile/entries/000.p/", journal->Published().size), &tls,
               absl::StrCat("Authorization: ", bearer, "\r\nSluis-Log-Use: LAWFULNESS_CHECK\r\n"));
  }

  broker::v1::BrokerConfig config;
};

TEST_F(HttpFacesTest, ServesWhatIsAskedForAndNothingElse) {
  const auto faces = Start().value();
  const std::string checkpoint = Get(faces->public_port(), "/log/checkpoint");
  EXPECT_EQ(StatusOfAnswer(checkpoint), 200);
  EXPECT_EQ(BodyOf(checkpoint), journal->Published().note);
  EXPECT_EQ(StatusOfAnswer(Get(faces->public_port(), "/checkpoint")), 404);
  for (const char* path : {"/metrics", "/log/tile/entries/000.p/1"})
    EXPECT_EQ(StatusOfAnswer(Get(faces->public_port(), path)), 404) << path;
  EXPECT_EQ(StatusOfAnswer(Get(faces->operator_port(), "/healthz")), 200);
  EXPECT_EQ(StatusOfAnswer(Get(faces->operator_port(), "/log/checkpoint")), 404);
  EXPECT_THAT(Get(faces->operator_port(), "/metrics"), HasSubstr("public"));
}

TEST_F(HttpFacesTest, ServesNothingThatIsNotAskedFor) {
  config.mutable_http()->clear_bundles_listen();
  config.mutable_http()->clear_operator_listen();
  const auto only_public = Start().value();
  EXPECT_NE(only_public->public_port(), 0);
  EXPECT_EQ(only_public->bundles_port(), 0);
  EXPECT_EQ(only_public->operator_port(), 0);
  EXPECT_OK(only_public->Reload());
  config.clear_http();
  EXPECT_EQ(Start().value()->public_port(), 0);
}

TEST_F(HttpFacesTest, ShowsABundleToADeskWithAMandateOnceAndLogsTheLook) {
  const auto faces = Start().value();
  const std::string bearer = Bearer(DataProtectionOfficer());
  const std::uint64_t size = LogSize();
  EXPECT_EQ(StatusOfAnswer(Bundle(*faces, DataProtectionOfficer(), bearer)), 200);
  ASSERT_EQ(LogSize(), size + 1);
  EXPECT_EQ(RecordAt(size)["kind"], "LOG_READ");
  EXPECT_EQ(RecordAt(size)["use"], "LAWFULNESS_CHECK");
  const std::string again = Bundle(*faces, DataProtectionOfficer(), bearer);
  EXPECT_EQ(StatusOfAnswer(again), 401);
  EXPECT_THAT(BodyOf(again), HasSubstr("ASSERTION_REPLAYED"));
  EXPECT_EQ(Count(tlog::LeafKind::kLogRead), 1);
}

TEST_F(HttpFacesTest, ShowsNoBundleToOthersAndNotesWhoCouldNotLogIn) {
  const auto faces = Start().value();
  const std::string other = Bundle(*faces, Oov(), Bearer(Oov()));
  EXPECT_EQ(StatusOfAnswer(other), 403);
  EXPECT_THAT(BodyOf(other), HasSubstr("USE_NOT_ALLOWED"));
  const std::uint64_t size = LogSize();
  EXPECT_EQ(StatusOfAnswer(Bundle(*faces, Oov(), "Bearer x")), 401);
  ASSERT_EQ(LogSize(), size + 1);
  EXPECT_EQ(RecordAt(size)["kind"], "AUTH_FAILURE");
  EXPECT_EQ(Count(tlog::LeafKind::kLogRead), 0);
}

TEST_F(HttpFacesTest, SeesARevocationAfterAReload) {
  const auto faces = Start().value();
  const std::string own = Certificate(DataProtectionOfficer()).certificate;
  WriteList({own});
  ASSERT_OK(faces->Reload());
  EXPECT_NE(
      StatusOfAnswer(Bundle(*faces, DataProtectionOfficer(), Bearer(DataProtectionOfficer()))),
      200);
  EXPECT_OK(WriteFileAtomic(folder.path() / "server.pem", "x"));
  WriteList({});
  EXPECT_FALSE(faces->Reload().ok());
  EXPECT_NE(
      StatusOfAnswer(Bundle(*faces, DataProtectionOfficer(), Bearer(DataProtectionOfficer()))), 200)
      << "on an error nothing changes";
}

TEST_F(HttpFacesTest, DoesNotStartHalf) {
  config.mutable_http()->set_prefix("log");
  EXPECT_FALSE(Start().ok());
  config.mutable_http()->set_prefix("");
  config.mutable_http()->set_operator_listen("0.0.0.0:0");
  EXPECT_FALSE(Start().ok()) << "the operator's face is for loopback";
  config.mutable_http()->set_operator_listen("127.0.0.1:0");
  config.mutable_tls()->set_key_file(folder.path() / "no-such-key");
  EXPECT_FALSE(Start().ok());
  config.mutable_tls()->set_key_file(folder.path() / "server.key");
  const auto first = Start().value();
  config.mutable_http()->set_public_listen(absl::StrCat("127.0.0.1:", first->public_port()));
  EXPECT_FALSE(Start().ok());
}

}  // namespace
}  // namespace sluis::daemon
