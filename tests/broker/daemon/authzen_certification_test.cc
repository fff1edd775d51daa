// Every test of the certification scenario for decision points, through the routes, over the
// fixture as a foreign pack.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "lib/base/file.h"
#include "tests/broker/daemon/authzen_desk.h"

namespace sluis::daemon {
namespace {

using testing::AuthzenDesk;

const Json& Scenario() {
  static const auto* scenario =
      new Json(Json::parse(ReadFile("tests/scenarios/authzen-certification.json").value()));
  return *scenario;
}

class Certification : public AuthzenDesk {
 protected:
  http::Response Run(const Json& test, const std::string& path) {
    const http::Method method =
        test.at("method") == "GET" ? http::Method::kGet : http::Method::kPost;
    const std::string body = test.contains("raw_body")  ? test["raw_body"].get<std::string>()
                             : test.contains("request") ? Filled(test["request"]).dump()
                                                        : "";
    Headers headers = Usual();
    if (test.contains("headers")) {
      for (const auto& [name, value] : test["headers"].items()) {
        const std::string lower = absl::AsciiStrToLower(name);
        std::erase_if(headers, [&](const auto& header) { return header.first == lower; });
        headers.emplace_back(lower, value.get<std::string>());
      }
    }
    return Send(method, path, body, headers);
  }

  // The only placeholder of the scenario: the token of an earlier test.
  Json Filled(Json request) const {
    if (request.contains("page") && request["page"].contains("token"))
      request["page"]["token"] = answers_.at("c-4-5-1").at("page").at("next_token");
    return request;
  }

  void Check(const Json& test, const http::Response& response) {
    const Json& expect = test.at("expect");
    ASSERT_EQ(response.status, expect.at("status").get<int>()) << response.body;
    if (response.status != 200) {
      EXPECT_NE(response.body, "");
      EXPECT_EQ(response.body.find("true"), std::string::npos) << "no permit on bad input";
      return;
    }
    EXPECT_EQ(response.content_type, "application/json");
    const Json answer = Json::parse(response.body);
    answers_[test.at("id").get<std::string>()] = answer;
    for (const auto& [name, value] : expect.items()) CheckOne(name, value, test, answer, response);
  }

  void CheckOne(const std::string& name, const Json& value, const Json& test, const Json& answer,
                const http::Response& response) {
    if (name == "decision") {
      EXPECT_EQ(answer.at("decision"), value);
    } else if (name == "evaluations") {
      CheckEvaluations(value, answer);
    } else if (name == "results") {
      EXPECT_EQ(answer.at("results"), value);
    } else if (name == "results_include") {
      for (const Json& wanted : value)
        EXPECT_THAT(answer.at("results"), ::testing::Contains(wanted));
    } else if (name == "results_equal_to") {
      EXPECT_EQ(answer.at("results"), answers_.at(value).at("results"));
    } else if (name == "every_result_type") {
      for (const Json& result : answer.at("results")) EXPECT_EQ(result.at("type"), value);
    } else if (name == "every_result_has") {
      for (const Json& result : answer.at("results")) EXPECT_TRUE(result.contains(value));
    } else if (name == "response_headers") {
      for (const auto& [header, content] : value.items())
        EXPECT_EQ(HeaderOf(response, header), content.get<std::string>());
    } else if (name == "required_members") {
      for (const Json& member : value) EXPECT_TRUE(answer.contains(member)) << member;
    } else if (name == "https_urls") {
      for (const Json& member : value)
        EXPECT_THAT(answer.at(member).get<std::string>(), ::testing::StartsWith("https://"));
    } else {
      CheckShape(name, value, test, answer);
    }
  }

  void CheckShape(const std::string& name, const Json& value, const Json& test,
                  const Json& answer) {
    const std::map<std::string, std::function<bool(const Json&)>> shapes = {
        {"decision_is_boolean", [](const Json& a) { return a.at("decision").is_boolean(); }},
        {"context_if_present_is_object",
         [](const Json& a) { return !a.contains("context") || a["context"].is_object(); }},
        {"body_is_json_object", [](const Json& a) { return a.is_object(); }},
        {"results_is_array", [](const Json& a) { return a.at("results").is_array(); }},
        {"page_if_present_is_object",
         [](const Json& a) { return !a.contains("page") || a["page"].is_object(); }},
        {"page_is_object", [](const Json& a) { return a.at("page").is_object(); }},
        {"next_token_if_present_is_string",
         [](const Json& a) {
           return !a.contains("page") || a["page"].at("next_token").is_string();
         }},
        {"next_token_is_string",
         [](const Json& a) { return a.at("page").at("next_token").is_string(); }},
        {"next_token_empty_at_end",
         [](const Json& a) { return a.at("page").at("next_token") == ""; }},
        {"policy_decision_point_equals_base_url",
         [](const Json& a) { return a.at("policy_decision_point") == "https://pdp.example:8443"; }},
        {"capabilities_if_present",
         [](const Json& a) { return !a.contains("capabilities") || a["capabilities"].is_array(); }},
        {"signed_metadata_if_present",
         [](const Json& a) { return !a.contains("signed_metadata"); }},
        {"same_length_and_order_as_request",
         [&](const Json& a) {
           return a.at("evaluations").size() == test.at("request").at("evaluations").size();
         }},
        {"each_item_has_boolean_decision",
         [](const Json& a) {
           return std::all_of(a.at("evaluations").begin(), a.at("evaluations").end(),
                              [](const Json& one) { return one.at("decision").is_boolean(); });
         }},
    };
    // Said about the request, or by the loop around this.
    static const std::set<std::string> elsewhere = {"status", "content_type",
                                                    "extra_results_allowed", "top_level_decision",
                                                    "same_decision_every_time"};
    if (elsewhere.contains(name)) return;
    const auto shape = shapes.find(name);
    ASSERT_NE(shape, shapes.end()) << "what does `" << name << "` ask?";
    EXPECT_TRUE(shape->second(answer)) << name << value;
  }

