// Access requests at the listener as it runs: asked, approved in the exchange, evaluated again.
#include <gmock/gmock.h>

#include "tests/broker/authzen/questions.h"
#include "tests/broker/daemon/authzen_listener.h"

namespace sluis::daemon {
namespace {

using authzen::testing::ReportAbout;
using exchange::testing::Desk;
using exchange::testing::Oov;
using exchange::testing::PrivacyOfficer;
using ::sluis::testing::BodyOf;
using ::sluis::testing::HeaderOf;
using ::sluis::testing::StatusOfAnswer;
using ::testing::HasSubstr;

constexpr char kRequests[] = "/access/v1/requests";

class AccessFaceTest : public testing::AuthzenListener {
 protected:
  // The RIEC takes part here.
  AccessFaceTest() { SetPartners({&town, &small_town, &police, &prosecution, &riec}, 8); }
  static Desk YouthDirector() { return {Oov().party, "f-jeugd", {"jeugdregisseur"}}; }
  // A call with a fresh assertion; `method` with the path of what it is put to.
  std::string Call(const std::string& method, const std::string& path, const Json& body = nullptr,
                   const std::string& key = "") {
    const Desk desk = Oov();
    std::string head =
        absl::StrCat(method, " ", path, " HTTP/1.1\r\nAuthorization: ", Bearer(desk), "\r\n");
    if (!body.is_null()) head += "Content-Type: application/json\r\n";
    if (!key.empty()) absl::StrAppend(&head, "Idempotency-Key: ", key, "\r\n");
    return Send(*faces, &desk, head, body.is_null() ? "" : body.dump());
  }
  Json Evaluate(const Json& question) {
    return Json::parse(BodyOf(Call("POST", "/access/v1/evaluation", question)));
  }
  // Denied, and what asks for an approval.
  Json RequestFor(const Json& question) {
    const Json context = Evaluate(question).at("context");
    Json request = question;
    request["denial"] = {{"evaluation_id", context.at("evaluation_id")},
                         {"expires_at", context.at("access_request").at("expires_at")}};
    return request;
  }
  void Approve(const Json& task, const Desk& desk, const std::string& role) {
    const std::string id = task.at("id").get<std::string>().substr(2);
    const auto judged = Await<exchange::ExchangeResult>([&](auto reply) {
      service->ApproveOne(As(desk), Stamp("ApproveExchange"),
                          {ExchangeId::Parse(id).value(), role, true}, std::move(reply));
    });
    EXPECT_TRUE(judged.ok()) << judged.status();
  }
  static std::string PathOf(const std::string& url) {
    return url.substr(std::string("https://pdp.example").size());
  }
  static void ExpectProblem(const std::string& answer, int status, const std::string& type) {
    EXPECT_EQ(StatusOfAnswer(answer), status) << answer;
    EXPECT_EQ(HeaderOf(answer, "Content-Type"), "application/problem+json");
    EXPECT_EQ(Json::parse(BodyOf(answer)).at("type"),
              "urn:openid:authzen:access-request:error:" + type);
  }

