#include "broker/http/public_routes.h"

#include <gtest/gtest.h>

#include "broker/http/log_routes.h"
#include "lib/base/json.h"
#include "lib/crypto/hash.h"
#include "tests/broker/http/published_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::http {
namespace {

using ::sluis::testing::HasReason;
using ::sluis::testing::PublishedLog;

constexpr std::uint64_t kCommitted = 600;

class PublicRoutesTest : public ::testing::Test {
 protected:
  PublicRoutesTest() { log_.Publish(560); }
  Response Get(std::string target, Method method = Method::kGet) {
    Request request;
    request.method = method;
    request.target = std::move(target);
    return routes_->Handle(request);
  }
  int StatusOf(std::string target) { return Get(std::move(target)).status; }
  static std::string Cache(const Response& response) {
    for (const auto& [name, value] : response.headers) {
      if (name == "Cache-Control") return value;
    }
    return "";
  }
  PublishedLog log_{kCommitted};
  std::unique_ptr<PublicRoutes> routes_ = PublicRoutes::Create("/2026", log_, log_.store()).value();
};

TEST_F(PublicRoutesTest, ServesTheCheckpointThatIsPublished) {
  const Response response = Get("/2026/checkpoint");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(response.body, log_.Published().note);
  EXPECT_EQ(Cache(response), "public, max-age=1");
  EXPECT_EQ(response.route, "checkpoint");
}

TEST(PublicRoutes, HasNoCheckpointBeforeTheFirst) {
  PublishedLog log(3);
  const auto routes = PublicRoutes::Create("", log, log.store()).value();
  Request request;
  request.method = Method::kGet;
  request.target = "/checkpoint";
  EXPECT_EQ(routes->Handle(request).status, 404);
  request.target = "/tile/0/000.p/1";
  EXPECT_EQ(routes->Handle(request).status, 404);
  log.Publish(2);
  EXPECT_EQ(routes->Handle(request).status, 200);
}

TEST_F(PublicRoutesTest, ServesFullTilesForEver) {
  const Response response = Get("/2026/tile/0/001");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/octet-stream");
  ASSERT_EQ(response.body.size(), 8192u);
  EXPECT_EQ(response.body.substr(0, 32), ToBytes(tlog::LeafHash(log_.leaves()[256])));
  EXPECT_EQ(Cache(response), "public, max-age=31536000, immutable");
  EXPECT_EQ(StatusOf("/2026/tile/1/000.p/2"), 200);
}

TEST_F(PublicRoutesTest, CutsPartialTilesFromTheWidestButNeverBeyondThePublishedSize) {
  // 560 = 2 * 256 + 48 published, 600 = 2 * 256 + 88 stored.
  const Response widest = Get("/2026/tile/0/002.p/48");
  ASSERT_EQ(widest.body.size(), 48u * 32);
  const Response narrow = Get("/2026/tile/0/002.p/1");
  EXPECT_EQ(narrow.body, widest.body.substr(0, 32));
  EXPECT_EQ(Get("/2026/tile/0/001.p/255").body, Get("/2026/tile/0/001").body.substr(0, 255 * 32));
  EXPECT_EQ(StatusOf("/2026/tile/0/002.p/49"), 404);
  EXPECT_EQ(StatusOf("/2026/tile/0/002.p/88"), 404);
  EXPECT_EQ(StatusOf("/2026/tile/0/002"), 404);
  EXPECT_EQ(StatusOf("/2026/tile/0/003.p/1"), 404);
  EXPECT_EQ(StatusOf("/2026/tile/1/000.p/3"), 404);
  EXPECT_EQ(StatusOf("/2026/tile/1/000"), 404);
  EXPECT_EQ(StatusOf("/2026/tile/2/000.p/1"), 404);
  EXPECT_EQ(StatusOf("/2026/tile/63/000.p/1"), 404);
  log_.Publish(561);
  EXPECT_EQ(StatusOf("/2026/tile/0/002.p/49"), 200);
}

TEST_F(PublicRoutesTest, KnowsOneSpellingOfEachPath) {
  for (const char* target : {
           "/2026/tile/0/1",
           "/2026/tile/0/0001",
           "/2026/tile/00/001",
           "/2026/tile/0/x000/001",
           "/2026/tile/0/001/",
           "/2026/tile/0//001",
           "/2026//tile/0/001",
           "//2026/tile/0/001",
           "/2026/./tile/0/001",
           "/2026/../2026/tile/0/001",
           "/2026/tile/0/../0/001",
           "/2026/tile/0/%30%30%31",
           "/2026/tile/0/001%00",
           "/2026%2ftile/0/001",
           "/2026/%2e%2e/2026/checkpoint",
           "/2026/tile/0/001?",
           "/2026/tile/0/001?a=b",
           "/2026/tile/0/001#x",
           "/2026/tile/0/001.p/0",
           "/2026/tile/0/001.p/01",
           "/2026/tile/0/001.p/256",
           "/2026/tile/0/001.p/-1",
           "/2026/tile/0/001.p/",
           "/2026/tile/0/001.p",
           "/2026/tile/0/001.P/1",
           "/2026/tile/-1/000",
           "/2026/tile/64/000",
           "/2026/tile/+0/001",
           "/2026/tile/0/ 001",
           "/2026/tile/0",
           "/2026/tile/",
           "/2026/tile",
           "/2026/tile/x/001",
           "/2026/tile/0/X001/067",
           "/2026/Tile/0/001",
           "/2026/tile/0/١٢٣",
           "/2026/checkpoint/",
           "/2026/checkpoint?x",
           "/2026/Checkpoint",
           "/2026/checkpoint%20",
           "/2026checkpoint",
           "/2027/checkpoint",
           "/checkpoint",
           "/",
           "/2026",
           "/2026/",
           "/2026/healthz",
           "/healthz/",
           "/metrics",
           "/2026/tile/entries/000",
           "/2026/tile/entries/000.p/1",
           "/2026/tile/0/x999/x999/x999/x999/x999/x999/x999/999",
           "/etc/passwd",
           "/2026/tile/0/x009/x223/x372/x036/x854/x775/807",
           "/2026/tile/99999999999999999999999999/000",
       }) {
    EXPECT_EQ(StatusOf(target), 404) << target;
  }
  EXPECT_EQ(StatusOf("/2026/tile/0/" + std::string(100'000, '0')), 404);
  EXPECT_EQ(StatusOf("/2026/checkpoint" + std::string(1, '\0')), 404);
}

TEST_F(PublicRoutesTest, TakesReadsOnly) {
  EXPECT_EQ(Get("/2026/checkpoint", Method::kHead).status, 200);
  for (const Method method : {Method::kPost, Method::kOther}) {
    const Response response = Get("/2026/checkpoint", method);
    EXPECT_EQ(response.status, 405);
    EXPECT_TRUE(std::find(response.headers.begin(), response.headers.end(),
                          std::pair<std::string, std::string>("Allow", "GET, HEAD")) !=
                response.headers.end());
  }
}

TEST_F(PublicRoutesTest, AnswersErrorsAsProblemsThatNobodyCaches) {
  const Response response = Get("/2026/nothing");
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(Cache(response), "no-store");
  ASSERT_OK_AND_ASSIGN(const Json problem, ParseJsonStrict(response.body));
  EXPECT_EQ(problem["status"], 404);
  EXPECT_EQ(problem["reason"], "RESOURCE_NOT_FOUND");
  EXPECT_EQ(response.body.find("/2026"), std::string::npos);
}

TEST(PublicRoutes, TellsNothingOfAStoreThatLostPartOfATile) {
  PublishedLog log(kCommitted, tlog::Tile{{0, 1, 255}, Bytes(255 * 32, 'x')});
  log.Publish(560);
  const auto routes = PublicRoutes::Create("", log, log.store()).value();
  Request request;
  request.method = Method::kGet;
  request.target = "/tile/0/001";
  const Response response = routes->Handle(request);
  EXPECT_EQ(response.status, 500);
  ASSERT_OK_AND_ASSIGN(const Json problem, ParseJsonStrict(response.body));
  EXPECT_EQ(problem["reason"], "LOG_INCONSISTENT");
  EXPECT_FALSE(problem.contains("detail"));
}

TEST_F(PublicRoutesTest, SaysWhenTheLogCannotBeWritten) {
  EXPECT_EQ(Get("/healthz").body, "ok\n");
  log_.Break();
  EXPECT_EQ(StatusOf("/healthz"), 503);
  // What was published stays readable (log.md B11).
  EXPECT_EQ(StatusOf("/2026/checkpoint"), 200);
  EXPECT_EQ(StatusOf("/2026/tile/0/001"), 200);
}

TEST(Prefix, IsEmptyOrPlainSegments) {
  for (const char* good : {"", "/2026", "/log/2026", "/a.b-c_d"})
    EXPECT_OK(CheckPrefix(good)) << good;
  for (const char* bad :
       {"2026", "/", "/2026/", "//2026", "/../2026", "/.", "/%32", "/A", "/2026?", "/ "}) {
    EXPECT_THAT(CheckPrefix(bad), HasReason("FIELD_INVALID")) << bad;
  }
}

}  // namespace
}  // namespace sluis::http
