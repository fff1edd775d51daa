// Releases in which people stand as pseudonyms, from the decision to what the recipient decrypts.
#include <gmock/gmock.h>

#include "broker/exchange/inbox.h"
#include "broker/exchange/weighing_table.h"
#include "lib/identity/arrangement.h"
#include "lib/pseudonym/decision_statement.h"
#include "policy/engine/authzen.h"
#include "policy/engine/evaluate.h"
#include "tests/broker/exchange/pseudonym_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using State = storage::ExchangeState;

class PseudonymFlowTest : public PseudonymWorld {
 protected:
  // A signal about `bsn` that the RIEC office can open.
  ExchangeResult Tell(const Desk& from, const Session& session, const std::string& bsn) {
    const auto asked = Create(from, Signal(from));
    EXPECT_OK(asked.status());
    const auto sent = AnswerWith(from, SendAbout(*asked, session, {bsn}, SignalFields()));
    EXPECT_OK(sent.status());
    EXPECT_EQ(sent->exchange.state, State::kAnswered);
    return *sent;
  }

  // The RIEC promotes what it knows by pseudonym from `table` to `casus`.
  CreateExchange Promotion(const CaseId& casus, const CaseId& table) {
    CreateExchange ask;
    ask.parent = ask.provider = ask.recipient = RiecOffice().party;
    ask.action = "promote";
    ask.purpose = "riec-casus";
    ask.basis = "wgs-riec";
    ask.case_id = casus;
    ask.regime = "avg";
    ask.subject_category = "bestuurder";
    ask.fields = {"promotie-opdracht"};
    ask.from_domain = table;
    ask.from_purpose = kWeighingPurpose;
    ask.time_to_live = absl::Hours(24);
    return ask;
  }

  absl::StatusOr<ExchangeResult> Approved(const ExchangeId& id) {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
      service->ApproveOne(As(CaseLeader()), Stamp("ApproveExchange"), {id, "casusregisseur", true},
                          std::move(reply));
    });
  }
};

TEST_F(PseudonymFlowTest, ThePersonOfTwoTownsIsOneUnknownPersonOnTheWeighingTable) {
  const Session office = OpenSessionOf(RiecOffice());
  const Session oov = OpenSessionOf(Oov());
  const Session small = OpenSessionOf(SmallTown());
  const ExchangeResult one = Tell(Oov(), oov, kBsn);
  const ExchangeResult two = Tell(SmallTown(), small, kBsn);
  const ExchangeResult three = Tell(Oov(), oov, kOtherBsn);

  EXPECT_EQ(one.exchange.domain, two.exchange.domain) << "one table for all signals of the quarter";
  EXPECT_NE(one.exchange.domain, one.exchange.case_id);
  EXPECT_EQ(Count(tlog::LeafKind::kCaseChange), 3 + 1 + 3)
      << "three cases with their participants, one table";
  const auto p1 = Receive(RiecOffice(), one.exchange.id, office);
  const auto p2 = Receive(RiecOffice(), two.exchange.id, office);
  const auto p3 = Receive(RiecOffice(), three.exchange.id, office);
  ASSERT_OK(p1.status());
  EXPECT_EQ(*p1, *p2);
  EXPECT_NE(*p1, *p3);
  EXPECT_THAT(LeavesOf(one.exchange.id),
              ElementsAre("REQUEST", "DECISION", "DECISION", "ANSWER", "DELIVERY"));
  const auto delivery = Fetch(RiecOffice(), one.exchange.id);
  EXPECT_EQ(Open(*delivery, RiecOffice(), 2), R"({"ref":0})");
}

