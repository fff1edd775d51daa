// Access requests: what may be asked, by whom, once; and what the task tells while its exchange
// goes on.
#include "broker/authzen/access_requests.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/broker/authzen/approval_desk.h"
#include "tests/support/status_matchers.h"

namespace sluis::authzen {
namespace {

using exchange::testing::CaseLeader;
using exchange::testing::Oov;
using exchange::testing::PrivacyOfficer;
using exchange::testing::Supervisor;
using ::sluis::testing::HasReason;
using testing::Colleague;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using testing::YouthDirector;

class AccessRequestsTest : public testing::ApprovalDesk {
 protected:
  std::size_t Exchanges() {
    return service->List(As(Oov()), std::nullopt, std::nullopt, 100).value().size();
  }
};

TEST_F(AccessRequestsTest, ADenialSaysHowToAsk) {
  const Json context = Ask(Oov(), NewReport()).at("context");
  EXPECT_EQ(context.at("reason"), "approval_required");
  EXPECT_EQ(context.at("evaluated_at"), "2026-11-24T11:00:00.000Z");
  const Json& request = context.at("access_request");
  EXPECT_EQ(request.at("expires_at"), "2026-11-24T11:30:00.000Z");
  EXPECT_EQ(request.at("template"), "C-05");
  EXPECT_NE(request.at("display").at("title"), "");
  EXPECT_EQ(context.at("approvals_needed").at("C-05").at("k"), 2);
}

TEST_F(AccessRequestsTest, MakesAnExchangeThatWaits) {
  const Json question = NewReport();
  const int dry_runs = Count(tlog::LeafKind::kDryRun);
  const TaskAnswer answer = Put(RequestFor(question)).value();
  EXPECT_TRUE(answer.pending);
  const Json& task = answer.body.at("task");
  EXPECT_THAT(task.at("id").get<std::string>(), MatchesRegex("t-[0-9a-f]{32}"));
  EXPECT_EQ(task.at("status"), "pending");
  EXPECT_EQ(task.at("expires_at"), "2026-12-24T11:00:00.000Z") << "30 days";
  const std::string address = "https://pdp.example/access/v1/requests/";
  EXPECT_EQ(answer.location, address + task.at("id").get<std::string>());
  EXPECT_EQ(task.at("status_endpoint"), answer.location);
  EXPECT_EQ(task.at("links").at("cancel"), answer.location + "/cancel");
  EXPECT_FALSE(answer.body.contains("result"));
  const ExchangeId id = ParseTaskId(task.at("id").get<std::string>()).value();
  EXPECT_THAT(task.at("exchange").get<std::string>(), HasSubstr("/exchanges/" + id.hex()));
  EXPECT_THAT(LeavesOf(id), ::testing::ElementsAre("REQUEST", "DECISION"));
  EXPECT_EQ(Count(tlog::LeafKind::kDryRun), dry_runs + 1) << "the denied evaluation";
}

TEST_F(AccessRequestsTest, IsApprovedByTwoOthersOfThree) {
  const Json question = NewReport();
  const ExchangeId id = TaskFor(question);
  EXPECT_THAT(Judge(id, {Oov().party, Oov().person, {"jeugdregisseur"}}, "jeugdregisseur"),
              HasReason("APPROVER_IS_REQUESTER"));
  ASSERT_OK(Judge(id, PrivacyOfficer(), "privacy-officer"));
  EXPECT_EQ(StatusOf(id), "pending");
  ASSERT_OK(Judge(id, {YouthDirector().party, PrivacyOfficer().person, {"jeugdregisseur"}},
                  "jeugdregisseur"));
  EXPECT_EQ(StatusOf(id), "pending") << "one person does not count twice";
  EXPECT_THAT(Judge(id, CaseLeader(), "casusregisseur"), HasReason("RESOURCE_NOT_ACCESSIBLE"))
      << "of another organisation than holds the case";
  clock.Advance(absl::Hours(1));
  ASSERT_OK(Judge(id, YouthDirector(), "jeugdregisseur"));
  const TaskAnswer answer = requests.Look(As(Oov()), TaskIdOf(id), kBase).value();
  EXPECT_FALSE(answer.pending);
  EXPECT_EQ(answer.body.at("task").at("status"), "approved");
  EXPECT_FALSE(answer.body.at("task").contains("links"));
  const Json& result = answer.body.at("result");
  EXPECT_EQ(result.at("mode"), "reevaluate");
  EXPECT_THAT(result.at("approval").at("id").get<std::string>(), MatchesRegex("a-[0-9a-f]{32}"));
  EXPECT_EQ(result.at("approval").at("approved_at"), "2026-11-24T12:00:00.000Z");
  EXPECT_EQ(result.at("approval").at("approved_until"), "2026-12-24T11:00:00.000Z");
}

TEST_F(AccessRequestsTest, LastsNoLongerThanWanted) {
  Json request = RequestFor(NewReport());
  request["requested_access"] = {{"requested_until", "2026-11-25T09:00:00+01:00"},
                                 {"emergency", true}};
  const Json task = Put(request).value().body.at("task");
  EXPECT_EQ(task.at("expires_at"), "2026-11-25T08:00:00.000Z");
  const ExchangeId id = ParseTaskId(task.at("id").get<std::string>()).value();
  EXPECT_FALSE(service->Get(As(Oov()), id)->exchange.emergency) << "a signal, not an override";
  clock.Set(absl::FromCivil(absl::CivilSecond(2026, 11, 25, 8), absl::UTCTimeZone()));
  EXPECT_EQ(StatusOf(id), "expired") << "also before it is swept";
  EXPECT_THAT(requests.Cancel(As(Oov()), TaskIdOf(id), kBase), HasReason("APPROVAL_EXPIRED"));
  ASSERT_OK(service->SweepExpired(10));
  EXPECT_EQ(StatusOf(id), "expired");
  request = RequestFor(NewReport());
  request["requested_access"] = {{"requested_until", "2027-06-01T00:00:00Z"}};
  EXPECT_EQ(Put(request, "k-2")->body.at("task").at("expires_at"), "2026-12-25T08:00:00.000Z")
      << "30 days at most";
}

TEST_F(AccessRequestsTest, ServesOneKeyOnce) {
  const Json request = RequestFor(NewReport());
  const Json first = Put(request).value().body;
  EXPECT_EQ(Exchanges(), 1u);
  EXPECT_EQ(requests.Ask(As(Oov()), "k-1", request.dump(3), kBase)->body, first)
      << "white space says nothing";
  Json other = request;
  other["context"] = {{"motivering", "anders"}};
  EXPECT_THAT(Put(other), HasReason("REQUEST_ID_REUSED"));
  EXPECT_EQ(Exchanges(), 1u);
  EXPECT_NE(Put(request, "k-2")->body, first) << "another key is another request";
  const Json of_colleague = RequestFor(
      ReportIn(CaseId::Parse(request["resource"]["id"].get<std::string>()).value(), Colleague()),
      Colleague());
  EXPECT_OK(Put(of_colleague, "k-1", Colleague())) << "keys of one person are nobody else's";
}

TEST_F(AccessRequestsTest, ARepeatFindsItsTaskWhenTheDenialIsOldAndAfterARestart) {
  const Json request = RequestFor(NewReport());
  const Json first = Put(request).value().body;
  clock.Advance(absl::Hours(3));
  EXPECT_EQ(Put(request).value().body, first);
  EXPECT_THAT(Put(request, "k-2"), HasReason("DENIAL_EXPIRED"));
  StartService(nullptr);
  ExchangePoint next_point(*service);
  AccessRequests next(*service, next_point.denials(), clock);
  EXPECT_EQ(next.Ask(As(Oov()), "k-1", request.dump(), kBase)->body, first);
  EXPECT_THAT(next.Ask(As(Oov()), "k-2", request.dump(), kBase), HasReason("DENIAL_NOT_BOUND"))
      << "denials end with the process: one evaluates again";
}

TEST_F(AccessRequestsTest, TakesOnlyTheDenialOfThisQuestionToThisPerson) {
  const Json request = RequestFor(NewReport());
  for (const auto& [path, value] : std::vector<std::pair<std::string, Json>>{
           {"/resource/properties/fields", {"sig-thema"}},
           {"/resource/properties/fields", {"sig-feiten", "sig-thema"}},
           {"/resource/id", NewCase(Oov(), "signaal").hex()},
           {"/action/properties/basis", "wgs-2-21"},
           {"/action/properties/emergency", true},
           {"/subject/id", Oov().party.oin.str() + "/" + Oov().person},
           {"/subject/id", "somebody"},
           {"/subject/type", "user"},
           {"/denial/evaluation_id", "ev-" + std::string(32, '0')},
           {"/denial/expires_at", "2026-11-24T12:00:00Z"},
           {"/denial/evaluated_at", "2026-11-24T10:59:59Z"}}) {
    Json other = request;
    other[Json::json_pointer(path)] = value;
    EXPECT_THAT(Put(other), HasReason("DENIAL_NOT_BOUND")) << path << value;
  }
  Json of_another = request;
  of_another["subject"] = SubjectOf(Colleague());
  EXPECT_THAT(Put(of_another, "k-1", Colleague()), HasReason("DENIAL_NOT_BOUND"));
  EXPECT_EQ(Exchanges(), 0u);
  EXPECT_OK(Put(request)) << "what was refused used no key";
}

TEST_F(AccessRequestsTest, GrowsOld) {
  const Json request = RequestFor(NewReport());
  clock.Advance(absl::Minutes(30));
  EXPECT_THAT(Put(request), HasReason("DENIAL_EXPIRED"));
}

TEST_F(AccessRequestsTest, AQuestionAboutSomebodyIsAskedInTheExchange) {
  const Json question = PoliceQuestionIn(NewCase(Oov(), "casus"));
  EXPECT_FALSE(Ask(Oov(), question).at("context").contains("access_request"));
  EXPECT_THAT(Put(RequestFor(question)), HasReason("NOT_REQUESTABLE"));
  Json permitted = SignalIn(NewCase(Supervisor(), "signaal"));
  const Json context = Ask(Supervisor(), permitted).at("context");
  permitted["denial"] = {{"evaluation_id", context.at("evaluation_id")},
                         {"expires_at", context.at("evaluated_at")}};
  EXPECT_THAT(Put(permitted, "k-1", Supervisor()), HasReason("DENIAL_NOT_BOUND"));
}

TEST_F(AccessRequestsTest, NamesWhatIsMalformed) {
  const Json request = RequestFor(NewReport());
  for (const auto& [path, value] : std::vector<std::pair<std::string, Json>>{
           {"/items", Json::array()},
           {"/denial", "x"},
           {"/denial/evaluation_id", 7},
           {"/denial/expires_at", "soon"},
           {"/denial/evaluated_at", 7},
           {"/denial/reason", "prohibited"},
           {"/denial/template", 7},
           {"/requested_access", 7},
           {"/requested_access/requested_until", "2026-11-30"},
           {"/requested_access/requested_until", "2026-11-24T11:00:00Z"},
           {"/requested_access/emergency", "yes"},
           {"/resource/type", 7},
           {"/context", 7}}) {
    Json wrong = request;
    wrong[Json::json_pointer(path)] = value;
    const auto answer = Put(wrong);
    EXPECT_THAT(answer, HasReason("FIELD_INVALID")) << path;
    std::string member = path.substr(1);
    std::replace(member.begin(), member.end(), '/', '.');
    EXPECT_THAT(MessageOf(answer.status()), HasSubstr(member));
  }
  for (const char* path : {"/denial", "/denial/evaluation_id", "/denial/expires_at", "/subject",
                           "/action", "/resource"}) {
    Json wrong = request;
    const Json::json_pointer pointer(path);
    wrong[pointer.parent_pointer()].erase(pointer.back());
    EXPECT_THAT(Put(wrong), HasReason("FIELD_MISSING")) << path;
  }
  for (const std::string& key : {std::string(), std::string(256, 'k'), std::string("k 1"),
                                 std::string("k\n"), std::string("k\xc3\xa9")})
    EXPECT_THAT(Put(request, key), HasReason("FIELD_INVALID")) << key;
  EXPECT_FALSE(requests.Ask(As(Oov()), "k-1", "{", kBase).ok());
  EXPECT_FALSE(requests.Ask(As(Oov()), "k-1", "[]", kBase).ok());
  Json with_more = request;
  with_more["callbacks"] = {{"url", "https://elsewhere.example"}};
  EXPECT_OK(Put(with_more)) << "what is not known is ignored";
}

TEST_F(AccessRequestsTest, UsesTheAssertionUp) {
  const exchange::Caller caller = As(Oov());
  const Json request = RequestFor(NewReport());
  const TaskAnswer asked = requests.Ask(caller, "k-1", request.dump(), kBase).value();
  const std::string task = asked.body.at("task").at("id");
  EXPECT_THAT(requests.Ask(caller, "k-1", request.dump(), kBase), HasReason("ASSERTION_REPLAYED"));
  EXPECT_OK(requests.Look(caller, task, kBase)) << "a look changes nothing";
  EXPECT_THAT(requests.Cancel(caller, task, kBase), HasReason("ASSERTION_REPLAYED"));
}

TEST_F(AccessRequestsTest, IsSeenByWhoAskedItAlone) {
  const ExchangeId id = TaskFor(NewReport());
  EXPECT_EQ(StatusOf(id), "pending");
  for (const auto& desk : {Colleague(), YouthDirector(), PrivacyOfficer(), Supervisor()}) {
    EXPECT_EQ(StatusOf(id, desk), "RESOURCE_NOT_FOUND");
    EXPECT_THAT(requests.Cancel(As(desk), TaskIdOf(id), kBase), HasReason("RESOURCE_NOT_FOUND"));
  }
  for (const std::string& task : {std::string("t-") + std::string(32, '0'), std::string("t-1"),
                                  id.hex(), ApprovalIdOf(id), std::string()}) {
    EXPECT_THAT(requests.Look(As(Oov()), task, kBase), HasReason("RESOURCE_NOT_FOUND")) << task;
    EXPECT_THAT(requests.Cancel(As(Oov()), task, kBase), HasReason("RESOURCE_NOT_FOUND")) << task;
  }
  const auto asked = Create(Oov(), PoliceQuestion(NewCase(Oov(), "casus")));
  EXPECT_EQ(StatusOf(asked->exchange.id), "RESOURCE_NOT_FOUND") << "a question is no task";
}

TEST_F(AccessRequestsTest, IsTakenBackWhileNobodyDecided) {
  const ExchangeId id = TaskFor(NewReport());
  const TaskAnswer answer = requests.Cancel(As(Oov()), TaskIdOf(id), kBase).value();
  EXPECT_EQ(answer.body.at("task").at("status"), "cancelled");
  EXPECT_EQ(LeavesOf(id).back(), "CANCEL");
  EXPECT_THAT(requests.Cancel(As(Oov()), TaskIdOf(id), kBase), HasReason("EXCHANGE_CLOSED"));
  EXPECT_THAT(Judge(id, PrivacyOfficer(), "privacy-officer"), HasReason("EXCHANGE_CLOSED"));
  const ExchangeId approved = ApprovedTask(NewReport());
  EXPECT_THAT(requests.Cancel(As(Oov()), TaskIdOf(approved), kBase), HasReason("EXCHANGE_CLOSED"));
}

TEST_F(AccessRequestsTest, IsDeniedByOneWhoWithholds) {
  const ExchangeId id = TaskFor(NewReport());
  ASSERT_OK(Judge(id, PrivacyOfficer(), "privacy-officer", /*granted=*/false));
  EXPECT_EQ(StatusOf(id), "denied");
}

TEST_F(AccessRequestsTest, IsDecidedByTheRulesOfThatMoment) {
  const Json question = NewReport();
  const Json request = RequestFor(question);
  Advance(question["resource"]["id"], "casus");
  const TaskAnswer answer = Put(request).value();
  EXPECT_FALSE(answer.pending);
  EXPECT_EQ(answer.body.at("task").at("status"), "denied");
}

}  // namespace
}  // namespace sluis::authzen
