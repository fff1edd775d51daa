// What holds for every act: repeats, single use, dry runs, recall, records, who may see what.
#include <gmock/gmock.h>

#include <future>

#include "lib/crypto/random.h"
#include "lib/identity/arrangement.h"
#include "tests/broker/exchange/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using ::testing::ElementsAre;
using State = storage::ExchangeState;

class ActsTest : public World {};

TEST_F(ActsTest, ARepeatGetsTheSameAnswerAndNoSecondLeaf) {
  const CreateExchange ask = PoliceQuestion(NewCase(Oov(), "casus"));
  const RequestStamp stamp = Stamp("CreateExchange");
  const auto create = [&](const RequestStamp& with, const Desk& desk) {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
      service->Create(As(desk), with, ask, std::move(reply));
    });
  };
  const auto first = create(stamp, Oov());
  ASSERT_OK(first.status());
  const std::uint64_t size = store.Snapshot().value()->ReadHead()->size;
  const auto second = create(stamp, Oov());
  ASSERT_OK(second.status());
  EXPECT_EQ(second->exchange.id, first->exchange.id);
  EXPECT_EQ(store.Snapshot().value()->ReadHead()->size, size);
  ASSERT_EQ(second->receipts.size(), first->receipts.size());
  CheckReceipts(second->receipts);

  RequestStamp other = stamp;
  other.content.fill(7);
  EXPECT_EQ(ReasonOf(create(other, Oov()).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonOf(create(stamp, SocialDomain()).status()), "REQUEST_ID_REUSED")
      << "another unit, the same id";
}

TEST_F(ActsTest, ALoggedRefusalIsRepeatedAsItWas) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  std::vector<Released> beyond = PoliceAnswer();
  beyond[2].form = "exact";
  const Answer answer = Release(*asked, beyond);
  const RequestStamp stamp = Stamp("AnswerExchange");
  const auto send = [&] {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
      service->AnswerOne(As(Analyst()), stamp, answer, std::move(reply));
    });
  };
  const absl::Status first = send().status();
  const std::size_t leaves = LeavesOf(asked->exchange.id).size();
  const absl::Status second = send().status();
  EXPECT_EQ(ReasonOf(first), "ANSWER_EXCEEDS_DECISION");
  EXPECT_EQ(ReasonOf(second), ReasonOf(first));
  EXPECT_EQ(MessageOf(second), MessageOf(first));
  EXPECT_EQ(LeavesOf(asked->exchange.id).size(), leaves);
}

TEST_F(ActsTest, ARequestIdIsRememberedAsLongAsItsExchangeIsOpen) {
  const auto asked = CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  std::vector<Released> beyond = PoliceAnswer();
  beyond[2].form = "exact";
  const Answer answer = Release(*asked, beyond);
  const RequestStamp stamp = Stamp("AnswerExchange");
  const auto send = [&] {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
      service->AnswerOne(As(Analyst()), stamp, answer, std::move(reply));
    });
  };
  EXPECT_EQ(ReasonOf(send().status()), "ANSWER_EXCEEDS_DECISION");
  const std::size_t leaves = LeavesOf(asked->exchange.id).size();
  clock.Advance(absl::Hours(24 * 10));
  ASSERT_OK(service->Prune());
  EXPECT_EQ(ReasonOf(send().status()), "ANSWER_EXCEEDS_DECISION");
  EXPECT_EQ(LeavesOf(asked->exchange.id).size(), leaves) << "a repeat, not a second try";
}

TEST_F(ActsTest, AnAssertionServesOneAct) {
  const Caller caller = As(Oov());
  const CaseId id = NewCase(Oov(), "casus");
  const auto close = [&] {
    return Await<CaseResult>([&](Reply<CaseResult> reply) {
      service->ChangeCaseOf(caller, Stamp("AdvanceCase"), {id, "interventie", false, ""},
                            std::move(reply));
    });
  };
  ASSERT_OK(close().status());
  EXPECT_EQ(ReasonOf(close().status()), "ASSERTION_REPLAYED");
}