TEST_F(PseudonymFlowTest, TheStatementIsTheQuestionThatWasDecided) {
  OpenSessionOf(RiecOffice());
  const auto asked = Create(Oov(), Signal(Oov()));
  ASSERT_OK(asked.status());
  ASSERT_EQ(asked->exchange.state, State::kForwarded);
  ASSERT_FALSE(asked->exchange.statement.empty());
  const Bytes& wire = asked->exchange.statement;
  const Json json = Json::parse(wire.substr(4, wire.size() - 4 - 96));
  EXPECT_EQ(json["exchange"], asked->exchange.id.hex());
  EXPECT_EQ(json["decision"]["outcome"], "PERMITTED");
  EXPECT_EQ(json["decision"]["fields"]["p-naam"], "pseudonym");
  EXPECT_THAT(json["decision"]["rules"], ElementsAre("P-24"));
  EXPECT_EQ(json["request"]["resource"]["id"], asked->exchange.domain.hex());
  EXPECT_EQ(json["request"]["context"]["facts"]["weegtafel"], "yes");
  EXPECT_FALSE(json.contains("bulk"));
  // Neither the case of the signal nor the staff number reaches a transcryptor.
  EXPECT_THAT(wire, Not(HasSubstr(asked->exchange.case_id.hex())));
  EXPECT_THAT(wire, Not(HasSubstr(Oov().person)));

  // Whoever evaluates those bytes decides as the broker did.
  const auto request = policy::ParseAuthzenRequest(json["request"].dump());
  ASSERT_OK(request.status());
  const policy::Decision again = policy::Evaluate(*policies->Current().pack, *request);
  EXPECT_EQ(again.outcome, asked->decision.outcome);
  EXPECT_EQ(again.fields, asked->decision.fields);
  EXPECT_EQ(again.deciding_rules, asked->decision.deciding_rules);
  EXPECT_EQ(again.retention, asked->decision.retention);
}

TEST_F(PseudonymFlowTest, OnlyTheDeskThatSendsSeesStatementAndSession) {
  const Session office = OpenSessionOf(RiecOffice());
  const Session oov = OpenSessionOf(Oov());
  const auto asked = Create(Oov(), Signal(Oov()));
  EXPECT_EQ(asked->recipient_context, office.context.bytes());
  const auto seen = service->Get(As(RiecOffice()), asked->exchange.id);
  ASSERT_OK(seen.status());
  EXPECT_TRUE(seen->exchange.statement.empty());
  EXPECT_TRUE(seen->recipient_context.empty());
  ASSERT_OK(AnswerWith(Oov(), SendAbout(*asked, oov, {kBsn}, SignalFields())).status());
  EXPECT_TRUE(service->Get(As(Oov()), asked->exchange.id)->exchange.statement.empty())
      << "nothing more may be sent";
}

TEST_F(PseudonymFlowTest, InsideOneTownTheNameTravelsAsAPseudonym) {
  const Session oov = OpenSessionOf(Oov());
  const Session supervisor = OpenSessionOf(Supervisor());
  const auto asked = Create(Supervisor(), InsideSignal());
  ASSERT_OK(asked.status());
  EXPECT_EQ(asked->exchange.domain, asked->exchange.case_id);
  const std::vector<Released> fields = {{"sig-thema", "category", "thema"},
                                        {"sig-feiten", "exact", "wat er is gezien"},
                                        {"p-naam", "pseudonym", R"({"ref":0})"}};
  SendTerms terms;
  terms.category = "bewoner";
  const auto sent = AnswerWith(Supervisor(), SendAbout(*asked, supervisor, {kBsn}, fields, terms));
  ASSERT_OK(sent.status());
  EXPECT_OK(Receive(Oov(), asked->exchange.id, oov).status());
}

TEST_F(PseudonymFlowTest, WhatOovKnowsOnlyByPseudonymIsPassedOnAndMeetsTheOthers) {
  const Session office = OpenSessionOf(RiecOffice());
  const Session oov = OpenSessionOf(Oov());
  const Session supervisor = OpenSessionOf(Supervisor());
  const Session small = OpenSessionOf(SmallTown());
  const auto inside = Create(Supervisor(), InsideSignal());
  SendTerms resident;
  resident.category = "bewoner";
  ASSERT_OK(AnswerWith(Supervisor(), SendAbout(*inside, supervisor, {kBsn},
                                               {{"p-naam", "pseudonym", R"({"ref":0})"}}, resident))
                .status());
  const GroupElement known = *Receive(Oov(), inside->exchange.id, oov);

  CreateExchange ask = Signal(Oov());
  ask.from_domain = inside->exchange.domain;
  ask.from_purpose = "signaal-intake";
  const auto passed = Create(Oov(), ask);
  ASSERT_OK(passed.status());
  SendTerms terms;
  terms.kind = pseudonym::RequestKind::kPassOn;
  terms.known = known;
  terms.d_from = pseudonym::Domain::Case(1, inside->exchange.domain.hex(),
                                         pseudonym::Party::Of(Oov().party), "signaal-intake")
                     .value();
  ASSERT_OK(AnswerWith(Oov(), SendAbout(*passed, oov, {}, SignalFields(), terms)).status());
  const ExchangeResult direct = Tell(SmallTown(), small, kBsn);
  EXPECT_EQ(*Receive(RiecOffice(), passed->exchange.id, office),
            *Receive(RiecOffice(), direct.exchange.id, office));
}

