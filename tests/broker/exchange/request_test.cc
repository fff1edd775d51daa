// A request from question to destroyed copy, and everything that must not work on the way.
#include <gmock/gmock.h>

#include "tests/broker/exchange/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using ::testing::ElementsAre;
using State = storage::ExchangeState;

class RequestTest : public World {};

TEST_F(RequestTest, GoesFromQuestionToDestroyedCopyWithALeafForEveryStep) {
  const CaseId in_case = NewCase(Oov(), "casus");
  const auto asked = CreateAbout(Oov(), PoliceQuestion(in_case), "bsn:999990019");
  ASSERT_OK(asked.status());
  EXPECT_EQ(asked->decision.outcome, policy::Outcome::kNeedsApproval);
  EXPECT_THAT(asked->decision.deciding_rules, ElementsAre("C-01"));
  EXPECT_EQ(asked->exchange.state, State::kForwarded);
  CheckReceipts(asked->receipts);

  const auto inbox = service->ReadInbox(As(Analyst()), 0, 10);
  ASSERT_OK(inbox.status());
  ASSERT_EQ(inbox->size(), 1u);
  EXPECT_EQ(inbox->front().exchange.exchange.id, asked->exchange.id);
  ASSERT_TRUE(inbox->front().exchange.exchange.subject.has_value());

  const auto answered = AnswerWith(Analyst(), Release(*asked, PoliceAnswer()));
  ASSERT_OK(answered.status());
  EXPECT_EQ(answered->exchange.state, State::kAnswered);
  EXPECT_THAT(answered->decision.deciding_rules, ElementsAre("C-01", "P-11"));
  EXPECT_EQ(answered->exchange.retain_until, "2027-11-24");
  EXPECT_FALSE(answered->exchange.subject.has_value())
      << "the sealed identity is kept no longer than needed";

  const auto delivery = Await<DeliveryResult>([&](Reply<DeliveryResult> reply) {
    service->OpenDelivery(As(Oov()), Stamp("OpenDelivery"), asked->exchange.id, std::move(reply));
  });
  ASSERT_OK(delivery.status());
  EXPECT_EQ(Open(*delivery, Oov(), 0), "Test Persoon");
  EXPECT_NE(Open(*delivery, Alderman(), 0), "Test Persoon") << "another unit of the same town";

  const auto collected = Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->ConfirmOpening(As(Oov()), Stamp("ConfirmOpening"), asked->exchange.id,
                            std::move(reply));
  });
  ASSERT_OK(collected.status());
  const auto destroyed = Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->ConfirmDestruction(As(Oov()), Stamp("ConfirmDestruction"), asked->exchange.id,
                                std::move(reply));
  });
  ASSERT_OK(destroyed.status());
  EXPECT_EQ(destroyed->exchange.state, State::kDestroyed);
  EXPECT_THAT(LeavesOf(asked->exchange.id),
              ElementsAre("REQUEST", "DECISION", "APPROVAL", "DECISION", "ANSWER", "DELIVERY",
                          "OPENING", "DESTROY"));
}

TEST_F(RequestTest, ADenialIsAnAnswerWithItsReasonAndItsReceipt) {
  const CaseId in_case = NewCase(Oov(), "casus");
  CreateExchange ask = PoliceQuestion(in_case);
  ask.parent = ask.recipient = SocialDomain().party;
  const auto denied = Create(SocialDomain(), ask);
  ASSERT_OK(denied.status());
  EXPECT_EQ(denied->exchange.state, State::kDenied);
  EXPECT_EQ(denied->decision.outcome, policy::Outcome::kDeniedProhibited);
  EXPECT_THAT(denied->decision.deciding_rules, ElementsAre("N-05"));
  EXPECT_FALSE(denied->decision.reason_nl.empty());
  CheckReceipts(denied->receipts);
  EXPECT_TRUE(service->ReadInbox(As(Analyst()), 0, 10)->empty())
      << "nobody hears of a denied question";
}

