// Paths, methods, content type, log-in and headers of the AuthZEN face.
#include "broker/daemon/authzen_routes.h"

#include <gmock/gmock.h>

#include "tests/broker/daemon/authzen_desk.h"

namespace sluis::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

constexpr char kEvaluation[] = "/access/v1/evaluation";
constexpr char kQuestion[] = R"({"subject":{"type":"user","id":"alice"},"action":{"name":"read"},)"
                             R"("resource":{"type":"record","id":"record-1"}})";

class AuthzenRoutesTest : public testing::AuthzenDesk {
 protected:
  http::Response Ask(const Headers& headers) {
    return Send(http::Method::kPost, kEvaluation, kQuestion, headers);
  }
  static Headers With(Headers headers, const std::string& name, const std::string& value) {
    std::erase_if(headers, [&](const auto& header) { return header.first == name; });
    headers.emplace_back(name, value);
    return headers;
  }
  static Headers Without(Headers headers, const std::string& name) {
    std::erase_if(headers, [&](const auto& header) { return header.first == name; });
    return headers;
  }
};

TEST_F(AuthzenRoutesTest, KnowsItsPathsAndNoOther) {
  for (const char* path :
       {"/", "/access/v1/", "/access/v1/evaluatio", "/access/v1/evaluation/",
        "/access/v2/evaluation", "/access/v1/evaluation?x=1", "/access/v1/search/",
        "/access/v1/requests", "//access/v1/evaluation", "/nobody/access/v1/evaluation",
        "/.well-known/authzen-configuration/", "/.well-known/authzen-configuration/nobody",
        "/.well-known/authzen-configurationx"}) {
    EXPECT_EQ(Send(http::Method::kPost, path, kQuestion).status, 404) << path;
  }
}

TEST_F(AuthzenRoutesTest, TakesOneMethodAPath) {
  for (const http::Method method :
       {http::Method::kGet, http::Method::kHead, http::Method::kOther}) {
    const http::Response response = Send(method, kEvaluation, kQuestion);
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(HeaderOf(response, "Allow"), "POST");
  }
  const http::Response metadata =
      Send(http::Method::kPost, "/.well-known/authzen-configuration", "");
  EXPECT_EQ(metadata.status, 405);
  EXPECT_EQ(HeaderOf(metadata, "Allow"), "GET, HEAD");
}

TEST_F(AuthzenRoutesTest, NeedsJson) {
  for (const char* type : {"application/json", "Application/JSON",
                           "application/json; charset=utf-8", "application/json ;x=y"})
    EXPECT_EQ(Ask(With(Usual(), "content-type", type)).status, 200) << type;
  for (const char* type :
       {"", "text/plain", "application/jsonx", "application/problem+json", "json"})
    EXPECT_EQ(Ask(With(Usual(), "content-type", type)).status, 400) << type;
  EXPECT_EQ(Ask(Without(Usual(), "content-type")).status, 400);
  Headers twice = Usual();
  twice.emplace_back("content-type", "application/json");
  EXPECT_EQ(Ask(twice).status, 400);
}

TEST_F(AuthzenRoutesTest, LogsInBeforeAnythingIsRead) {
  const http::Response none =
      Send(http::Method::kPost, kEvaluation, "{", Without(Usual(), "authorization"));
  EXPECT_EQ(none.status, 401);
  EXPECT_THAT(none.body, HasSubstr("ASSERTION_MISSING"));
  EXPECT_EQ(HeaderOf(none, "WWW-Authenticate"), "Bearer");
  EXPECT_EQ(Ask(With(Usual(), "authorization", "Bearer bad")).status, 401);
  EXPECT_EQ(Ask(With(Usual(), "authorization", "Basic good")).status, 401);
  EXPECT_EQ(Ask(With(Usual(), "authorization", "Bearer suspended")).status, 403);
  EXPECT_THAT(refused, ElementsAre("ASSERTION_MISSING", "ASSERTION_INVALID", "ASSERTION_MISSING",
                                   "PARTNER_SUSPENDED"));
}

TEST_F(AuthzenRoutesTest, AFaultOfOursIsNoRefusedLogIn) {
  EXPECT_EQ(Ask(With(Usual(), "authorization", "Bearer away")).status, 503);
  EXPECT_THAT(refused, IsEmpty());
}