TEST_F(ActsTest, ADryRunSaysWhatWouldBeAndLeavesOneShortLeaf) {
  CreateExchange ask = PoliceQuestion(CaseId::FromBytes({1}));
  ask.new_case_phase = "casus";
  ask.validate_only = true;
  const auto tried = Create(Oov(), ask);
  ASSERT_OK(tried.status());
  EXPECT_EQ(tried->decision.outcome, policy::Outcome::kNeedsApproval);
  EXPECT_TRUE(tried->exchange.id.empty());
  EXPECT_TRUE(tried->receipts.empty());
  EXPECT_EQ(Count(tlog::LeafKind::kDryRun), 1);
  EXPECT_EQ(Count(tlog::LeafKind::kCaseChange), 0);
  EXPECT_TRUE(service->ReadInbox(As(Analyst()), 0, 10)->empty());
}

TEST_F(ActsTest, AFirstExchangeOpensItsCaseInTheSameTransaction) {
  CreateExchange ask = PoliceQuestion(CaseId::FromBytes({1}));
  ask.new_case_phase = "casus";
  ASSERT_OK(Create(Oov(), ask).status());
  EXPECT_EQ(service->GetCase(As(Oov()), ask.case_id)->phase, "casus");
  EXPECT_EQ(ReasonOf(Create(Oov(), ask).status()), "ID_TAKEN");
  // What is refused opens nothing.
  ask.case_id = CaseId::FromBytes({2});
  ask.provider.unit = *UnitPath::Parse("politie/recherche");
  EXPECT_EQ(Create(Oov(), ask).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(service->GetCase(As(Oov()), ask.case_id).status()), "RESOURCE_NOT_ACCESSIBLE");
}

TEST_F(ActsTest, NobodyActsForAnotherUnitOrInACaseThatIsNotHis) {
  const CaseId in_case = NewCase(Oov(), "casus");
  CreateExchange ask = PoliceQuestion(in_case);
  EXPECT_EQ(ReasonOf(Create(SocialDomain(), ask).status()), "OIN_MISMATCH");
  ask.parent = ask.recipient = SmallTown().party;
  EXPECT_EQ(ReasonOf(Create(SmallTown(), ask).status()), "RESOURCE_NOT_ACCESSIBLE");
  const auto advance = Await<CaseResult>([&](Reply<CaseResult> reply) {
    service->ChangeCaseOf(As(SocialDomain()), Stamp("AdvanceCase"), {in_case, "nazorg", false, ""},
                          std::move(reply));
  });
  EXPECT_EQ(ReasonOf(advance.status()), "RESOURCE_NOT_ACCESSIBLE");
}

TEST_F(ActsTest, ARecallReachesTheRecipientAndIsConfirmed) {
  const ExchangeResult collected = Collected();
  CreateExchange recall;
  recall.parent = recall.provider = Analyst().party;
  recall.recipient = Oov().party;
  recall.action = "recall";
  recall.purpose = "herstel";
  recall.basis = "wpg-4-4";
  recall.case_id = collected.exchange.case_id;
  recall.regime = "wpg-8";
  recall.subject_category = "verdachte";
  recall.fields = {"herstel-opdracht"};
  recall.earlier = collected.exchange.id;
  recall.recall_kind = 1;
  recall.time_to_live = absl::Hours(24);
  const auto announced = Create(Analyst(), recall);
  ASSERT_OK(announced.status());
  EXPECT_THAT(announced->decision.deciding_rules, ElementsAre("P-60"));
  ASSERT_EQ(announced->exchange.state, State::kForwarded);
  ASSERT_OK(AnswerWith(Analyst(), Release(*announced, {{"herstel-opdracht", "exact",
                                                        "ant-politiemelding vervalt"}}))
                .status());
  EXPECT_EQ(service->Get(As(Oov()), collected.exchange.id)->exchange.state, State::kRecalled);
  EXPECT_EQ(service->ReadInbox(As(Oov()), 0, 10)->back().line.event, 5);
  ASSERT_OK(Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
              service->ConfirmOpening(As(Oov()), Stamp("ConfirmOpening"), announced->exchange.id,
                                      std::move(reply));
            }).status());
  EXPECT_THAT(LeavesOf(announced->exchange.id),
              ElementsAre("REQUEST", "DECISION", "DECISION", "ANSWER", "RECALL", "OPENING"));

  // Another exchange than one's own cannot be recalled.
  recall.parent = recall.provider = Prosecutor().party;
  EXPECT_EQ(ReasonOf(Create(Prosecutor(), recall).status()), "RESOURCE_NOT_ACCESSIBLE");
}