TEST_F(PseudonymFlowTest, APromotionNeedsTheDecisionOfPeopleAndThenMovesThePseudonym) {
  const Session office = OpenSessionOf(RiecOffice());
  const Session oov = OpenSessionOf(Oov());
  const ExchangeResult signal = Tell(Oov(), oov, kBsn);
  const GroupElement known = *Receive(RiecOffice(), signal.exchange.id, office);
  const CaseId casus = NewCase(RiecOffice(), "bevraging");

  const auto asked = Create(RiecOffice(), Promotion(casus, signal.exchange.domain));
  ASSERT_OK(asked.status());
  EXPECT_EQ(asked->exchange.state, State::kAwaitingApproval);
  EXPECT_THAT(asked->decision.deciding_rules, ElementsAre("C-21"));
  EXPECT_TRUE(asked->exchange.statement.empty());
  ASSERT_OK(Approved(asked->exchange.id).status());

  clock.Advance(absl::Seconds(1));
  const Session second_session = OpenSessionOf(RiecOffice());
  const auto ready = service->Get(As(RiecOffice()), asked->exchange.id);
  ASSERT_EQ(ready->exchange.state, State::kForwarded);
  ASSERT_FALSE(ready->exchange.statement.empty());
  SendTerms terms;
  terms.kind = pseudonym::RequestKind::kMove;
  terms.known = known;
  terms.d_from = pseudonym::Domain::Case(1, signal.exchange.domain.hex(),
                                         pseudonym::Party::Of(RiecOffice().party), kWeighingPurpose)
                     .value();
  terms.c_to = second_session.context.bytes();
  const auto moved = AnswerWith(
      RiecOffice(), SendAbout(*ready, office, {}, {{"promotie-opdracht", "exact", "item"}}, terms));
  ASSERT_OK(moved.status());
  EXPECT_THAT(moved->decision.deciding_rules, ElementsAre("C-21", "P-74"));
  const auto in_casus = Receive(RiecOffice(), asked->exchange.id, second_session);
  ASSERT_OK(in_casus.status());
  EXPECT_NE(*in_casus, known) << "two cases cannot be linked by pseudonym";
  EXPECT_EQ(service->GetCase(As(RiecOffice()), casus)->phase, "bevraging")
      << "the holder advances the case himself, when all that belongs there was promoted";
}

TEST_F(PseudonymFlowTest, APromotionIsFromAnOwnTableAlone) {
  OpenSessionOf(RiecOffice());
  const Session oov = OpenSessionOf(Oov());
  const ExchangeResult signal = Tell(Oov(), oov, kBsn);
  const CaseId casus = NewCase(RiecOffice(), "bevraging");
  CreateExchange ask = Promotion(casus, CaseId::FromBytes({1}));
  EXPECT_EQ(ReasonOf(Create(RiecOffice(), ask).status()), "FIELD_INVALID") << "no such table";
  ask = Promotion(casus, signal.exchange.domain);
  ask.from_purpose = "riec-casus";
  EXPECT_EQ(ReasonOf(Create(RiecOffice(), ask).status()), "FIELD_INVALID") << "another purpose";
  ask = Promotion(casus, signal.exchange.domain);
  ask.provider = RiecAccount().party;
  EXPECT_EQ(ReasonOf(Create(RiecOffice(), ask).status()), "FIELD_INVALID") << "from another unit";
  CreateExchange self = Signal(RiecOffice());
  self.recipient = RiecOffice().party;
  EXPECT_EQ(ReasonOf(Create(RiecOffice(), self).status()), "FIELD_INVALID")
      << "nobody else may send to himself";
  CreateExchange stolen = Signal(Oov());
  stolen.from_domain = signal.exchange.domain;
  stolen.from_purpose = kWeighingPurpose;
  EXPECT_EQ(ReasonOf(Create(Oov(), stolen).status()), "RESOURCE_NOT_ACCESSIBLE")
      << "the table is the RIEC's";
}

