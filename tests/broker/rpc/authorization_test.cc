// The two faces of AuthZEN are twins: what is asked in HTTP bodies and through the gRPC service
// gets the same answer, the same fault under the same place, and leaves the same in the log.
// Requests and answers are put from the one form into the other by protobuf's own JSON, not by what
// is tested.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "broker/daemon/authzen_routes.h"
#include "lib/base/file.h"
#include "sluis/v1/authorization.pb.h"
#include "tests/broker/authzen/questions.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::rpc::testing {
namespace {

using authzen::testing::SignalAbout;
using exchange::testing::Oov;
using exchange::testing::Supervisor;
using google::protobuf::Message;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct Call {
  const char* path;    // behind /access/v1/
  const char* method;  // of the service
  const char* found;   // what a search finds; "" for no search
};
constexpr Call kOne{"evaluation", "EvaluateAccess", ""};
constexpr Call kMany{"evaluations", "BatchEvaluateAccess", ""};
constexpr Call kSubjects{"search/subject", "SearchSubjects", "subject"};
constexpr Call kResources{"search/resource", "SearchResources", "resource"};
constexpr Call kActions{"search/action", "SearchActions", "action"};

std::unique_ptr<Message> NewMessage(const std::string& name) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName("sluis.v1." + name);
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
}

// nullptr for a body that no message can say.
std::unique_ptr<Message> MessageOf(const Call& call, Json body, const std::string& tenant) {
  if (const auto page = body.find("page"); page != body.end()) {
    if (page->contains("token")) body["page_token"] = (*page)["token"];
    if (page->contains("limit")) body["page_size"] = (*page)["limit"];
    body.erase("page");
  }
  if (const auto options = body.find("options"); options != body.end()) {
    const std::string semantic = options->at("evaluations_semantic");
    body["evaluations_semantic"] = "EVALUATIONS_SEMANTIC_" + absl::AsciiStrToUpper(semantic);
    body.erase("options");
  }
  if (!tenant.empty()) body["decision_point"] = tenant;
  auto message = NewMessage(absl::StrCat(call.method, "Request"));
  const auto read = google::protobuf::util::JsonStringToMessage(body.dump(), message.get());
  return read.ok() ? std::move(message) : nullptr;
}

Json PageOf(const Json& answer, const char* found) {
  Json results = Json::array();
  for (const Json& one : answer.at("results")) {
    Json result = one.at(found);
    if (!one.at("obligations").empty()) result["obligations"] = one["obligations"];
    results.push_back(result);
  }
  return {{"page",
           {{"next_token", answer.at("next_page_token")},
            {"count", results.size()},
            {"total", answer.at("total_size")}}},
          {"results", results}};
}

// What the HTTP face would say.
Json BodyOfAnswer(const Call& call, const RawAnswer& answer, bool one_question) {
  auto message = NewMessage(absl::StrCat(call.method, "Response"));
  EXPECT_TRUE(answer.messages.size() == 1 && message->ParseFromString(answer.messages[0]))
      << answer.status.error_message();
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = options.always_print_primitive_fields = true;
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(*message, &text, options).ok());
  const Json json = Json::parse(text);
  if (*call.found != '\0') return PageOf(json, call.found);
  if (call.path == std::string_view(kOne.path)) return json.at("decision");
  return one_question ? json.at("evaluations").at(0) : json;
}

// Every evaluation has an id of its own.
void DropIds(Json& json) {
  if (json.is_object()) json.erase("evaluation_id");
  if (json.is_structured()) {
    for (Json& member : json) DropIds(member);
  }
}

class AuthorizationTest : public RpcWorld {
 protected:
  struct Both {
    http::Response http;
    RawAnswer grpc;
  };