TEST_F(AuthzenRoutesTest, EchoesTheRequestIdAlsoOnErrors) {
  const std::string id = "  odd/ID \xc3\xa9 \"1\"";
  EXPECT_EQ(HeaderOf(Ask(With(Usual(), "x-request-id", id)), "X-Request-ID"), id);
  for (const auto& [method, path, body] :
       std::vector<std::tuple<http::Method, std::string, std::string>>{
           {http::Method::kPost, kEvaluation, "{"},
           {http::Method::kGet, kEvaluation, ""},
           {http::Method::kPost, "/nothing", ""},
           {http::Method::kGet, "/.well-known/authzen-configuration", ""}}) {
    EXPECT_EQ(HeaderOf(Send(method, path, body, With(Usual(), "x-request-id", id)), "X-Request-ID"),
              id);
  }
  EXPECT_EQ(
      HeaderOf(Ask(With(With(Usual(), "authorization", "x"), "x-request-id", id)), "X-Request-ID"),
      id);
}

TEST_F(AuthzenRoutesTest, MakesARequestIdWhereNoneWasSent) {
  const std::string made = HeaderOf(Ask(Usual()), "X-Request-ID");
  EXPECT_THAT(made, MatchesRegex("[0-9a-f]{32}"));
  EXPECT_NE(HeaderOf(Ask(Usual()), "X-Request-ID"), made);
}

TEST_F(AuthzenRoutesTest, SaysWhatIsMalformedAndWhere) {
  const http::Response response =
      Send(http::Method::kPost, kEvaluation, R"({"subject":{"type":"user","id":7}})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "subject.id: must be a string\n");
  EXPECT_THAT(response.content_type, HasSubstr("text/plain"));
  EXPECT_THAT(Send(http::Method::kPost, kEvaluation, "{\n!").body, HasSubstr("2"));
  EXPECT_EQ(HeaderOf(response, "Cache-Control"), "no-store");
}

TEST_F(AuthzenRoutesTest, MetadataNameTheBaseThatWasAskedOrConfigured) {
  const auto base = [&](const std::string& path, const Headers& headers) {
    return Json::parse(Send(http::Method::kGet, path, "", headers).body)
        .at("policy_decision_point");
  };
  const Headers bare = {{"host", "127.0.0.1:8443"}};
  EXPECT_EQ(base("/.well-known/authzen-configuration", bare), "https://127.0.0.1:8443");
  EXPECT_EQ(
      Send(http::Method::kGet, "/.well-known/authzen-configuration", "", {{"host", "a/b"}}).status,
      400);
  EXPECT_EQ(Send(http::Method::kGet, "/.well-known/authzen-configuration", "", {}).status, 400);
  AuthzenRoutes configured({log_in, [](std::string_view) {}, points, "https://pdp.example"});
  const http::Response response =
      configured.Handle({http::Method::kGet, "/.well-known/authzen-configuration", bare, "", ""});
  EXPECT_EQ(Json::parse(response.body)["policy_decision_point"], "https://pdp.example");
}

TEST_F(AuthzenRoutesTest, ServesSeveralPointsUnderTheirTenants) {
  const auto other = authzen::EntityPack::Parse("name: 'empty'", "empty.txtpb").value();
  points.Add("empty", *other);
  const http::Response denied = Send(http::Method::kPost, "/empty/access/v1/evaluation", kQuestion);
  EXPECT_EQ(denied.body, "{\"decision\":false}");
  EXPECT_EQ(Ask(Usual()).body, "{\"decision\":true}");
  const Json metadata =
      Json::parse(Send(http::Method::kGet, "/.well-known/authzen-configuration/empty", "").body);
  EXPECT_EQ(metadata["policy_decision_point"], "https://pdp.example:8443/empty");
  EXPECT_EQ(metadata["access_evaluation_endpoint"],
            "https://pdp.example:8443/empty/access/v1/evaluation");
}

TEST_F(AuthzenRoutesTest, ATraceThatCannotBeReadIsNoError) {
  std::string question = kQuestion;
  question.insert(1, R"("context":{"traceparent":7},)");
  EXPECT_EQ(
      Send(http::Method::kPost, kEvaluation, question, With(Usual(), "traceparent", "x")).status,
      200);
  question = kQuestion;
  question.insert(
      1, R"("context":{"traceparent":"00-8a3c60f7d188f8fa79d48a391a778fa6-b7ad6b7169203331-01"},)");
  EXPECT_EQ(
      Send(http::Method::kPost, kEvaluation, question,
           With(Usual(), "traceparent", "00-00000000000000000000000000000001-b7ad6b7169203331-01"))
          .status,
      200);
}

}  // namespace
}  // namespace sluis::daemon
