#include "broker/http/bundle_routes.h"

#include <gtest/gtest.h>

#include "lib/base/json.h"
#include "lib/tlog/tile.h"
#include "tests/broker/http/published_log.h"
#include "tests/broker/http/test_gate.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/support/status_matchers.h"

namespace sluis::http {
namespace {

using ::sluis::testing::PublishedLog;
using ::sluis::testing::TestAuthenticator;
using ::sluis::testing::TestAuthority;
using ::sluis::testing::TestGate;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
constexpr char kOin[] = "00000099000000001000";

class BundleRoutesTest : public ::testing::Test {
 protected:
  BundleRoutesTest() { log_.Publish(300); }
  Request Good(std::string target = "/2026/tile/entries/000") {
    Request request;
    request.method = Method::kGet;
    request.target = std::move(target);
    request.certificate_pem = certificate_;
    request.headers = {
        {"host", "x"}, {"authorization", "Bearer good"}, {"sluis-log-use", "LAWFULNESS_CHECK"}};
    return request;
  }
  // Reason of the problem, or "200".
  std::string Ask(const Request& request) {
    const Response response = routes_->Handle(request);
    if (response.status == 200) return "200";
    EXPECT_EQ(response.content_type, "application/problem+json");
    return std::to_string(response.status) + " " +
           ParseJsonStrict(response.body).value()["reason"].get<std::string>();
  }
  PublishedLog log_{320};
  TestAuthenticator authenticator_;
  TestGate gate_;
  std::string certificate_ = TestAuthority("root").Issue(::sluis::testing::ClientOf(kOin, kNow));
  std::unique_ptr<BundleRoutes> routes_ =
      BundleRoutes::Create("/2026", log_, log_.store(), authenticator_, gate_).value();
};

TEST_F(BundleRoutesTest, ShowsABundleOnceTheLookIsRecorded) {
  const Response response = routes_->Handle(Good());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/octet-stream");
  EXPECT_EQ(response.headers.front().second, "private, max-age=31536000, immutable");
  EXPECT_EQ(response.body.size(), 49'664u);
  ASSERT_OK_AND_ASSIGN(const auto entries, tlog::DecodeBundle(response.body, 256));
  EXPECT_EQ(entries[255].bytes, log_.leaves()[255]);
  EXPECT_EQ(gate_.admitted, std::vector<std::string>{"LAWFULNESS_CHECK 0 256"});
  EXPECT_EQ(Ask(Good("/2026/tile/entries/001.p/44")), "200");
  EXPECT_EQ(gate_.admitted.back(), "LAWFULNESS_CHECK 256 300");
}

TEST_F(BundleRoutesTest, ShowsNothingThatTheGateDoesNotAdmit) {
  gate_.answer = Error(ErrorCode::kDenied, "RESOURCE_NOT_ACCESSIBLE", "ask a privacy officer");
  EXPECT_EQ(Ask(Good()), "403 RESOURCE_NOT_ACCESSIBLE");
  gate_.answer = Error(ErrorCode::kUnauthenticated, "ASSERTION_REPLAYED", "use a fresh assertion");
  EXPECT_EQ(Ask(Good()), "401 ASSERTION_REPLAYED");
  gate_.answer = Error(ErrorCode::kUnavailable, "LOG_UNAVAILABLE", "try again later");
  const Response response = routes_->Handle(Good());
  EXPECT_EQ(response.status, 503);
  EXPECT_NE(std::find(response.headers.begin(), response.headers.end(),
                      std::pair<std::string, std::string>("Retry-After", "1")),
            response.headers.end());
}

TEST_F(BundleRoutesTest, ShowsOnlyWhatIsPublishedAndRecordsNoLookAtMore) {
  for (const char* path : {"001", "001.p/45", "002.p/1", "000.p/0", "0", "x000/000", "../0/000",
                           "%30%30%30", "000?", "x009/x223/x372/x036/x854/x775/807", ""}) {
    EXPECT_EQ(Ask(Good(std::string("/2026/tile/entries/") + path)), "404 RESOURCE_NOT_FOUND")
        << path;
  }
  EXPECT_EQ(Ask(Good("/2026/tile/0/000")), "404 RESOURCE_NOT_FOUND");
  EXPECT_EQ(Ask(Good("/2026/checkpoint")), "404 RESOURCE_NOT_FOUND");
  EXPECT_TRUE(gate_.admitted.empty());
}

TEST_F(BundleRoutesTest, NeedsOneBearerAssertion) {
  const auto with = [this](std::vector<std::pair<std::string, std::string>> headers) {
    Request request = Good();
    headers.emplace_back("sluis-log-use", "LAWFULNESS_CHECK");
    request.headers = std::move(headers);
    return Ask(request);
  };
  EXPECT_EQ(with({}), "401 ASSERTION_MISSING");
  EXPECT_EQ(with({{"authorization", "Basic Z29vZA=="}}), "401 ASSERTION_MISSING");
  EXPECT_EQ(with({{"authorization", "bearer"}}), "401 ASSERTION_MISSING");
  EXPECT_EQ(with({{"authorization", "Bearer good"}, {"authorization", "Bearer good"}}),
            "401 ASSERTION_MISSING");
  EXPECT_EQ(with({{"authorization", "Bearer bad"}}), "401 ASSERTION_INVALID");
  EXPECT_EQ(with({{"authorization", "Bearer  good"}}), "401 ASSERTION_INVALID");
  EXPECT_TRUE(gate_.admitted.empty());
  EXPECT_EQ(gate_.refused.size(), 6u);
  EXPECT_EQ(gate_.refused.back(), std::string("ASSERTION_INVALID ") + kOin);
}

TEST_F(BundleRoutesTest, AFaultOfOursIsNoRefusedLogin) {
  authenticator_.fault = Error(ErrorCode::kUnavailable, "STORE_UNAVAILABLE", "try again later");
  EXPECT_EQ(Ask(Good()), "503 STORE_UNAVAILABLE");
  EXPECT_TRUE(gate_.refused.empty());
}

TEST_F(BundleRoutesTest, NeedsOneOfTheFourUses) {
  for (const char* use :
       {"", "PERFORMANCE_REVIEW", "lawfulness_check", "LAWFULNESS_CHECK,INTERNAL_CONTROL", "1"}) {
    Request request = Good();
    request.headers.back().second = use;
    EXPECT_EQ(Ask(request), "403 USE_NOT_ALLOWED") << use;
  }
  Request twice = Good();
  twice.headers.emplace_back("sluis-log-use", "LAWFULNESS_CHECK");
  EXPECT_EQ(Ask(twice), "403 USE_NOT_ALLOWED");
  EXPECT_TRUE(gate_.admitted.empty());
  for (const char* use : {"INTERNAL_CONTROL", "INTEGRITY_SECURITY", "CRIMINAL_PROCEEDINGS"}) {
    Request request = Good();
    request.headers.back().second = use;
    EXPECT_EQ(Ask(request), "200") << use;
    EXPECT_EQ(gate_.admitted.back(), std::string(use) + " 0 256");
  }
}

TEST_F(BundleRoutesTest, TakesGetOnly) {
  for (const Method method : {Method::kHead, Method::kPost, Method::kOther}) {
    Request request = Good();
    request.method = method;
    EXPECT_EQ(Ask(request), "405 METHOD_NOT_ALLOWED");
  }
  EXPECT_TRUE(gate_.admitted.empty());
}

}  // namespace
}  // namespace sluis::http
