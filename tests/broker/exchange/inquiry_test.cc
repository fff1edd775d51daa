// Hit and no-hit from question to record: who may ask what of whom, when the provider hears of it,
// what it may answer, and what sets the fact treffer-vastgelegd.
#include "tests/broker/exchange/inquiry_world.h"

namespace sluis::exchange::testing {
namespace {

using pseudonym::Domain;
using pseudonym::RequestKind;
using sluis::testing::HasReason;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using State = storage::ExchangeState;

TEST_F(InquiryTest, TheProviderIsToldOnlyWhenTheSubjectHasArrived) {
  OpenPolice();
  const ExchangeResult asked = Asked();
  const ExchangeId id = asked.exchange.id;
  EXPECT_EQ(asked.exchange.state, State::kForwarded);
  EXPECT_FALSE(asked.exchange.statement.empty());
  EXPECT_EQ(asked.recipient_context, police_->context.bytes()) << "the provider's session";
  EXPECT_THAT(InboxEvents(Analyst()), IsEmpty());
  EXPECT_TRUE(service->Get(As(Analyst()), id)->exchange.statement.empty());
  const Answer early = Release(asked, {{"sig-treffer", "presence", ContentOf(asked, {true})}});
  EXPECT_THAT(AnswerWith(Analyst(), early).status(), HasReason("SUBJECT_NOT_SENT"));

  const auto sent = Send(RiecOffice(), id, Signed(asked, {.items = 4}));
  ASSERT_OK(sent.status());
  EXPECT_TRUE(sent->exchange.subject_sent);
  EXPECT_THAT(InboxEvents(Analyst()), ElementsAre(kQuestion));
  const auto shown = service->Get(As(Analyst()), id);
  ASSERT_TRUE(shown->question.has_value());
  EXPECT_TRUE(shown->question->transcryption->first.sealed_proof.empty());
  EXPECT_FALSE(service->Get(As(RiecOffice()), id)->question.has_value());
  EXPECT_THAT(Send(RiecOffice(), id, Signed(asked)).status(), HasReason("EXCHANGE_CLOSED"));
  EXPECT_THAT(LeavesOf(id), ElementsAre("REQUEST", "DECISION", "DELIVERY"));
}

// The blind way meets what the owner enrolled, whether it starts from a number or a pseudonym.
TEST_F(InquiryTest, TheOwnerMeetsTheSubjectThatItEnrolled) {
  const ExchangeResult sent = Sent();
  const auto shown = service->Get(As(Analyst()), sent.exchange.id);
  const auto response =
      pseudonym::BatchResponse::Decode(shown->question->transcryption->second.batch_response);
  const pseudonym::IndexPseudonym asked(
      pseudonym::Decrypt(response->items.at(0), police_->key.sk).value());

  const auto stated = Await<StatementResult>([&](Reply<StatementResult> reply) {
    service->PrepareEnrolment(As(Analyst()), Stamp("PrepareEnrolment"), Analyst().party, "personen",
                              std::move(reply));
  });
  ASSERT_OK(stated.status());
  std::vector<pseudonym::SubjectElement> subjects;
  subjects.push_back(pseudonym::ElementOf(Subject::Create(SubjectKind::kBsn, kBsn).value()));
  const auto batch = pseudonym::EnrolBatch::Blind(subjects).value();
  const Bytes& wire = stated->statement;
  const auto enrolment =
      pseudonym::SignEnrolment(
          {.signer = pseudonym::Party::Of(Analyst().party),
           .d_origin = Domain::Origin(SubjectKind::kBsn),
           .d_index = Domain::Index(1, pseudonym::Party::Of(Analyst().party), "personen").value(),
           .issued = clock.Now(),
           .expires = clock.Now() + absl::Seconds(300),
           .mandate = Sha256(BytesView(wire).substr(4, wire.size() - 100))},
          batch.blinded(), KeyOf(Analyst()))
          .value();
  const RequestStamp stamp = Stamp("EvaluateEnrolment");
  const auto evaluate = [&](const Desk& desk) {
    return Await<EnrolmentResult>([&](Reply<EnrolmentResult> reply) {
      service->EvaluateEnrolment(As(desk), stamp, {desk.party, enrolment.bytes(), wire},
                                 std::move(reply));
    });
  };
  EXPECT_THAT(evaluate(RiecOffice()).status(), HasReason("E_SENDER"));
  const auto made = evaluate(Analyst());
  ASSERT_OK(made.status());
  CheckReceipts(made->receipts);
  const int leaves = Count(tlog::LeafKind::kKeyChange);
  const auto again = evaluate(Analyst());
  ASSERT_OK(again.status());
  EXPECT_EQ(again->hops[1].response, made->hops[1].response);
  EXPECT_EQ(Count(tlog::LeafKind::kKeyChange), leaves) << "one leaf per batch";
  const auto hop = [&](int i) {
    return pseudonym::EnrolResponse::Decode(made->hops[static_cast<std::size_t>(i)].response)
        .value();
  };
  const auto f = [&](int i) {
    return pseudonym::FactorTie::Decode(made->hops[static_cast<std::size_t>(i)].factor).value().f;
  };
  const auto enrolled = batch.Unblind(hop(0), hop(1), f(0), f(1)).value();
  EXPECT_EQ(Bytes(pseudonym::IndexKey(enrolled.at(0)).Reveal(SecretAccess::ForTest())),
            Bytes(pseudonym::IndexKey(asked).Reveal(SecretAccess::ForTest())));
}

TEST_F(InquiryTest, OnlyARegisterOfTheDirectoryIsEnrolled) {
  const auto unknown = Await<StatementResult>([&](Reply<StatementResult> reply) {
    service->PrepareEnrolment(As(Analyst()), Stamp("PrepareEnrolment"), Analyst().party, "geen",
                              std::move(reply));
  });
  EXPECT_EQ(ViolationOf(unknown.status()), "register");
}

TEST_F(InquiryTest, OnlyTheRegisterOfTheDirectoryAndNobodyByNameBesideIt) {
  OpenPolice();
  const CaseId in_case = NewCase(RiecOffice(), "bevraging");
  CreateExchange ask = Inquiry(in_case);
  ask.register_name = "andere";
  EXPECT_EQ(ViolationOf(Create(RiecOffice(), ask).status()), "exchange.register");
  ask = Inquiry(in_case);
  ask.regime = "wpg-13";
  EXPECT_EQ(ViolationOf(Create(RiecOffice(), ask).status()), "exchange.register");
  ask = Inquiry(in_case);
  ask.register_name.clear();
  EXPECT_EQ(ViolationOf(Create(RiecOffice(), ask).status()), "exchange.register");
  EXPECT_EQ(ViolationOf(CreateAbout(RiecOffice(), ask, "bsn:999990019").status()),
            "exchange.subject");
  // Where there is no index a person looks it up, and he is asked at once.
  ask.regime = "wpg-13";
  EXPECT_EQ(ViolationOf(Create(RiecOffice(), ask).status()), "exchange.subject");
  const auto attended = CreateAbout(RiecOffice(), ask, "bsn:999990019");
  ASSERT_OK(attended.status());
  EXPECT_THAT(InboxEvents(Analyst()), ElementsAre(kQuestion));
  ask = Inquiry(in_case);
  ask.from_domain = in_case;
  ask.from_purpose = "openbare-orde";
  EXPECT_EQ(ViolationOf(Create(RiecOffice(), ask).status()), "exchange.from_purpose");
}

TEST_F(InquiryTest, AnotherRequestThanTheQuestionGoesNowhere) {
  OpenPolice();
  const ExchangeResult asked = Asked();
  ExchangeResult now = asked;
  const std::vector<std::pair<const char*, Bent>> wrong = {
      {"E_TYPE", {.kind = RequestKind::kTranscrypt}},
      {"E_MANDATE", {.epoch = 2}},
      {"E_MANDATE", {.register_name = "andere"}}};
  for (const auto& [reason, bent] : wrong) {
    const auto refused = Send(RiecOffice(), asked.exchange.id, Signed(now, bent));
    EXPECT_THAT(refused.status(), HasReason(reason));
    now = service->Get(As(RiecOffice()), asked.exchange.id).value();
    EXPECT_FALSE(now.exchange.statement.empty()) << "he may sign again";
  }
  EXPECT_THAT(Send(Analyst(), asked.exchange.id, Signed(now)).status(),
              HasReason("RESOURCE_NOT_ACCESSIBLE"));
  EXPECT_EQ(first.transcribed, 0);
  EXPECT_THAT(InboxEvents(Analyst()), IsEmpty());
  EXPECT_OK(Send(RiecOffice(), asked.exchange.id, Signed(now)).status());
}

TEST_F(InquiryTest, WithoutASessionOfTheProviderItWaitsAndThenTheAskerIsTold) {
  const ExchangeResult asked = Asked();
  EXPECT_EQ(asked.exchange.state, State::kQueued);
  EXPECT_TRUE(asked.exchange.statement.empty());
  EXPECT_THAT(Send(RiecOffice(), asked.exchange.id, Signed(asked)).status(),
              HasReason("E_SESSION"));
  OpenPolice();
  ASSERT_OK(service->RunErrands().status());
  EXPECT_THAT(InboxEvents(RiecOffice()), Contains(kSessionReady));
  EXPECT_THAT(InboxEvents(Analyst()), IsEmpty());
  const auto ready = service->Get(As(RiecOffice()), asked.exchange.id);
  EXPECT_EQ(ready->exchange.state, State::kForwarded);
  EXPECT_OK(Send(RiecOffice(), asked.exchange.id, Signed(*ready)).status());
}

TEST_F(InquiryTest, ASubjectWaitsForATranscryptorAndIsTakenBackWhole) {
  OpenPolice();
  const ExchangeResult asked = Asked();
  second.away = true;
  EXPECT_THAT(Send(RiecOffice(), asked.exchange.id, Signed(asked)).status(),
              HasReason("TRANSCRYPTOR_UNAVAILABLE"));
  const auto waits = Send(RiecOffice(), asked.exchange.id, Signed(asked, {.queued = true}));
  ASSERT_OK(waits.status());
  EXPECT_EQ(waits->exchange.state, State::kQueued);
  EXPECT_TRUE(KeepsContent(asked.exchange.id));
  second.away = false;
  ASSERT_OK(service->RunErrands().status());
  EXPECT_EQ(Stored(asked.exchange.id).state, State::kForwarded);
  EXPECT_TRUE(Stored(asked.exchange.id).subject_sent);
  EXPECT_THAT(InboxEvents(Analyst()), ElementsAre(kQuestion));
  ASSERT_OK(Withdraw(asked.exchange.id));
  EXPECT_FALSE(KeepsContent(asked.exchange.id));
}

TEST_F(InquiryTest, WhatIsRefusedAfterTheWaitGoesBackToTheAsker) {
  OpenPolice();
  const ExchangeResult asked = Asked();
  first.away = true;
  ASSERT_OK(Send(RiecOffice(), asked.exchange.id, Signed(asked, {.queued = true})).status());
  first.away = false;
  ASSERT_OK(Revoke(Analyst(), *police_).status());
  OpenPolice();
  ASSERT_OK(service->RunErrands().status());
  EXPECT_EQ(Stored(asked.exchange.id).state, State::kForwarded);
  EXPECT_EQ(Stored(asked.exchange.id).release_refusal, "E_SESSION");
  EXPECT_FALSE(KeepsContent(asked.exchange.id));
  EXPECT_THAT(InboxEvents(RiecOffice()), Contains(kReleaseRefused));
  EXPECT_THAT(InboxEvents(Analyst()), IsEmpty());
}

TEST_F(InquiryTest, NothingOfAnAnswerTellsAHitFromNone) {
  std::vector<std::vector<std::string>> kinds;
  std::vector<std::size_t> sizes;
  for (const bool hit : {true, false}) {
    const ExchangeResult sent = Sent(4);
    const auto answered = AnswerHits(sent, {hit, false, false, false});
    ASSERT_OK(answered.status());
    kinds.push_back(LeavesOf(sent.exchange.id));
    const auto kept = store.Snapshot().value()->FindMailbox(sent.exchange.id).value().value();
    EXPECT_FALSE(kept.question.has_value()) << "wiped when it was answered";
    sizes.push_back(kept.sealed_fields.at(0).size());
  }
  EXPECT_EQ(kinds[0], kinds[1]);
  EXPECT_EQ(sizes[0], sizes[1]);
}

TEST_F(InquiryTest, AnAnswerWithOtherLabelsFormsOrSizesIsRefused) {
  const ExchangeResult sent = Sent();
  const std::string one = ContentOf(sent, {true});
  const std::vector<Answer> wrong = {
      Release(sent, {{"sig-treffer", "presence", one}}, "wpg-13"),
      Release(sent, {{"sig-treffer", "presence", one}}, "wpg-8", "veroordeelde"),
      Release(sent, {{"sig-treffer", "exact", one}}),
      Release(sent, {{"sig-treffer", "presence", one}, {"sig-datum", "presence", one}}),
      Release(sent, {{"sig-treffer", "presence", std::string(300, 'x')}})};
  for (const Answer& answer : wrong) {
    EXPECT_THAT(AnswerWith(Analyst(), answer).status(), HasReason("ANSWER_EXCEEDS_DECISION"));
  }
  EXPECT_OK(AnswerHits(sent, {true}).status());
}

TEST_F(InquiryTest, OnlyASignedHitOfThisInquiryIsRecordedAndOnlyOnce) {
  const ExchangeResult sent = Sent(4);
  const ExchangeId id = sent.exchange.id;
  const CaseId in_case = sent.exchange.case_id;
  EXPECT_THAT(Record(RiecOffice(), id, 0, Bytes(64, 's')).status(), HasReason("EXCHANGE_CLOSED"));
  ASSERT_OK(AnswerHits(sent, {true, false, true, false}).status());
  EXPECT_THAT(Record(RiecOffice(), id, 1, SignatureAt(1)).status(), HasReason("E_SIGNATURE"))
      << "a signed no-hit";
  EXPECT_THAT(Record(RiecOffice(), id, 1, SignatureAt(0)).status(), HasReason("E_SIGNATURE"));
  EXPECT_EQ(ViolationOf(Record(RiecOffice(), id, 4, SignatureAt(0)).status()), "position");
  EXPECT_THAT(Record(Analyst(), id, 0, SignatureAt(0)).status(),
              HasReason("RESOURCE_NOT_ACCESSIBLE"));
  EXPECT_THAT(service->GetCase(As(RiecOffice()), in_case)->hits, IsEmpty());

  const int before = Count(tlog::LeafKind::kCaseChange);
  const auto recorded = Record(RiecOffice(), id, 2, SignatureAt(2));
  ASSERT_OK(recorded.status());
  CheckReceipts(recorded->receipts);
  EXPECT_THAT(recorded->recorded_hits, ElementsAre(2));
  ASSERT_OK(Record(RiecOffice(), id, 2, SignatureAt(2)).status());
  EXPECT_EQ(Count(tlog::LeafKind::kCaseChange), before + 1);
  const auto hits = service->GetCase(As(RiecOffice()), in_case)->hits;
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].provider, Analyst().party);
}