  static void CheckEvaluations(const Json& wanted, const Json& answer) {
    ASSERT_EQ(answer.at("evaluations").size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const Json& one = answer["evaluations"][i];
      EXPECT_TRUE(one.at("decision").is_boolean());
      if (wanted[i].at("decision").is_boolean()) {
        EXPECT_EQ(one["decision"], wanted[i]["decision"]);
      }
      if (one.contains("context")) {
        EXPECT_TRUE(one["context"].is_object());
      }
    }
  }

  std::map<std::string, Json> answers_;
};

TEST_F(Certification, EveryTestOfTheScenarioPasses) {
  int run = 0;
  for (const Json& test : Scenario().at("tests")) {
    SCOPED_TRACE(test.at("id"));
    for (int i = 0; i < test.value("repeat", 1); ++i)
      Check(test, Run(test, test.at("path").get<std::string>()));
    ++run;
  }
  EXPECT_EQ(run, 60);
}

// c-4-6 says that the other two searches answer as little for what is unknown; each needs its own
// required members for that.
TEST_F(Certification, WhatIsUnknownIsFoundNowhere) {
  const Json user = {{"type", "user"}}, record = {{"type", "record"}},
             ship = {{"type", "spaceship"}};
  const Json nobody = {{"type", "user"}, {"id", "nonexistent-user"}};
  const Json nothing = {{"type", "record"}, {"id", "nonexistent-record"}};
  const Json read = {{"name", "read"}};
  for (const auto& [path, request] : std::vector<std::pair<std::string, Json>>{
           {"subject", {{"subject", user}, {"action", read}, {"resource", nothing}}},
           {"resource", {{"subject", nobody}, {"action", read}, {"resource", record}}},
           {"resource",
            {{"subject", {{"type", "user"}, {"id", "alice"}}},
             {"action", read},
             {"resource", ship}}},
           {"action",
            {{"subject", {{"type", "spaceship"}, {"id", "alice"}}},
             {"resource", {{"type", "record"}, {"id", "record-1"}}}}}}) {
    const http::Response response =
        Send(http::Method::kPost, "/access/v1/search/" + path, request.dump());
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(Json::parse(response.body).at("results"), Json::array()) << path << request;
  }
}

// The pack says what the fixture says: the same entities and actions, and its eight rules.
TEST_F(Certification, ThePackIsTheFixture) {
  const Json& fixture = Scenario().at("fixture");
  for (const Json& rule : fixture.at("rules")) {
    authzen::Question question{{"user", "alice", Json::object()},
                               {rule["action"]["name"], Json::object()},
                               {"record", "record-1", Json::object()},
                               Json::object()};
    if (rule["subject"].contains("id")) question.subject.id = rule["subject"]["id"];
    // A rule about properties alone is about whoever has them.
    if (!rule["subject"].contains("id")) question.subject.id = "bob";
    if (!rule["resource"].contains("id")) question.resource.id = "record-2";
    question.subject.properties = rule["subject"].value("properties", Json::object());
    question.action.properties = rule["action"].value("properties", Json::object());
    question.resource.properties = rule["resource"].value("properties", Json::object());
    EXPECT_EQ(pack->Permits(question), rule.at("decision").get<bool>()) << rule;
  }
  for (const Json& search : fixture.at("search")) {
    const std::string searched = search.at("search");
    Json request = {{"subject", {{"type", "user"}}}, {"resource", {{"type", "record"}}}};
    if (search.contains("action")) request["action"] = {{"name", search["action"]}};
    for (const std::string side : {"subject", "resource"}) {
      if (search.contains(side)) request[side]["id"] = search[side];
      if (search.contains(side + "_properties"))
        request[side]["properties"] = search[side + "_properties"];
    }
    const http::Response response =
        Send(http::Method::kPost, "/access/v1/search/" + searched, request.dump());
    ASSERT_EQ(response.status, 200) << response.body;
    for (const Json& wanted : search.at("at_least")) {
      EXPECT_THAT(response.body, ::testing::HasSubstr("\"" + wanted.get<std::string>() + "\""));
    }
  }
}

}  // namespace
}  // namespace sluis::daemon