TEST_F(ActsTest, PrivacyOfficersSeeTheRecordsOfTheirOwnOrganisationAndEachLookIsLogged) {
  Collected();
  ListRecords list;
  list.parent = PrivacyOfficer().party;
  list.provider = Oov().party;
  list.use = 1;
  list.purpose = "audit-verantwoording";
  list.basis = "avg-24";
  list.regime = "avg";
  list.limit = 3;
  const auto read = [&](const Desk& desk) {
    return Await<RecordsResult>([&](Reply<RecordsResult> reply) {
      service->ReadRecords(As(desk), Stamp("ListRecords"), list, std::move(reply));
    });
  };
  const auto first = read(PrivacyOfficer());
  ASSERT_OK(first.status());
  EXPECT_THAT(first->decision.deciding_rules, ElementsAre("P-68"));
  ASSERT_EQ(first->records.size(), 3u);
  EXPECT_TRUE(first->more);
  const Json record = Json::parse(first->records.back().opened.record);
  EXPECT_TRUE(record.contains("kind"));
  EXPECT_EQ(Count(tlog::LeafKind::kLogRead), 1);

  list.provider = SmallTown().party;
  const auto other = read(PrivacyOfficer());
  ASSERT_OK(other.status());
  EXPECT_NE(other->decision.outcome, policy::Outcome::kPermitted);
  EXPECT_TRUE(other->records.empty());
  EXPECT_EQ(Count(tlog::LeafKind::kLogRead), 2) << "also a look that is refused";

  list.parent = Oov().party;
  list.provider = Oov().party;
  const auto own = read(Oov());
  ASSERT_OK(own.status());
  EXPECT_TRUE(own->records.empty()) << "who acts does not audit himself";
}

TEST_F(ActsTest, ActsThatShowOrApproveAskForMoreThanOneFactor) {
  const ExchangeResult answered = Answered();
  Caller weak = As(Oov());
  weak.multi_factor = false;
  const auto delivery = Await<DeliveryResult>([&](Reply<DeliveryResult> reply) {
    service->OpenDelivery(weak, Stamp("OpenDelivery"), answered.exchange.id, std::move(reply));
  });
  EXPECT_EQ(ReasonOf(delivery.status()), "ASSERTION_INVALID");
}

