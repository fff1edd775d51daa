// Evaluating again with an approval: it is looked up, it must fit, and it is one input among
// others.
#include "broker/authzen/exchange_approval.h"

#include <gmock/gmock.h>

#include "tests/broker/authzen/approval_desk.h"
#include "tests/support/status_matchers.h"

namespace sluis::authzen {
namespace {

using exchange::testing::Oov;
using exchange::testing::PrivacyOfficer;
using testing::Colleague;
using testing::YouthDirector;

class ExchangeApprovalTest : public testing::ApprovalDesk {
 protected:
  static Question ReadOne(const Json& question) {
    Fault fault;
    Question read = ReadQuestion(question, EmptyObject(), Searched::kNothing, "", fault);
    EXPECT_FALSE(fault.found());
    return read;
  }
};

TEST_F(ExchangeApprovalTest, WhatTwoApprovedIsPermitted) {
  const Json question = NewReport();
  const ExchangeId id = ApprovedTask(question);
  EXPECT_EQ(ReasonOfAnswer(Oov(), question), "approval_required") << "it must be brought";
  const Json answer = AskAgain(question, id);
  ASSERT_EQ(answer.at("decision"), true) << answer;
  EXPECT_EQ(answer.at("context").at("reason"), "permitted");
  EXPECT_EQ(ObligationOf(answer, "release-fields")["fields"], Json({"sig-feiten", "sig-thema"}));
  EXPECT_FALSE(answer.at("context").contains("access_request"));
  EXPECT_EQ(AskAgain(question, id).at("decision"), true) << "it can be asked again";
  Json reordered = question;
  reordered["resource"]["properties"]["fields"] = {"sig-feiten", "sig-thema"};
  EXPECT_EQ(AskAgain(reordered, id).at("decision"), true);
  Json with_more = question;
  with_more["context"]["approval"] = {{"id", ApprovalIdOf(id)},
                                      {"approved_at", "2026-11-24T11:00:00Z"}};
  EXPECT_EQ(Ask(Oov(), with_more).at("decision"), true);
}

TEST_F(ExchangeApprovalTest, AnExchangeThatWasAskedInSluisItselfServesAsWell) {
  const Json question = NewReport();
  exchange::CreateExchange ask = MapToExchange(ReadOne(question), As(Oov())).ask;
  ask.time_to_live = absl::Hours(1);
  const ExchangeId id = Create(Oov(), ask)->exchange.id;
  ASSERT_OK(Judge(id, PrivacyOfficer(), "privacy-officer"));
  ASSERT_OK(Judge(id, YouthDirector(), "jeugdregisseur"));
  EXPECT_EQ(AskAgain(question, id).at("decision"), true);
}

TEST_F(ExchangeApprovalTest, OneOfTwoIsNotEnoughYet) {
  const Json question = NewReport();
  const ExchangeId id = TaskFor(question);
  ASSERT_OK(Judge(id, PrivacyOfficer(), "privacy-officer"));
  const Json answer = AskAgain(question, id);
  ExpectNoUse(answer, "grant_pending", "retry");
  EXPECT_EQ(answer.at("context").at("retry_after"), 60);
}

TEST_F(ExchangeApprovalTest, IsForWhoAskedItAlone) {
  const Json question = NewReport();
  const ExchangeId id = ApprovedTask(question);
  Json of_colleague = question;
  of_colleague["subject"] = SubjectOf(Colleague());
  ExpectNoUse(AskAgain(of_colleague, id, Colleague()), "approval_unverifiable", "none");
  EXPECT_EQ(AskAgain(question, id, Colleague()).at("context").at("reason"), "subject_mismatch");
  for (const std::string& unknown :
       {std::string("a-") + std::string(32, '0'), std::string("a-41d7e8c2906b4f53"), id.hex(),
        TaskIdOf(id), std::string()}) {
    Json other = question;
    other["context"]["approval"] = {{"id", unknown}};
    ExpectNoUse(Ask(Oov(), other), "approval_unverifiable", "none");
  }
  for (const Json& malformed : {Json("a"), Json::object(), Json({{"id", 7}})}) {
    Json other = question;
    other["context"]["approval"] = malformed;
    EXPECT_EQ(ReasonOfAnswer(Oov(), other), "invalid") << malformed;
  }
}

TEST_F(ExchangeApprovalTest, IsForThisQuestionAlone) {
  const Json question = NewReport();
  const ExchangeId id = ApprovedTask(question);
  for (const auto& [path, value] : std::vector<std::pair<std::string, Json>>{
           {"/resource/properties/fields", {"sig-thema"}},
           {"/resource/properties/fields", {"sig-thema", "sig-feiten", "sig-bron"}},
           {"/resource/properties/mode", "subset"},
           {"/resource/properties/recipient_unit", "riec/accountmanager"},
           {"/resource/id", NewCase(Oov(), "signaal").hex()}}) {
    Json other = question;
    other[Json::json_pointer(path)] = value;
    ExpectNoUse(AskAgain(other, id), "out_of_scope", "request");
  }
  Json not_needed = question;
  not_needed["resource"]["properties"]["subject_category"] = "bewoner";
  EXPECT_EQ(AskAgain(not_needed, id).at("decision"), true) << "needs none, and gets none";
}

TEST_F(ExchangeApprovalTest, EndsWithItsTimeAndWhenItIsWithdrawn) {
  const Json question = NewReport();
  const ExchangeId withdrawn = ApprovedTask(question);
  ASSERT_OK(WithdrawOf(Oov(), withdrawn));
  ExpectNoUse(AskAgain(question, withdrawn), "approval_expired", "request");
  const ExchangeId id = ApprovedTask(question);
  clock.Advance(absl::Hours(24 * 30) - absl::Seconds(1));
  EXPECT_EQ(AskAgain(question, id).at("decision"), true);
  clock.Advance(absl::Seconds(1));
  const Json answer = AskAgain(question, id);
  ExpectNoUse(answer, "approval_expired", "request");
  Json anew = question;
  anew["denial"] = {{"evaluation_id", answer.at("context").at("evaluation_id")},
                    {"expires_at", answer.at("context").at("access_request").at("expires_at")}};
  EXPECT_OK(Put(anew, "anew")) << "what is offered can be asked for";
}

TEST_F(ExchangeApprovalTest, ANoOfAPersonIsANo) {
  const Json question = NewReport();
  const ExchangeId id = ApprovedTask(question);
  ASSERT_OK(Judge(id, YouthDirector(), "jeugdregisseur", /*granted=*/false));
  EXPECT_EQ(StatusOf(id), "denied");
  ExpectNoUse(AskAgain(question, id), "policy_denied", "none");
}

TEST_F(ExchangeApprovalTest, IsAnInputAndNoGrant) {
  const Json question = NewReport();
  const ExchangeId id = ApprovedTask(question);
  Advance(question["resource"]["id"], "casus");
  EXPECT_EQ(ReasonOfAnswer(Oov(), question), "no_legal_basis");
  ExpectNoUse(AskAgain(question, id), "policy_denied", "none");
}

TEST_F(ExchangeApprovalTest, IsUsedUpByTheExchange) {
  const Json question = NewReport();
  const ExchangeId id = ApprovedTask(question);
  const exchange::ExchangeResult approved = service->Get(As(Oov()), id).value();
  clock.Advance(absl::Minutes(5));
  const auto sent = AnswerWith(
      Oov(), Release(approved, {{"sig-thema", "category", "x"}, {"sig-feiten", "exact", "y"}},
                     "avg", "minderjarige"));
  ASSERT_OK(sent);
  const Json body = requests.Look(As(Oov()), TaskIdOf(id), kBase).value().body;
  EXPECT_EQ(body.at("task").at("status"), "approved");
  EXPECT_EQ(body.at("result").at("approval").at("approved_until"), "2026-11-24T11:05:00.000Z");
  ExpectNoUse(AskAgain(question, id), "approval_expired", "request");
}

}  // namespace
}  // namespace sluis::authzen
