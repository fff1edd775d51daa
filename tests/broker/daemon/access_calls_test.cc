// Access requests over HTTP: addresses, statuses, and errors in the words of the profile.
#include "broker/daemon/access_calls.h"

#include <gmock/gmock.h>

#include "lib/base/error.h"
#include "tests/broker/daemon/authzen_desk.h"

namespace sluis::daemon {
namespace {

using Act = TaskCall::Act;
using ::testing::HasSubstr;

TEST(TaskCall, IsOneOfThreeAddresses) {
  EXPECT_EQ(ReadTaskCall("")->act, Act::kAsk);
  EXPECT_EQ(ReadTaskCall("/t-1")->act, Act::kLook);
  EXPECT_EQ(ReadTaskCall("/t-1")->task, "t-1");
  EXPECT_EQ(ReadTaskCall("/t-1/cancel")->act, Act::kCancel);
  EXPECT_EQ(ReadTaskCall("/t-1/cancel")->task, "t-1");
  for (const char* path :
       {"/", "x", "/t-1/", "/t-1/x", "//cancel", "/cancel/cancel/", "/t-1/cancel/", "?x"})
    EXPECT_FALSE(ReadTaskCall(path).has_value()) << path;
}

std::string HeaderIn(const http::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(TaskResponse, SaysWhetherItWaits) {
  const authzen::TaskAnswer waits{{{"task", "x"}}, "https://pdp.example/t", true};
  const authzen::TaskAnswer decided{{{"task", "x"}}, "https://pdp.example/t", false};
  const http::Response accepted = TaskResponse(waits, Act::kAsk);
  EXPECT_EQ(accepted.status, 202);
  EXPECT_EQ(accepted.content_type, "application/json");
  EXPECT_EQ(accepted.body, R"({"task":"x"})");
  EXPECT_EQ(HeaderIn(accepted, "Location"), "https://pdp.example/t");
  EXPECT_EQ(HeaderIn(accepted, "Retry-After"), "60");
  const http::Response created = TaskResponse(decided, Act::kAsk);
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(HeaderIn(created, "Location"), "https://pdp.example/t");
  EXPECT_EQ(HeaderIn(created, "Retry-After"), "");
  EXPECT_EQ(TaskResponse(waits, Act::kLook).status, 200);
  EXPECT_EQ(HeaderIn(TaskResponse(waits, Act::kLook), "Retry-After"), "60");
  EXPECT_EQ(TaskResponse(decided, Act::kCancel).status, 200);
}

TEST(TaskResponse, GivesEveryErrorItsType) {
  const std::vector<std::tuple<ErrorCode, std::string, std::string, int>> errors = {
      {ErrorCode::kInvalid, "NOT_REQUESTABLE", "not_requestable", 400},
      {ErrorCode::kInvalid, "DENIAL_NOT_BOUND", "invalid_denial_binding", 400},
      {ErrorCode::kPrecondition, "DENIAL_EXPIRED", "expired_denial", 410},
      {ErrorCode::kExists, "REQUEST_ID_REUSED", "duplicate_request", 409},
      {ErrorCode::kNotFound, "RESOURCE_NOT_FOUND", "unknown_task", 404},
      {ErrorCode::kPrecondition, "APPROVAL_EXPIRED", "task_expired", 410},
      {ErrorCode::kPrecondition, "EXCHANGE_CLOSED", "invalid_task_state", 409}};
  for (const auto& [code, reason, type, status] : errors) {
    const http::Response response = TaskResponse(Error(code, reason, "why"), Act::kAsk);
    EXPECT_EQ(response.status, status) << reason;
    EXPECT_EQ(response.content_type, "application/problem+json");
    const Json problem = Json::parse(response.body);
    EXPECT_EQ(problem.at("type"), "urn:openid:authzen:access-request:error:" + type);
    EXPECT_EQ(problem.at("status"), status);
    EXPECT_NE(problem.at("title"), "Internal Server Error") << status;
    EXPECT_EQ(problem.at("detail"), "why");
  }
}

TEST(TaskResponse, TellsOthersAsEverywhere) {
  const http::Response malformed =
      TaskResponse(InvalidField("FIELD_INVALID", "items", "is not taken here"), Act::kAsk);
  EXPECT_EQ(malformed.status, 400);
  EXPECT_EQ(malformed.content_type, "application/problem+json");
  EXPECT_THAT(malformed.body, HasSubstr("items: is not taken here"));
  EXPECT_EQ(
      TaskResponse(Error(ErrorCode::kAborted, "REQUEST_IN_PROGRESS", "wait"), Act::kAsk).status,
      409);
  EXPECT_EQ(TaskResponse(Error(ErrorCode::kUnavailable, "LOG_UNAVAILABLE", "x"), Act::kAsk).status,
            503);
  EXPECT_THAT(TaskResponse(absl::InternalError("secret"), Act::kLook).body,
              ::testing::Not(HasSubstr("secret")));
}

TEST(Metadata, NamesTheEndpointAndTheCapability) {
  Json metadata = {{"capabilities", Json::array()}};
  AddRequestsTo(metadata, "https://pdp.example");
  EXPECT_EQ(metadata.at("access_request_endpoint"), "https://pdp.example/access/v1/requests");
  EXPECT_EQ(metadata.at("capabilities"),
            Json::array({"urn:openid:authzen:capability:access-request"}));
}

class AccessAddressesTest : public testing::AuthzenDesk {};

TEST_F(AccessAddressesTest, AreNotThereWhereNothingCanBeAskedFor) {
  for (const char* path :
       {"/access/v1/requests", "/access/v1/requests/t-1", "/access/v1/requests/t-1/cancel"})
    EXPECT_EQ(Send(http::Method::kPost, path, "{}").status, 404) << path;
  const Json metadata =
      Json::parse(Send(http::Method::kGet, "/.well-known/authzen-configuration", "").body);
  EXPECT_FALSE(metadata.contains("access_request_endpoint"));
}

}  // namespace
}  // namespace sluis::daemon