TEST_F(ActsTest, AMandateLetsACentreTownActForASmallOneAndNoOneElse) {
  CreateExchange ask = PoliceQuestion(CaseId::FromBytes({3}));
  ask.new_case_phase = "casus";
  ask.recipient.oin = SmallTown().party.oin;
  const auto before = Create(Oov(), ask);
  ASSERT_OK(before.status());
  EXPECT_EQ(before->exchange.state, State::kDenied) << "no mandate yet";

  identity::ArrangementTerms terms;
  terms.id = "mandaat-zilverland";
  terms.fact = identity::kFactMandate;
  terms.parties = {Oov().party, SmallTown().party};
  terms.principal = SmallTown().party;
  terms.agent = Oov().party;
  terms.from = clock.Now() - absl::Hours(1);
  terms.until = clock.Now() + absl::Hours(24 * 365);
  terms.purposes = {"openbare-orde"};
  const identity::Arrangement mandate = *identity::Arrangement::Create(terms);
  storage::ArrangementRecord record;
  record.statement = mandate.statement();
  record.signatures = {
      {Oov().party, identity::SignArrangement(mandate, town.SigningKey("gemeente/oov"))},
      {SmallTown().party,
       identity::SignArrangement(mandate, small_town.SigningKey("gemeente/oov"))}};
  ASSERT_OK(Await<ArrangementResult>([&](Reply<ArrangementResult> reply) {
              service->RegisterArrangement(As(Oov()), Stamp("RegisterArrangement"), record,
                                           std::move(reply));
            }).status());
  EXPECT_EQ(Count(tlog::LeafKind::kMandateChange), 1);

  ask.case_id = CaseId::FromBytes({4});
  const auto after = Create(Oov(), ask);
  ASSERT_OK(after.status());
  EXPECT_EQ(after->exchange.state, State::kForwarded);
  EXPECT_EQ(after->exchange.recipient_desk, Oov().party) << "its own keys open";
  EXPECT_EQ(after->exchange.recipient, SmallTown().party);
}

TEST_F(ActsTest, BundlesAreForDesksWithAMandate) {
  EXPECT_EQ(ReasonOf(service->AdmitBundleRead(As(Oov()), 1, 0, 256)), "USE_NOT_ALLOWED");
  const Desk officer{
      identity::testing::PartyOf(identity::testing::kTownOin, "gemeente/fg"), "f-fg", {}};
  EXPECT_OK(service->AdmitBundleRead(As(officer), 1, 0, 256));
  EXPECT_EQ(Count(tlog::LeafKind::kLogRead), 1);
  EXPECT_EQ(ReasonOf(service->AdmitBundleRead(As(officer), 0, 0, 256)), "USE_NOT_ALLOWED");
}

TEST_F(ActsTest, AFloodOfRefusedLoginsDoesNotFillTheLog) {
  for (int i = 0; i < 1000; ++i) service->NoteRefusedLogin("ASSERTION_INVALID");
  NewCase(Oov(), "casus");  // behind them in the queue
  EXPECT_EQ(Count(tlog::LeafKind::kAuthFailure), 60);
}

TEST_F(ActsTest, ARepeatThatMeetsTheFirstOnItsWayIsToldSo) {
  std::promise<void> begun, go;
  journal->Submit(
      [&](storage::Transaction&, journal::LeafSink&) {
        begun.set_value();
        go.get_future().wait();
        return absl::OkStatus();
      },
      [](const auto&) {});
  begun.get_future().wait();
  const CaseId id = CaseId::FromBytes(RandomArray<16>());
  const RequestStamp stamp = Stamp("CreateCase");
  const auto open = [&](const Desk& desk) {
    auto reply = std::make_shared<std::promise<absl::StatusOr<CaseResult>>>();
    service->OpenCase(
        As(desk), stamp, {desk.party, id, "casus"},
        [reply](absl::StatusOr<CaseResult> result) { reply->set_value(std::move(result)); });
    return reply->get_future();
  };
  std::future<absl::StatusOr<CaseResult>> first = open(Oov());
  for (const Desk& desk : {Oov(), Alderman()}) {
    const absl::Status repeated = open(desk).get().status();
    EXPECT_EQ(repeated.code(), absl::StatusCode::kAborted);
    EXPECT_EQ(ReasonOf(repeated), "REQUEST_IN_PROGRESS");
  }
  // The id is that of one organisation only.
  std::future<absl::StatusOr<CaseResult>> elsewhere = open(SmallTown());
  go.set_value();
  EXPECT_OK(first.get().status());
  EXPECT_EQ(ReasonOf(elsewhere.get().status()), "ID_TAKEN");
  EXPECT_OK(open(Oov()).get().status());
  EXPECT_EQ(Count(tlog::LeafKind::kCaseChange), 1);
}

}  // namespace
}  // namespace sluis::exchange::testing