TEST_F(RequestTest, AnAnswerBeyondTheDecisionIsRefusedWholeAndLogged) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  ASSERT_OK(asked.status());
  std::vector<Released> more = PoliceAnswer();
  more.push_back({"p-bsn", "exact", "999990019"});
  std::vector<Released> sharper = PoliceAnswer();
  sharper[2].form = "exact";
  for (const std::vector<Released>& beyond : {more, sharper}) {
    const auto refused = AnswerWith(Analyst(), Release(*asked, beyond));
    EXPECT_EQ(ReasonOf(refused.status()), "ANSWER_EXCEEDS_DECISION");
    EXPECT_EQ(service->Get(As(Oov()), asked->exchange.id)->exchange.state, State::kForwarded);
    const auto delivery = Await<DeliveryResult>([&](Reply<DeliveryResult> reply) {
      service->OpenDelivery(As(Oov()), Stamp("OpenDelivery"), asked->exchange.id, std::move(reply));
    });
    EXPECT_EQ(ReasonOf(delivery.status()), "EXCHANGE_CLOSED") << "nothing waits";
  }
  EXPECT_THAT(LeavesOf(asked->exchange.id),
              ElementsAre("REQUEST", "DECISION", "DECISION", "DECISION"));
  // A narrower one still goes.
  EXPECT_OK(AnswerWith(Analyst(), Release(*asked, PoliceAnswer())).status());
}

TEST_F(RequestTest, AnAnswerOfSomebodyWithoutTheRoleApprovesNothing) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  const auto refused = AnswerWith(Detective(), Release(*asked, PoliceAnswer()));
  EXPECT_EQ(ReasonOf(refused.status()), "APPROVAL_MISSING");
  EXPECT_EQ(service->Get(As(Oov()), asked->exchange.id)->exchange.state, State::kForwarded);
}

TEST_F(RequestTest, AProvidersLabelThatTheRulesDoNotCarryIsRefused) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  const auto refused = AnswerWith(Analyst(), Release(*asked, PoliceAnswer(), "wpg-12"));
  EXPECT_EQ(ReasonOf(refused.status()), "ANSWER_EXCEEDS_DECISION");
}

TEST_F(RequestTest, OnlyTheProvidersDeskAnswersAndOnlyTheRecipientsOpens) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  EXPECT_EQ(ReasonOf(AnswerWith(Prosecutor(), Release(*asked, PoliceAnswer())).status()),
            "RESOURCE_NOT_ACCESSIBLE");
  ASSERT_OK(AnswerWith(Analyst(), Release(*asked, PoliceAnswer())).status());
  for (const Desk& other : {Alderman(), SocialDomain(), Analyst(), SmallTown()}) {
    const auto delivery = Await<DeliveryResult>([&](Reply<DeliveryResult> reply) {
      service->OpenDelivery(As(other), Stamp("OpenDelivery"), asked->exchange.id, std::move(reply));
    });
    EXPECT_EQ(ReasonOf(delivery.status()), "RESOURCE_NOT_ACCESSIBLE") << other.person;
  }
}