  http::Response AskHttp(const Desk& desk, const Call& call, const Json& body,
                         const std::string& tenant) {
    const std::string prefix = tenant.empty() ? "" : "/" + tenant;
    return routes.Handle({http::Method::kPost,
                          absl::StrCat(prefix, "/access/v1/", call.path),
                          {{"authorization", Bearer(desk)}, {"content-type", "application/json"}},
                          body.dump(),
                          Certificate(desk).certificate});
  }
  RawAnswer AskGrpc(const Desk& desk, const Call& call, const Message& request) {
    return Ask(desk, absl::StrCat(kAuthorization, call.method), request);
  }
  // Asks both and expects the same of them. Nullopt when no message can say it.
  std::optional<Both> Twins(const Desk& desk, const Call& call, const Json& body,
                            const std::string& tenant = "") {
    const auto request = MessageOf(call, body, tenant);
    if (request == nullptr) return std::nullopt;
    SCOPED_TRACE(absl::StrCat(call.path, " ", body.dump().substr(0, 500)));
    const std::uint64_t before = LogSize();
    Both both{AskHttp(desk, call, body, tenant), {}};
    const std::uint64_t between = LogSize();
    both.grpc = AskGrpc(desk, call, *request);
    EXPECT_EQ(LogSize() - between, between - before) << "the same leaves";
    both.http.status == 200 ? Expect200(call, both) : Expect400(both);
    return both;
  }
  static void Expect200(const Call& call, const Both& both) {
    ASSERT_TRUE(both.grpc.status.ok()) << both.grpc.status.error_message();
    Json wanted = Json::parse(both.http.body);
    Json got = BodyOfAnswer(call, both.grpc, !wanted.contains("evaluations"));
    DropIds(wanted);
    DropIds(got);
    EXPECT_EQ(got, wanted);
  }
  // The body is `place: what it must be`.
  static void Expect400(const Both& both) {
    EXPECT_EQ(both.http.status, 400) << both.http.body;
    EXPECT_EQ(both.grpc.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    std::string place = both.http.body.substr(0, both.http.body.find(':'));
    if (place == "page.token") place = "page_token";
    if (place == "page.limit") place = "page_size";
    EXPECT_THAT(both.grpc.Violations(), Contains(place));
  }
  Json AnswerOf(const Desk& desk, const Call& call, const Json& body) {
    const std::optional<Both> both = Twins(desk, call, body);
    EXPECT_TRUE(both.has_value());
    return both && both->http.status == 200 ? Json::parse(both->http.body) : Json();
  }

  // With the other side left open.
  static Json OpenSignalIn(const CaseId& id) {
    Json search = SignalAbout(id);
    for (const char* open : {"recipient_organisation", "recipient_unit"})
      search["resource"]["properties"].erase(open);
    return search;
  }

  daemon::AuthzenRoutes routes{{*authenticator, [](std::string_view) {}, points, ""}};
};

TEST_F(AuthorizationTest, TheCertificationScenarioIsAnsweredAlike) {
  const Json scenario = Json::parse(ReadFile("tests/scenarios/authzen-certification.json").value());
  int asked = 0;
  Json token;
  for (const Json& test : scenario.at("tests")) {
    if (!test.contains("request") || test.contains("headers")) continue;
    Json body = test.at("request");
    if (body.contains("page") && body["page"].contains("token")) body["page"]["token"] = token;
    for (const Call& call : {kOne, kMany, kSubjects, kResources, kActions}) {
      if (test.at("path") != absl::StrCat("/access/v1/", call.path)) continue;
      SCOPED_TRACE(test.at("id").get<std::string>());
      const auto both = Twins(Oov(), call, body, kForeign);
      if (!both) continue;  // of a wrong type, or with a member that is not known
      ++asked;
      EXPECT_EQ(both->http.status, test.at("expect").at("status").get<int>());
      if (test.at("id") == "c-4-5-1")
        token = Json::parse(both->http.body).at("page").at("next_token");
    }
  }
  EXPECT_GE(asked, 48);
}

TEST_F(AuthorizationTest, AQuestionAboutAnExchangeIsDecidedAlikeAndIsOnRecord) {
  const Json question = SignalAbout(NewCase(Supervisor(), "signaal"));
  EXPECT_EQ(AnswerOf(Supervisor(), kOne, question).at("decision"), true);
  EXPECT_EQ(Count(tlog::LeafKind::kDryRun), 2) << "one of each face";
  EXPECT_EQ(AnswerOf(Oov(), kOne, question).at("context").at("reason"), "subject_mismatch");
  const std::map<std::string, Json> changes = {
      {"/subject/id", "somebody"},
      {"/subject/type", "user"},
      {"/subject/properties", {{"unit", "gemeente/oov"}}},
      {"/resource/type", "record"},
      {"/resource/id", "zaak-2026-118"},
      {"/resource/properties/fields", {"p-naam", 7}},
      {"/resource/properties/fields/0", "p-onbekend"},
      {"/resource/properties/recipient_unit", "nergens"},
      {"/resource/properties/mode", "subset"},
      {"/resource/properties/case_phase", "casus"},
      {"/action/name", "lees een \xc3\xa9"},
      {"/action/properties/purpose", "reclame"},
      {"/action/properties/emergency", true},
      {"/action/properties/emergency", "true"},
      {"/context", {{"supported_obligations", {"notification"}}, {"time", "2020-01-01T00:00:00Z"}}},
      {"/context", {{"approval", {{"id", "a-1"}}}, {"x", {nullptr, 1.5, -3, {{"y", false}}}}}},
  };
  for (const auto& [path, value] : changes) {
    Json changed = question;
    changed[Json::json_pointer(path)] = value;
    ASSERT_TRUE(Twins(Supervisor(), kOne, changed).has_value()) << path;
  }
  for (const char* path : {"/subject", "/subject/type", "/subject/id", "/action", "/action/name",
                           "/action/properties", "/resource/properties", "/resource/id"}) {
    Json changed = question;
    const Json::json_pointer member(path);
    changed[member.parent_pointer()].erase(member.back());
    ASSERT_TRUE(Twins(Supervisor(), kOne, changed).has_value()) << path;
  }
}

TEST_F(AuthorizationTest, BatchesStopWhereTheyStopAndFailItemByItem) {
  Json batch = SignalAbout(NewCase(Supervisor(), "signaal"));
  const Json action = batch["action"];
  const Json no_name = {{"action", {{"properties", action["properties"]}}}};
  const Json denied = {{"action", {{"name", "read"}}}};
  const Json no_id = {{"resource", {{"type", "case-signal"}}}};
  batch["evaluations"] = {no_name, Json::object(), denied, no_id, Json::object()};
  const std::map<std::string, std::size_t> lengths = {
      {"execute_all", 5}, {"deny_on_first_deny", 1}, {"permit_on_first_permit", 2}};
  for (const auto& [semantic, length] : lengths) {
    batch["options"] = {{"evaluations_semantic", semantic}};
    const Json answers = AnswerOf(Supervisor(), kMany, batch).at("evaluations");
    ASSERT_THAT(answers, SizeIs(length)) << semantic;
    EXPECT_EQ(answers[0].at("context").at("error").at("status"), 400);
    EXPECT_EQ(answers[0]["context"]["error"]["message"], "evaluations[0].action.name: is required");
  }
  batch.erase("options");
  EXPECT_THAT(AnswerOf(Supervisor(), kMany, batch).at("evaluations"), SizeIs(5));
  batch["evaluations"] = Json::array();
  EXPECT_EQ(AnswerOf(Supervisor(), kMany, batch).at("decision"), true) << "one question";
  batch.erase("evaluations");
  batch["action"].erase("name");
  EXPECT_TRUE(Twins(Supervisor(), kMany, batch).has_value());
  EXPECT_TRUE(Twins(Supervisor(), kMany, Json::object()).has_value());
}

TEST_F(AuthorizationTest, AFullBatchIsDecidedWholeAndOneMoreIsRefused) {
  Json batch = {{"subject", {{"type", "user"}, {"id", "alice"}}},
                {"action", {{"name", "read"}}},
                {"resource", {{"type", "record"}, {"id", "record-1"}}},
                {"evaluations", Json(1000, Json::object())}};
  const auto both = Twins(Oov(), kMany, batch, kForeign);
  EXPECT_THAT(Json::parse(both->http.body).at("evaluations"), SizeIs(1000));
  batch["evaluations"].push_back(Json::object());
  EXPECT_EQ(Twins(Oov(), kMany, batch, kForeign)->http.status, 400);
}

TEST_F(AuthorizationTest, SearchesFindTheSamePageByPage) {
  const CaseId id = NewCase(Supervisor(), "signaal");
  NewCase(Supervisor(), "signaal");
  for (const Call& call : {kSubjects, kActions, kResources}) {
    SCOPED_TRACE(call.path);
    Json search = call.found == std::string_view("resource") ? OpenSignalIn(id) : SignalAbout(id);
    if (call.found == std::string_view("action")) search.erase("action");
    const Json all = AnswerOf(Supervisor(), call, search).at("results");
    ASSERT_THAT(all, Not(IsEmpty()));
    EXPECT_TRUE(all[0].contains("obligations"));
    search["page"] = {{"limit", 1}};
    Json pages = Json::array();
    for (;;) {
      const Json answer = AnswerOf(Supervisor(), call, search);
      ASSERT_THAT(answer.at("results"), SizeIs(1));
      pages.push_back(answer["results"][0]);
      EXPECT_EQ(answer.at("page").at("total"), all.size());
      const std::string next = answer["page"]["next_token"];
      if (next.empty()) break;
      search["page"] = {{"token", next}};  // made by the one face, taken by both
    }
    EXPECT_EQ(pages, all);
  }
}

TEST_F(AuthorizationTest, APageTokenIsBoundAlike) {
  const CaseId id = NewCase(Supervisor(), "signaal");
  NewCase(Supervisor(), "signaal");
  Json search = OpenSignalIn(id);
  search["page"] = {{"limit", 1}};
  const std::string token = AnswerOf(Supervisor(), kResources, search).at("page").at("next_token");
  ASSERT_NE(token, "");
  const auto refused = [&](const Desk& desk, const Json& body) {
    const auto both = Twins(desk, kResources, body);
    EXPECT_EQ(both->http.status, 400);
    return both->grpc;
  };
  search["page"] = {{"token", token}, {"limit", 2}};
  EXPECT_THAT(refused(Supervisor(), search).Violations(), ElementsAre("page_size"));
  search["page"] = {{"token", "x" + token}};
  EXPECT_EQ(refused(Supervisor(), search).Reason(), "PAGE_TOKEN_MISMATCH");
  search["page"] = {{"token", token}};
  EXPECT_EQ(refused(Oov(), search).Reason(), "PAGE_TOKEN_MISMATCH");
  Json changed = search;
  changed["context"] = {{"x", 1}};
  EXPECT_EQ(refused(Supervisor(), changed).Reason(), "PAGE_TOKEN_MISMATCH");
  changed = search;
  changed["page"] = {{"limit", 1001}};
  EXPECT_THAT(refused(Supervisor(), changed).Violations(), ElementsAre("page_size"));
  clock.Advance(absl::Minutes(61));
  EXPECT_EQ(refused(Supervisor(), search).Reason(), "PAGE_TOKEN_MISMATCH");
}

TEST_F(AuthorizationTest, NothingIsAnsweredThatIsNotOnRecord) {
  const Json question = SignalAbout(NewCase(Supervisor(), "signaal"));
  journal->Stop();
  EXPECT_EQ(AskHttp(Supervisor(), kOne, question, "").status, 503);
  const RawAnswer answer = AskGrpc(Supervisor(), kOne, *MessageOf(kOne, question, ""));
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(answer.Reason(), "LOG_UNAVAILABLE");
  EXPECT_THAT(answer.messages, IsEmpty());
}

TEST_F(AuthorizationTest, AnAssertionServesAgainAndNeedsNoDeadline) {
  const Json question = SignalAbout(NewCase(Supervisor(), "signaal"));
  RawCall call = CallOf(Supervisor(), absl::StrCat(kAuthorization, kOne.method),
                        *MessageOf(kOne, question, ""));
  call.deadline.reset();
  for (int i = 0; i < 2; ++i) {
    const RawAnswer answer = Send(ChannelOf(Supervisor()), call);
    EXPECT_TRUE(answer.As<v1::EvaluateAccessResponse>().decision().decision());
  }
  call.metadata.clear();
  EXPECT_EQ(Send(ChannelOf(Supervisor()), call).status.error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(AuthorizationTest, WhatIsTooLargeOrTooDeepIsDecidedByNobody) {
  const std::uint64_t before = LogSize();
  const auto of_context = [&](const google::protobuf::Struct& context) {
    Json question = SignalAbout(CaseId::Parse(std::string(32, 'a')).value());
    const auto request = MessageOf(kOne, question, "");
    *dynamic_cast<v1::EvaluateAccessRequest&>(*request).mutable_context() = context;
    return AskGrpc(Supervisor(), kOne, *request);
  };
  const auto nested = [](int levels) {
    google::protobuf::Struct object;
    google::protobuf::Struct* inner = &object;
    for (int i = 1; i < levels; ++i) inner = (*inner->mutable_fields())["x"].mutable_struct_value();
    return object;
  };
  EXPECT_TRUE(of_context(nested(28)).status.ok());
  EXPECT_THAT(of_context(nested(29)).Violations(), ElementsAre("context"));
  // Deeper than protobuf itself reads.
  EXPECT_THAT(of_context(nested(60)).Violations(), ElementsAre("request"));
  google::protobuf::Struct wide;
  (*wide.mutable_fields())["x"].set_string_value(std::string((1 << 20) - 100, 'a'));
  const RawAnswer large = of_context(wide);
  EXPECT_EQ(large.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(large.Reason(), "PAYLOAD_TOO_LARGE");
  EXPECT_EQ(LogSize(), before);
}

TEST_F(AuthorizationTest, AsksNoDecisionPointThatIsNotThere) {
  const Json question = SignalAbout(CaseId::Parse(std::string(32, 'a')).value());
  for (const Call& call : {kOne, kMany, kSubjects, kResources}) {
    const RawAnswer answer = AskGrpc(Supervisor(), call, *MessageOf(call, question, "nobody"));
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(answer.Violations(), ElementsAre("decision_point"));
  }
}

}  // namespace
}  // namespace sluis::rpc::testing