TEST_F(PseudonymFlowTest, HowOftenASubjectRecursIsToldAtTheTableAlone) {
  CreateExchange ask = Signal(RiecOffice());
  ask.recipient = RiecAccount().party;
  ask.new_case_phase = "weging";
  ask.fields = {"sig-herhaling"};
  const auto told = Create(RiecOffice(), ask);
  ASSERT_OK(told.status());
  EXPECT_EQ(told->decision.outcome, policy::Outcome::kPermitted);
  EXPECT_THAT(told->decision.deciding_rules, ElementsAre("P-73"));
  EXPECT_EQ(told->exchange.state, State::kForwarded) << "a count needs no session";
  EXPECT_OK(AnswerWith(RiecOffice(),
                       Release(*told, {{"sig-herhaling", "category", "2"}}, "avg", "bestuurder"))
                .status());
}

TEST_F(PseudonymFlowTest, ADryRunMakesNoTable) {
  CreateExchange ask = Signal(Oov());
  ask.validate_only = true;
  const auto tried = Create(Oov(), ask);
  ASSERT_OK(tried.status());
  EXPECT_EQ(tried->decision.outcome, policy::Outcome::kPermitted);
  EXPECT_EQ(Count(tlog::LeafKind::kCaseChange), 0);
  const auto table =
      store.Snapshot().value()->FindWeighingTable(RiecOffice().party.oin, QuarterOf(clock.Now()));
  EXPECT_EQ(table.value(), std::nullopt);
}

TEST_F(PseudonymFlowTest, ATableIsOfOneQuarterInAmsterdam) {
  const auto at = [](int month, int day, int hour) {
    return absl::FromCivil(absl::CivilHour(2026, month, day, hour), absl::UTCTimeZone());
  };
  EXPECT_EQ(QuarterOf(at(1, 1, 0)), "2026-Q1");
  EXPECT_EQ(QuarterOf(at(3, 31, 21)), "2026-Q1");
  EXPECT_EQ(QuarterOf(at(3, 31, 22)), "2026-Q2") << "midnight in Amsterdam, in summer";
  EXPECT_EQ(QuarterOf(at(12, 31, 22)), "2026-Q4");
  EXPECT_EQ(QuarterOf(at(12, 31, 23)), "2027-Q1");
  OpenSessionOf(RiecOffice());
  const auto now = Create(Oov(), Signal(Oov()));
  clock.Set(at(12, 31, 23));
  OpenSessionOf(RiecOffice());
  const auto later = Create(Oov(), Signal(Oov()));
  ASSERT_OK(later.status());
  EXPECT_NE(now->exchange.domain, later->exchange.domain);
}