TEST_F(RequestTest, AReleaseThatWasTouchedOrBelongsElsewhereIsRefused) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  const auto other = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990020");
  const Answer good = Release(*asked, PoliceAnswer());
  Answer touched = good;
  touched.sealed_fields[0][touched.sealed_fields[0].size() / 2] ^= 1;
  Answer header = good;
  header.header.back() ^= 1;
  Answer fewer = good;
  fewer.sealed_fields.pop_back();
  Answer elsewhere = Release(*other, PoliceAnswer());
  elsewhere.exchange = asked->exchange.id;
  for (const Answer& bad : {touched, header, fewer, elsewhere}) {
    EXPECT_EQ(AnswerWith(Analyst(), bad).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(LeavesOf(asked->exchange.id).size(), 2u) << "nothing was logged of it";
}

TEST_F(RequestTest, ASealedSubjectIsBoundToItsRequest) {
  CreateExchange ask = PoliceQuestion(NewCase(Oov(), "casus"));
  const auto asked = CreateAbout(Oov(), ask, "bsn:999990019");
  ASSERT_OK(asked.status());
  ask.subject = asked->exchange.subject;  // under another request_id
  EXPECT_EQ(ReasonOf(Create(Oov(), ask).status()), "E_SIGNATURE");
}

TEST_F(RequestTest, ACaseThatWasClosedMeanwhileStaysRefused) {
  const CaseId in_case = NewCase(Oov(), "casus");
  const auto asked = CreateAbout(Oov(), PoliceQuestion(in_case), "bsn:999990019");
  ASSERT_OK(Await<CaseResult>([&](Reply<CaseResult> reply) {
              service->ChangeCaseOf(As(Oov()), Stamp("CloseCase"),
                                    {in_case, std::nullopt, true, ""}, std::move(reply));
            }).status());
  EXPECT_EQ(ReasonOf(AnswerWith(Analyst(), Release(*asked, PoliceAnswer())).status()),
            "ANSWER_EXCEEDS_DECISION");
}

TEST_F(RequestTest, TheProviderRefusesWithAReasonAndTheRequesterHearsOfIt) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  const auto refused = Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->RefuseOne(As(Detective()), Stamp("RefuseExchange"), {asked->exchange.id, 2},
                       std::move(reply));
  });
  ASSERT_OK(refused.status());
  EXPECT_EQ(refused->exchange.state, State::kRefused);
  EXPECT_EQ(service->ReadInbox(As(Oov()), 0, 10)->size(), 1u);
  EXPECT_EQ(ReasonOf(AnswerWith(Analyst(), Release(*asked, PoliceAnswer())).status()),
            "EXCHANGE_CLOSED");
}

TEST_F(RequestTest, TheRequesterWithdrawsBeforeThereIsAnAnswer) {
  const auto withdraw = [&](const ExchangeId& id) {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
      service->Withdraw(As(Oov()), Stamp("WithdrawExchange"), id, std::move(reply));
    });
  };
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  EXPECT_EQ(withdraw(asked->exchange.id)->exchange.state, State::kWithdrawn);
  EXPECT_EQ(ReasonOf(withdraw(Answered().exchange.id).status()), "EXCHANGE_CLOSED");
}

TEST_F(RequestTest, WhatNobodyAnswersOrOpensExpiresAndLeavesNothingBehind) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  const ExchangeResult answered = Answered();
  clock.Advance(absl::Hours(24 * 14));
  EXPECT_EQ(*service->SweepExpired(10), 1);
  EXPECT_EQ(service->Get(As(Oov()), answered.exchange.id)->exchange.state, State::kExpired);
  EXPECT_FALSE(store.Snapshot().value()->FindMailbox(answered.exchange.id)->has_value());
  clock.Advance(absl::Hours(24 * 16));
  EXPECT_EQ(*service->SweepExpired(10), 1);
  EXPECT_EQ(service->Get(As(Oov()), asked->exchange.id)->exchange.state, State::kExpired);
  EXPECT_EQ(*service->SweepExpired(10), 0);
}

TEST_F(RequestTest, TheRecipientIsToldToDestroyOnceWhenTheTermEnds) {
  const ExchangeResult collected = Collected();
  clock.Set(absl::FromCivil(absl::CivilDay(2027, 11, 25), AmsterdamZone()) - absl::Seconds(1));
  EXPECT_EQ(*service->SweepExpired(10), 0) << "the last day belongs to the term";
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ(*service->SweepExpired(10), 1);
  EXPECT_EQ(*service->SweepExpired(10), 0);
  const auto inbox = service->ReadInbox(As(Oov()), 0, 10);
  EXPECT_EQ(inbox->back().line.event, 7);
  EXPECT_EQ(inbox->back().exchange.exchange.id, collected.exchange.id);
}

}  // namespace
}  // namespace sluis::exchange::testing