TEST_F(InquiryTest, ManyAreAskedInOneTurnOrNone) {
  OpenPolice();
  const CaseId in_case = NewCase(RiecOffice(), "bevraging");
  CreateExchange to_town = Inquiry(in_case);
  to_town.provider = Oov().party;
  to_town.basis = "wgs-riec";
  to_town.regime = "avg";
  to_town.register_name = "geen";
  const RequestStamp stamp = Stamp("BatchCreateExchanges");
  const auto ask = [&](const std::vector<CreateExchange>& asks) {
    return Await<std::vector<ExchangeResult>>([&](Reply<std::vector<ExchangeResult>> reply) {
      service->CreateMany(As(RiecOffice()), stamp, asks, std::move(reply));
    });
  };
  const auto refused = ask({Inquiry(in_case), to_town});
  EXPECT_EQ(ViolationOf(refused.status()), "exchanges[1].register");
  EXPECT_THAT(*service->List(As(RiecOffice()), in_case, std::nullopt, 10), IsEmpty());

  for (identity::UnitEntry& unit : town.entry.units) {
    if (unit.unit == Oov().party.unit) unit.registers = {{"geen", "avg", 10, 1, {"bsn"}}};
  }
  RenewDirectory();
  const auto asked = ask({Inquiry(in_case), to_town});
  ASSERT_OK(asked.status());
  ASSERT_EQ(asked->size(), 2u);
  EXPECT_EQ(asked->at(0).exchange.provider, Analyst().party);
  EXPECT_EQ(asked->at(1).exchange.provider, Oov().party);
  const auto again = ask({Inquiry(in_case), to_town});
  ASSERT_OK(again.status());
  EXPECT_EQ(again->at(0).exchange.id, asked->at(0).exchange.id);
  EXPECT_EQ(again->at(1).exchange.id, asked->at(1).exchange.id);
  for (const ExchangeResult& one : *asked) CheckReceipts(one.receipts);
}

}  // namespace
}  // namespace sluis::exchange::testing