TEST_F(PseudonymFlowTest, PreparingIsAnApprovalAndGivesTheStatement) {
  const Session oov = OpenSessionOf(Oov());
  const Session police_session = OpenSessionOf(Analyst());
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  EXPECT_TRUE(asked->exchange.statement.empty());
  EXPECT_EQ(ReasonOf(PrepareWith(Oov(), asked->exchange.id, "wpg-8", "verdachte").status()),
            "RESOURCE_NOT_ACCESSIBLE");
  EXPECT_EQ(ReasonOf(PrepareWith(Detective(), asked->exchange.id, "wpg-8", "verdachte").status()),
            "APPROVAL_MISSING");
  const auto prepared = PrepareWith(Analyst(), asked->exchange.id, "wpg-8", "verdachte");
  ASSERT_OK(prepared.status());
  EXPECT_EQ(prepared->exchange.state, State::kForwarded);
  EXPECT_EQ(prepared->exchange.approvals.size(), 1u);
  EXPECT_THAT(prepared->decision.deciding_rules, ElementsAre("C-01", "P-11"));
  ASSERT_FALSE(prepared->exchange.statement.empty());

  SendTerms terms;
  terms.regime = "wpg-8";
  terms.category = "verdachte";
  std::vector<Released> fields = PoliceAnswer();
  const auto sent =
      AnswerWith(Analyst(), SendAbout(*prepared, police_session, {kBsn, kOtherBsn}, fields, terms));
  ASSERT_OK(sent.status());
  EXPECT_EQ(sent->exchange.approvals.size(), 1u) << "the same person counts once";
  EXPECT_OK(Receive(Oov(), asked->exchange.id, oov).status());
  EXPECT_THAT(LeavesOf(asked->exchange.id),
              ElementsAre("REQUEST", "DECISION", "DECISION", "APPROVAL", "DECISION", "APPROVAL",
                          "DECISION", "ANSWER", "DELIVERY"));
}

TEST_F(PseudonymFlowTest, ARepeatedPreparationIsOnePreparation) {
  OpenSessionOf(Oov());
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  const RequestStamp stamp = Stamp("PrepareAnswer");
  const auto prepare = [&] {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
      service->PrepareOne(As(Analyst()), stamp, {asked->exchange.id, "wpg-8", "verdachte", false},
                          std::move(reply));
    });
  };
  const auto once = prepare();
  clock.Advance(absl::Seconds(5));
  const auto twice = prepare();
  ASSERT_OK(twice.status());
  EXPECT_EQ(once->exchange.statement, twice->exchange.statement);
  EXPECT_EQ(LeavesOf(asked->exchange.id).size(), 4u);
  const auto fresh = PrepareWith(Analyst(), asked->exchange.id, "wpg-8", "verdachte");
  ASSERT_OK(fresh.status());
  EXPECT_NE(once->exchange.statement, fresh->exchange.statement) << "another call, a fresh one";
}

TEST_F(PseudonymFlowTest, ArrangementsReachBothTranscryptorsAndAgainWhenAsked) {
  second.away = true;
  ASSERT_OK(RegisterMandate());
  EXPECT_TRUE(service->RunErrands()->away);
  EXPECT_EQ(first.arrangements, 1);
  EXPECT_EQ(second.arrangements, 0);
  second.away = false;
  EXPECT_EQ(service->RunErrands()->done, 1);
  EXPECT_EQ(second.arrangements, 1);
  ASSERT_OK(service->RelayArrangements());
  EXPECT_EQ(service->RunErrands()->done, 2);
  EXPECT_EQ(first.arrangements, 2);
}

// Without transcryptors everything else works as before.
class WithoutTranscryptorsTest : public World {};

TEST_F(WithoutTranscryptorsTest, PseudonymsAreRefusedClearly) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  ASSERT_OK(asked.status());
  EXPECT_TRUE(asked->exchange.statement.empty());
  const auto prepared = Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->PrepareOne(As(Analyst()), Stamp("PrepareAnswer"),
                        {asked->exchange.id, "wpg-8", "verdachte", false}, std::move(reply));
  });
  EXPECT_EQ(ReasonOf(prepared.status()), "NO_TRANSCRYPTOR");
  const auto session = Await<SessionResult>([&](Reply<SessionResult> reply) {
    service->OpenSession(As(Oov()), Stamp("OpenSession"), {Oov().party, "head", Bytes(64, 's')},
                         std::move(reply));
  });
  EXPECT_EQ(ReasonOf(session.status()), "NO_TRANSCRYPTOR");
  std::vector<Released> fields = PoliceAnswer();
  fields[0].form = "pseudonym";
  const auto answered = AnswerWith(Analyst(), Release(*asked, fields));
  EXPECT_EQ(ReasonOf(answered.status()), "ANSWER_EXCEEDS_DECISION");
  EXPECT_OK(AnswerWith(Analyst(), Release(*asked, PoliceAnswer())).status());
}

}  // namespace
}  // namespace sluis::exchange::testing
