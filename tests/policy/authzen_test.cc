// One line of JSON in, one out: nothing that cannot be read as a request is ever permitted.
#include "policy/engine/authzen.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

using testing::ReadJsonLines;
using testing::ThePack;

// PUB-001: permitted.
Json Permitted() {
  return ReadJsonLines("tests/scenarios/scenarios-public.jsonl").front().at("request");
}

Json Ask(const std::string& line) { return Json::parse(EvaluateLine(ThePack(), line)); }
Json Ask(const Json& request) { return Ask(request.dump()); }

std::string InvalidMember(const Json& response) {
  EXPECT_EQ(response.at("decision"), false);
  EXPECT_EQ(response.at("context").at("outcome"), "INVALID");
  EXPECT_EQ(response.at("context").at("fields"), Json::object());
  EXPECT_NE(response.at("context").at("error").at("message"), "");
  return response.at("context").at("error").at("member").get<std::string>();
}

TEST(Authzen, AnswersWithReasonsInBothLanguages) {
  const Json response = Ask(Permitted());
  EXPECT_EQ(response.at("decision"), true);
  EXPECT_EQ(response.at("context").at("field_outcomes").at("p-naam"), "PERMITTED");
  EXPECT_NE(response.at("context").at("reason_user").at("nl"), "");
  EXPECT_NE(response.at("context").at("reason_user").at("en"), "");
  EXPECT_FALSE(response.at("context").contains("error"));
}

TEST(Authzen, AnswersInOneLine) {
  Json request = Permitted();
  request["resource"]["properties"]["fields"] = {"p-naam\n"};
  for (const std::string& line : {request.dump(), std::string("\n"), Permitted().dump(2)}) {
    EXPECT_EQ(EvaluateLine(ThePack(), line).find('\n'), std::string::npos);
  }
}

TEST(Authzen, IgnoresMembersItDoesNotKnow) {
  Json request = Permitted();
  request["x"] = 1;
  request["subject"]["x"] = nullptr;
  request["action"]["properties"]["algorithm_id"] = {1, 2};
  request["resource"]["properties"]["x"] = Json::object();
  request["context"]["traceparent"] = false;
  EXPECT_EQ(Ask(request), Ask(Permitted()));
}

TEST(Authzen, RefusesWhatIsNoRequest) {
  for (const char* line :
       {"", " ", "{", "[]", "null", "1", "\"x\"", "{}", "{}{}", "{\"subject\": []}", "\xff"}) {
    InvalidMember(Ask(std::string(line)));
  }
  const std::string request = Permitted().dump();
  InvalidMember(Ask(absl::StrCat(request, ",")));
  InvalidMember(Ask(absl::StrCat("{\"action\":{},", request.substr(1))));
}

TEST(Authzen, EveryRequiredMemberIsRequired) {
  for (const char* path : {"/subject",
                           "/subject/type",
                           "/subject/id",
                           "/subject/properties",
                           "/subject/properties/organisation",
                           "/subject/properties/unit",
                           "/action",
                           "/action/name",
                           "/action/properties",
                           "/action/properties/purpose",
                           "/action/properties/basis",
                           "/resource",
                           "/resource/type",
                           "/resource/id",
                           "/resource/properties",
                           "/resource/properties/provider_organisation",
                           "/resource/properties/provider_unit",
                           "/resource/properties/recipient_organisation",
                           "/resource/properties/recipient_unit",
                           "/resource/properties/regime",
                           "/resource/properties/subject_category",
                           "/resource/properties/case_phase",
                           "/resource/properties/fields",
                           "/context",
                           "/context/time"}) {
    const Json::json_pointer member(path);
    std::string dotted = std::string(path).substr(1);
    std::replace(dotted.begin(), dotted.end(), '/', '.');
    Json request = Permitted();
    request.at(member.parent_pointer()).erase(member.back());
    EXPECT_EQ(InvalidMember(Ask(request)), dotted) << "missing";
    for (const Json& other : {Json(nullptr), Json(1), Json(true), Json("")}) {
      request[member] = other;
      EXPECT_EQ(InvalidMember(Ask(request)), dotted) << other;
    }
  }
}

