// The exchange's own decision point: the same decision as the exchange, for who calls and nobody
// else, on record, and in the words of the obligations profile.
#include "broker/authzen/exchange_point.h"

#include <gmock/gmock.h>

#include "tests/broker/authzen/exchange_desk.h"
#include "tests/support/status_matchers.h"

namespace sluis::authzen {
namespace {

using exchange::testing::Analyst;
using exchange::testing::Desk;
using exchange::testing::Oov;
using exchange::testing::SmallTown;
using exchange::testing::SocialDomain;
using exchange::testing::Supervisor;
using ::testing::HasSubstr;
using ::testing::Not;

class ExchangePointTest : public testing::ExchangeDesk {
 protected:
  void ExpectInvalid(const Desk& desk, const Json& question, const std::string& member) {
    const Json answer = Ask(desk, question);
    EXPECT_EQ(answer.at("decision"), false);
    EXPECT_EQ(answer.at("context").at("reason"), "invalid") << answer;
    EXPECT_EQ(answer.at("context").at("invalid").at("member"), member) << question;
  }
};

TEST_F(ExchangePointTest, PermitsWithTheObligationsOfTheDecision) {
  const Json answer = Ask(Supervisor(), SignalIn(NewCase(Supervisor(), "signaal")));
  ASSERT_EQ(answer["decision"], true) << answer;
  const Json& context = answer["context"];
  EXPECT_EQ(context["reason"], "permitted");
  EXPECT_THAT(context["evaluation_id"], ::testing::MatchesRegex("ev-[0-9a-f]{32}"));
  EXPECT_EQ(context["policy_version"], policies->Current().pack->version());
  EXPECT_NE(context["reason_user"]["200"], "");
  EXPECT_FALSE(context.contains("reason_admin"));
  EXPECT_FALSE(context.contains("access_request"));
  const Json released = ObligationOf(answer, "release-fields");
  EXPECT_EQ(released["fields"], Json({"p-naam", "pand-adres", "sig-feiten", "sig-thema"}));
  EXPECT_EQ(released["forms"]["p-naam"], "pseudonym");
  EXPECT_EQ(released["profile"], "https://sluis.example/obligations/v1");
  EXPECT_EQ(ObligationOf(answer, "pseudonym")["fields"], Json({"p-naam"}));
  EXPECT_EQ(ObligationOf(answer, "pseudonym")["scope"], "case");
  EXPECT_EQ(ObligationOf(answer, "retain-until")["date"], "2027-05-24") << "P6M";
  EXPECT_EQ(ObligationOf(answer, "onward-only").size(), 3u) << "within the case";
  for (const Json& one : context["obligations"]) EXPECT_EQ(one["type"], "custom");
}

TEST_F(ExchangePointTest, SaysThatAnApprovalIsMissingAndWhatItTakes) {
  const Json question = PoliceQuestionIn(NewCase(Oov(), "casus"));
  const Json answer = Ask(Oov(), question);
  EXPECT_EQ(answer["decision"], false);
  const Json& context = answer["context"];
  EXPECT_EQ(context["reason"], "approval_required") << answer;
  EXPECT_FALSE(context.contains("access_request")) << "whom it is about goes with the question";
  EXPECT_FALSE(context["approvals_needed"].empty());
  EXPECT_FALSE(context.contains("obligations")) << "nothing is released";
}

TEST_F(ExchangePointTest, DecidesAsTheExchangeItself) {
  const CaseId id = NewCase(Oov(), "casus");
  for (const char* basis : {"wpg-16-1-b", "wpg-20", "wjsg-39f", "avg-6-1-e+gemeentewet-172"}) {
    for (const char* purpose : {"openbare-orde", "gebiedsaanpak", "bibob"}) {
      exchange::CreateExchange ask = PoliceQuestion(id);
      ask.basis = basis;
      ask.purpose = purpose;
      ask.validate_only = true;
      const auto tried = Create(Oov(), ask);
      Json question = PoliceQuestionIn(id);
      question["action"]["properties"] = {{"purpose", purpose}, {"basis", basis}};
      const std::string reason = ReasonOfAnswer(Oov(), question);
      if (!tried.ok()) {
        EXPECT_EQ(reason, "invalid") << basis << purpose;
        continue;
      }
      static const std::map<policy::Outcome, std::string> reasons = {
          {policy::Outcome::kPermitted, "permitted"},
          {policy::Outcome::kNeedsApproval, "approval_required"},
          {policy::Outcome::kDeniedNoBasis, "no_legal_basis"},
          {policy::Outcome::kDeniedProhibited, "prohibited"}};
      EXPECT_EQ(reason, reasons.at(tried->decision.outcome)) << basis << purpose;
    }
  }
}

TEST_F(ExchangePointTest, IsForWhoCallsAndForNobodyElse) {
  const CaseId id = NewCase(Supervisor(), "signaal");
  EXPECT_EQ(Ask(Supervisor(), SignalIn(id))["decision"], true);
  Json question = SignalIn(id);
  question["subject"].erase("properties");
  EXPECT_EQ(Ask(Supervisor(), question)["decision"], true) << "what is left out is known";
  question["subject"]["id"] = Supervisor().party.oin.str() + "/" + Supervisor().person;
  EXPECT_EQ(Ask(Supervisor(), question)["decision"], true);
  for (const auto& [path, value] : std::map<std::string, std::string>{
           {"/subject/id", "f-oov"},
           {"/subject/properties/organisation", Analyst().party.oin.str()},
           {"/subject/properties/unit", "gemeente/oov"},
           {"/subject/properties/mandate", "m-1"}}) {
    Json other = SignalIn(id);
    other[Json::json_pointer(path)] = value;
    const Json answer = Ask(Supervisor(), other);
    EXPECT_EQ(answer["decision"], false) << path;
    EXPECT_EQ(answer["context"]["reason"], "subject_mismatch") << path;
  }
}

TEST_F(ExchangePointTest, NothingOutsideTheVocabularyIsPermitted) {
  const CaseId id = NewCase(Supervisor(), "signaal");
  const std::map<std::string, std::pair<Json, std::string>> changes = {
      {"/subject/type", {"user", "subject.type"}},
      {"/resource/type", {"record", "resource.type"}},
      {"/resource/id", {"zaak-2026-118", "resource.id"}},
      {"/action/name", {"read", ""}},
      {"/action/properties/purpose", {"reclame", "action.properties.purpose"}},
      {"/action/properties/basis", {"omdat", "action.properties.basis"}},
      {"/action/properties/emergency", {"true", "action.properties.emergency"}},
      {"/resource/properties/recipient_unit", {"nergens", "resource.properties.recipient_unit"}},
      {"/resource/properties/recipient_organisation",
       {"1", "resource.properties.recipient_organisation"}},
      {"/resource/properties/provider_unit", {"gemeente/oov", "resource.properties.provider_unit"}},
      {"/resource/properties/regime", {"geen", "resource.properties.regime"}},
      {"/resource/properties/fields", {"p-naam", "resource.properties.fields"}},
      {"/resource/properties/fields/1", {7, "resource.properties.fields"}},
      {"/resource/properties/fields/0", {"p-onbekend", "resource.properties.fields[0]"}},
      {"/resource/properties/mode", {"some", "resource.properties.mode"}},
      {"/resource/properties/case_phase", {"casus", "resource.properties.case_phase"}},
      {"/context", {{{"supported_obligations", "custom"}}, "context.supported_obligations"}},
  };
  for (const auto& [path, change] : changes) {
    Json question = SignalIn(id);
    question[Json::json_pointer(path)] = change.first;
    if (path == "/action/name") {
      EXPECT_EQ(Ask(Supervisor(), question)["context"]["reason"], "invalid");
    } else {
      ExpectInvalid(Supervisor(), question, change.second);
    }
  }
}

TEST_F(ExchangePointTest, ACaseOfOthersIsAsOneThatIsNotThere) {
  const CaseId id = NewCase(Oov(), "casus");
  Json of_others = PoliceQuestionIn(id);
  of_others["subject"] = SubjectOf(SmallTown());
  Json nowhere = of_others;
  nowhere["resource"]["id"] = std::string(32, 'a');
  Json first = Ask(SmallTown(), of_others), second = Ask(SmallTown(), nowhere);
  for (Json* answer : {&first, &second}) (*answer)["context"].erase("evaluation_id");
  EXPECT_EQ(first, second);
  EXPECT_EQ(first["context"]["reason"], "invalid");
}

TEST_F(ExchangePointTest, TakesNoFactsApprovalsOrTimeFromTheCaller) {
  Json question = PoliceQuestionIn(NewCase(Oov(), "casus"));
  question["context"] = {
      {"time", "2020-01-01T00:00:00Z"},
      {"mim", "https://mim.example"},
      {"facts", {{"zaak-open", "yes"}, {"mandaat", "yes"}}},
      {"approvals",
       {{{"role", "politie-verstrekker"}, {"person", "x"}, {"time", "2026-11-24T10:59:00Z"}}}}};
  EXPECT_EQ(ReasonOfAnswer(Oov(), question), "approval_required");
  question["context"] = {{"time", "2026-11-24T11:00Z"}};
  EXPECT_EQ(ReasonOfAnswer(Oov(), question), "approval_required") << "no seconds, no error";
  question["context"] = {{"approval", {{"id", "a-41d7e8c2906b4f53"}}}};
  const Json answer = Ask(Oov(), question);
  EXPECT_EQ(answer["decision"], false);
  EXPECT_EQ(answer["context"]["reason"], "approval_unverifiable");
  EXPECT_EQ(answer["context"]["next_action"], "none");
}

TEST_F(ExchangePointTest, ReleasesNothingToWhoCannotCarryOutTheObligations) {
  Json question = SignalIn(NewCase(Supervisor(), "signaal"));
  question["context"] = {{"supported_obligations", {"notification"}}};
  const Json answer = Ask(Supervisor(), question);
  EXPECT_EQ(answer["decision"], false);
  EXPECT_EQ(answer["context"]["reason"], "obligations_not_supported");
  EXPECT_FALSE(answer["context"].contains("obligations"));
  question["context"] = {{"supported_obligations", {"notification", "custom"}}};
  EXPECT_EQ(Ask(Supervisor(), question)["decision"], true);
}

TEST_F(ExchangePointTest, PermitsAPartOnlyWhereAPartWasAsked) {
  Json question = SignalIn(NewCase(Supervisor(), "signaal"));
  question["resource"]["properties"]["fields"] = {"sig-thema", "p-bsn"};
  EXPECT_EQ(Ask(Supervisor(), question)["decision"], false);
  question["resource"]["properties"]["mode"] = "subset";
  const Json answer = Ask(Supervisor(), question);
  EXPECT_EQ(answer["decision"], true) << answer;
  EXPECT_EQ(answer["context"]["reason"], "permitted_partly");
  EXPECT_EQ(ObligationOf(answer, "release-fields")["fields"], Json({"sig-thema"}));
}

TEST_F(ExchangePointTest, AnEmergencyIsPermittedUnderReview) {
  Json question = SignalIn(NewCase(Analyst(), "casus"));
  question["subject"] = SubjectOf(Analyst());
  question["action"] = {
      {"name", "disclose"},
      {"properties", {{"purpose", "openbare-orde"}, {"basis", "wpg-16-1-b"}, {"emergency", true}}}};
  question["resource"]["properties"].update(
      {{"regime", "wpg-9"}, {"subject_category", "verdachte"}, {"fields", {"ant-vuurwapen"}}});
  const Json answer = Ask(Analyst(), question);
  ASSERT_EQ(answer["decision"], true) << answer;
  EXPECT_EQ(answer["context"]["reason"], "permitted_emergency");
  EXPECT_FALSE(ObligationOf(answer, "tell-both-sides").is_null());
  EXPECT_EQ(ObligationOf(answer, "review-within")["hours"], 72);
  EXPECT_EQ(ObligationOf(answer, "access-within")["hours"], 24);
  EXPECT_FALSE(ObligationOf(answer, "no-onward").is_null());
  EXPECT_EQ(ObligationOf(answer, "notify")["roles"], Json({"burgemeester", "korpschef"}));
  question["action"]["properties"].erase("emergency");
  EXPECT_EQ(Ask(Analyst(), question)["decision"], false);
}

TEST_F(ExchangePointTest, LeavesOneLeafADecisionAndNoExchange) {
  const CaseId id = NewCase(Supervisor(), "signaal");
  EXPECT_EQ(Count(tlog::LeafKind::kDryRun), 0);
  Ask(Supervisor(), SignalIn(id));
  EXPECT_EQ(Count(tlog::LeafKind::kDryRun), 1);
  Json batch = SignalIn(id);
  batch["evaluations"] = {
      Json::object(), {{"resource", {{"type", "case-signal"}, {"id", "x"}}}}, Json::object()};
  ASSERT_OK(protocol.Evaluations(As(Supervisor()), batch.dump()));
  EXPECT_EQ(Count(tlog::LeafKind::kDryRun), 3) << "what cannot be decided is no trial";
  EXPECT_EQ(Count(tlog::LeafKind::kRequest), 0);
  EXPECT_TRUE(service->List(As(Supervisor()), std::nullopt, std::nullopt, 10).value().empty());
}

TEST_F(ExchangePointTest, TheSameAssertionServesAgain) {
  const exchange::Caller caller = As(Supervisor());
  const std::string question = SignalIn(NewCase(Supervisor(), "signaal")).dump();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(protocol.Evaluation(caller, question).value()["decision"], true);
}

TEST_F(ExchangePointTest, OnlyWhoReadsBundlesSeesTheRules) {
  const Desk officer = {
      identity::testing::PartyOf(identity::testing::kTownOin, "gemeente/fg"), "f-fg", {}};
  Json question = PoliceQuestionIn(NewCase(officer, "casus"));
  question["subject"] = SubjectOf(officer);
  const Json answer = Ask(officer, question);
  EXPECT_EQ(answer["decision"], false);
  EXPECT_TRUE(answer["context"].contains("reason_admin")) << answer;
}

}  // namespace
}  // namespace sluis::authzen