  std::unique_ptr<HttpFaces> faces = Start().value();
};

TEST_F(AccessFaceTest, FromADenialToAPermit) {
  Json question = ReportAbout(NewCase(Oov(), "signaal"));
  const Json request = RequestFor(question);
  const std::string accepted = Call("POST", kRequests, request, "k-1");
  ASSERT_EQ(StatusOfAnswer(accepted), 202) << accepted;
  EXPECT_EQ(HeaderOf(accepted, "Cache-Control"), "no-store");
  const std::string path = PathOf(HeaderOf(accepted, "Location"));
  const Json task = Json::parse(BodyOf(accepted)).at("task");
  EXPECT_EQ(BodyOf(Call("POST", kRequests, request, "k-1")), BodyOf(accepted));
  const std::string pending = Call("GET", path);
  EXPECT_EQ(StatusOfAnswer(pending), 200);
  EXPECT_EQ(HeaderOf(pending, "Retry-After"), "60");
  Approve(task, PrivacyOfficer(), "privacy-officer");
  Approve(task, YouthDirector(), "jeugdregisseur");
  const Json approved = Json::parse(BodyOf(Call("GET", path)));
  EXPECT_EQ(approved.at("task").at("status"), "approved");
  question["context"]["approval"] = approved.at("result").at("approval");
  EXPECT_EQ(Evaluate(question).at("decision"), true);
  ExpectProblem(Call("POST", path + "/cancel"), 409, "invalid_task_state");
}

TEST_F(AccessFaceTest, EveryErrorOfTheProfileIsToldByItsType) {
  const Json request = RequestFor(ReportAbout(NewCase(Oov(), "signaal")));
  Json other = request;
  other["denial"]["evaluation_id"] = "ev-1";
  ExpectProblem(Call("POST", kRequests, other, "k-1"), 400, "invalid_denial_binding");
  other = request;
  other["action"]["name"] = "request";
  ExpectProblem(Call("POST", kRequests, other, "k-1"), 400, "not_requestable");
  const std::string accepted = Call("POST", kRequests, request, "k-1");
  other = request;
  other["context"]["x"] = 1;
  ExpectProblem(Call("POST", kRequests, other, "k-1"), 409, "duplicate_request");
  ExpectProblem(Call("GET", absl::StrCat(kRequests, "/t-", std::string(32, '0'))), 404,
                "unknown_task");
  const std::string cancel = PathOf(HeaderOf(accepted, "Location")) + "/cancel";
  EXPECT_EQ(StatusOfAnswer(Call("POST", cancel)), 200);
  ExpectProblem(Call("POST", cancel), 409, "invalid_task_state");
  clock.Advance(absl::Minutes(30));
  ExpectProblem(Call("POST", kRequests, request, "k-3"), 410, "expired_denial");
}

TEST_F(AccessFaceTest, IsMalformedInProblemsToo) {
  const Json request = RequestFor(ReportAbout(NewCase(Oov(), "signaal")));
  for (const std::string& answer :
       {Call("POST", kRequests, request), Call("POST", kRequests, nullptr, "k-1"),
        Call("POST", kRequests, {{"items", Json::array()}}, "k-1")}) {
    EXPECT_EQ(StatusOfAnswer(answer), 400) << answer;
    EXPECT_EQ(HeaderOf(answer, "Content-Type"), "application/problem+json");
  }
}

TEST_F(AccessFaceTest, KnowsItsMethodsAndWhoCalls) {
  const std::string task = absl::StrCat(kRequests, "/t-", std::string(32, '0'));
  EXPECT_EQ(StatusOfAnswer(Call("GET", kRequests)), 405);
  EXPECT_EQ(HeaderOf(Call("POST", task), "Allow"), "GET, HEAD");
  EXPECT_EQ(HeaderOf(Call("GET", task + "/cancel"), "Allow"), "POST");
  EXPECT_EQ(StatusOfAnswer(Call("GET", task + "/")), 404);
  EXPECT_EQ(StatusOfAnswer(Call("POST", absl::StrCat("/certification", kRequests))), 404);
  const Desk desk = Oov();
  for (const std::string& call :
       {absl::StrCat("POST ", kRequests), "GET " + task, "POST " + task + "/cancel"})
    EXPECT_EQ(StatusOfAnswer(Send(*faces, &desk, call + " HTTP/1.1\r\n")), 401) << call;
}

TEST_F(AccessFaceTest, IsNamedInTheMetadataOfTheExchangeAlone) {
  const Json own = Json::parse(BodyOf(Call("GET", "/.well-known/authzen-configuration")));
  EXPECT_EQ(own.at("access_request_endpoint"), "https://pdp.example/access/v1/requests");
  EXPECT_EQ(own.at("capabilities"), Json::array({"urn:openid:authzen:capability:access-request"}));
  const Json foreign =
      Json::parse(BodyOf(Call("GET", "/.well-known/authzen-configuration/certification")));
  EXPECT_FALSE(foreign.contains("access_request_endpoint"));
}

}  // namespace
}  // namespace sluis::daemon