struct Wrong {
  std::string path;
  Json value;
  std::string member;
};

class AuthzenWrong : public ::testing::TestWithParam<Wrong> {};

TEST_P(AuthzenWrong, IsInvalid) {
  Json request = Permitted();
  request[Json::json_pointer(GetParam().path)] = GetParam().value;
  EXPECT_EQ(InvalidMember(Ask(request)), GetParam().member) << GetParam().value;
}

const Json kApproval = {
    {"role", "teamleider"}, {"person", "a-1"}, {"time", "2026-11-20T09:00:00+01:00"}};
Json ApprovalsWithout(const char* member) {
  Json approval = kApproval;
  approval.erase(member);
  return Json::array({kApproval, approval});
}

INSTANTIATE_TEST_SUITE_P(
    Members, AuthzenWrong,
    ::testing::Values(
        Wrong{"/subject/type", "user", "subject.type"},
        Wrong{"/resource/type", "record", "resource.type"},
        Wrong{"/action/properties/emergency", "true", "action.properties.emergency"},
        Wrong{"/action/properties/emergency", 1, "action.properties.emergency"},
        Wrong{"/action/properties/emergency", nullptr, "action.properties.emergency"},
        Wrong{"/resource/properties/mode", "best", "resource.properties.mode"},
        Wrong{"/resource/properties/mode", "", "resource.properties.mode"},
        Wrong{"/resource/properties/mode", nullptr, "resource.properties.mode"},
        Wrong{"/resource/properties/fields", "p-naam", "resource.properties.fields"},
        Wrong{"/resource/properties/fields", Json::array(), "resource.properties.fields"},
        Wrong{"/resource/properties/fields", {"p-naam", 1}, "resource.properties.fields[1]"},
        Wrong{"/resource/properties/fields", {"p-naam", "p-naam"}, "resource.properties.fields[1]"},
        Wrong{"/context/time", "2026-11-23T10:00:00", "context.time"},
        Wrong{"/context/time", "2026-11-23T10:00Z", "context.time"},
        Wrong{"/context/time", "2026-02-30T10:00:00Z", "context.time"},
        Wrong{"/context/time", 1795424400, "context.time"},
        Wrong{"/context/facts", Json::array(), "context.facts"},
        Wrong{"/context/facts", {{"zaak-open", true}}, "context.facts.*"},
        Wrong{"/context/facts", {{"zaak-open", "maybe"}}, "context.facts.zaak-open"},
        Wrong{"/context/facts", {{"optreden", "eigen"}}, "context.facts.optreden"},
        Wrong{
            "/context/facts", {{"artikel-20-velden", "p-naam"}}, "context.facts.artikel-20-velden"},
        Wrong{"/context/facts",
              {{"artikel-20-velden", Json::array({1})}},
              "context.facts.artikel-20-velden[0]"},
        Wrong{"/context/approvals", Json::object(), "context.approvals"},
        Wrong{"/context/approvals", Json::array({"x"}), "context.approvals[0]"},
        Wrong{"/context/approvals", ApprovalsWithout("role"), "context.approvals[1].role"},
        Wrong{"/context/approvals", ApprovalsWithout("person"), "context.approvals[1].person"},
        Wrong{"/context/approvals", ApprovalsWithout("time"), "context.approvals[1].time"}));

TEST(Authzen, FactsAndApprovalsMayBeLeftOut) {
  Json request = Permitted();
  request["context"].erase("facts");
  request["context"].erase("approvals");
  request["resource"]["properties"].erase("mode");
  EXPECT_EQ(Ask(request), Ask(Permitted()));
}

TEST(Authzen, ErrorsDoNotRepeatWhatWasSent) {
  Json request = Permitted();
  request["resource"]["properties"]["regime"] = "999990019";
  EXPECT_EQ(EvaluateLine(ThePack(), request.dump()).find("999990019"), std::string::npos);
  request = Permitted();
  request["context"]["facts"] = {{"999990019", "yes"}};
  EXPECT_EQ(EvaluateLine(ThePack(), request.dump()).find("999990019"), std::string::npos);
}

}  // namespace
}  // namespace sluis::policy
