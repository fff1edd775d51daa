// What waits and goes on by itself: for a transcryptor that is away, for a recipient without a
// session. Nothing lost, nothing twice.
#include <gmock/gmock.h>

#include "broker/exchange/errands.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/waiting.h"
#include "tests/broker/exchange/pseudonym_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using State = storage::ExchangeState;

constexpr int kSessionReady = static_cast<int>(InboxEvent::kSessionReady);
constexpr int kReleaseRefused = static_cast<int>(InboxEvent::kReleaseRefused);
constexpr int kEnded = static_cast<int>(InboxEvent::kEnded);

class PseudonymQueueTest : public PseudonymWorld {
 protected:
  PseudonymQueueTest() : riec_(OpenSessionOf(RiecOffice())), oov_(OpenSessionOf(Oov())) {}

  static SendTerms Queued(absl::Duration lifetime = absl::Hours(72)) {
    SendTerms terms;
    terms.queued = true;
    terms.lifetime = lifetime;
    return terms;
  }
  // A signal that was released while `port` was away.
  ExchangeResult Waiting(PortToOne& port, const SendTerms& terms) {
    const auto asked = Create(Oov(), Signal(Oov()));
    port.away = true;
    const auto sent = AnswerWith(Oov(), SendAbout(*asked, oov_, {kBsn}, SignalFields(), terms));
    EXPECT_OK(sent.status());
    EXPECT_EQ(sent->exchange.state, State::kQueued);
    EXPECT_EQ(sent->exchange.queue_reason, static_cast<int>(QueueReason::kTranscryptor));
    return *sent;
  }
  bool HasContent(const ExchangeId& id) {
    return store.Snapshot().value()->FindMailbox(id).value().has_value();
  }
  absl::Status Withdraw(const Desk& desk, const ExchangeId& id) {
    return Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
             service->Withdraw(As(desk), Stamp("WithdrawExchange"), id, std::move(reply));
           })
        .status();
  }
  std::size_t Errands(const std::string& queue) {
    return store.Snapshot().value()->ListErrands(queue, "", 100)->size();
  }

  const Session riec_, oov_;
};

TEST_F(PseudonymQueueTest, AReleaseWaitsForTheOneThatIsAwayAndThenArrivesOnce) {
  for (PortToOne* port : {&first, &second}) {
    const ExchangeResult sent = Waiting(*port, Queued());
    const ExchangeId id = sent.exchange.id;
    CheckReceipts(sent.receipts);
    EXPECT_EQ(ReasonOf(Fetch(RiecOffice(), id).status()), "EXCHANGE_CLOSED") << "not there yet";
    const auto waits = service->RunErrands();
    ASSERT_OK(waits.status());
    EXPECT_TRUE(waits->away);
    EXPECT_EQ(Stored(id).state, State::kQueued);

    port->away = false;
    const auto went_on = service->RunErrands();
    ASSERT_OK(went_on.status());
    EXPECT_FALSE(went_on->away);
    EXPECT_EQ(went_on->done, 1);
    EXPECT_EQ(Stored(id).state, State::kAnswered);
    EXPECT_OK(Receive(RiecOffice(), id, riec_).status());
    EXPECT_EQ(service->RunErrands()->done, 0) << "nothing twice";
    EXPECT_THAT(LeavesOf(id), ElementsAre("REQUEST", "DECISION", "DECISION", "DELIVERY", "DECISION",
                                          "ANSWER", "DELIVERY"));
  }
}

TEST_F(PseudonymQueueTest, WhatWaitsOutlivesARestart) {
  const ExchangeResult sent = Waiting(second, Queued());
  Restart();
  second.away = false;
  clock.Advance(absl::Hours(71));
  ASSERT_EQ(service->RunErrands()->done, 1);
  EXPECT_EQ(Stored(sent.exchange.id).state, State::kAnswered);
  EXPECT_OK(Receive(RiecOffice(), sent.exchange.id, riec_).status());
}

TEST_F(PseudonymQueueTest, AfterThreeDaysItExpiresAndNothingOfItIsLeft) {
  const ExchangeResult sent = Waiting(first, Queued());
  EXPECT_LE(sent.exchange.expire_time, clock.Now() + absl::Hours(72));
  clock.Advance(absl::Hours(72) + absl::Seconds(1));
  first.away = false;
  ASSERT_OK(service->SweepExpired(10).status());
  EXPECT_EQ(Stored(sent.exchange.id).state, State::kExpired);
  EXPECT_FALSE(HasContent(sent.exchange.id));
  EXPECT_EQ(Errands("trip"), 0u);
  EXPECT_THAT(LeavesOf(sent.exchange.id), Contains("EXPIRE"));
  const int transcribed = first.transcribed;
  EXPECT_EQ(service->RunErrands()->done, 0);
  EXPECT_EQ(first.transcribed, transcribed);
}

TEST_F(PseudonymQueueTest, TheWorkerDoesNotSendWhatHasExpired) {
  const ExchangeResult sent = Waiting(first, Queued(absl::Hours(2)));
  clock.Advance(absl::Hours(3));
  first.away = false;
  const int transcribed = first.transcribed;
  ASSERT_OK(service->RunErrands().status());
  EXPECT_EQ(first.transcribed, transcribed);
  EXPECT_EQ(Stored(sent.exchange.id).state, State::kExpired);
}

TEST_F(PseudonymQueueTest, WhatWasNotSignedToWaitIsNotKept) {
  const auto asked = Create(Oov(), Signal(Oov()));
  second.away = true;
  const auto sent = AnswerWith(Oov(), SendAbout(*asked, oov_, {kBsn}, SignalFields()));
  EXPECT_EQ(ReasonOf(sent.status()), "TRANSCRYPTOR_UNAVAILABLE");
  EXPECT_TRUE(DetailOf(sent.status()).retry_after.has_value());
  EXPECT_EQ(Stored(asked->exchange.id).state, State::kForwarded);
  EXPECT_FALSE(HasContent(asked->exchange.id));
}

TEST_F(PseudonymQueueTest, TheSenderMayTakeBackWhatWaits) {
  const ExchangeResult sent = Waiting(first, Queued());
  EXPECT_EQ(
      ReasonOf(
          AnswerWith(Oov(), SendAbout(sent, oov_, {}, {{"sig-thema", "category", "t"}})).status()),
      "EXCHANGE_CLOSED")
      << "one release at a time";
  ASSERT_OK(Withdraw(Oov(), sent.exchange.id));
  first.away = false;
  EXPECT_EQ(service->RunErrands()->done, 0);
  EXPECT_EQ(Stored(sent.exchange.id).state, State::kWithdrawn);
  EXPECT_FALSE(HasContent(sent.exchange.id));
}

TEST_F(PseudonymQueueTest, ARefusalAfterTheWaitGivesItBackToTheSender) {
  const ExchangeResult sent = Waiting(second, Queued());
  second.away = false;
  second.corrupt = [](storage::HopRecord& record) { record.signature[0] ^= 1; };
  ASSERT_EQ(service->RunErrands()->done, 1);
  const storage::ExchangeRecord stored = Stored(sent.exchange.id);
  EXPECT_EQ(stored.state, State::kForwarded);
  EXPECT_EQ(stored.release_refusal, "TRANSCRYPTOR_FAULT");
  EXPECT_FALSE(HasContent(sent.exchange.id));
  EXPECT_THAT(InboxEvents(Oov()), Contains(kReleaseRefused));
  EXPECT_THAT(InboxEvents(RiecOffice()), Not(Contains(kEnded)));

  // He may release again, with a fresh decision.
  second.corrupt = nullptr;
  const auto prepared = PrepareWith(Oov(), sent.exchange.id, "avg", "bestuurder");
  ASSERT_OK(prepared.status());
  const auto again = AnswerWith(Oov(), SendAbout(*prepared, oov_, {kBsn}, SignalFields()));
  ASSERT_OK(again.status());
  EXPECT_EQ(again->exchange.state, State::kAnswered);
  EXPECT_TRUE(again->exchange.release_refusal.empty());
}

class PseudonymSessionTest : public PseudonymQueueTest {};

TEST_F(PseudonymSessionTest, ADisclosureWaitsForTheRecipientsSessionWithoutAnyContent) {
  // OOV's own session ends; the supervisor writes to it.
  clock.Advance(absl::Hours(24 * 31));
  const auto asked = Create(Supervisor(), InsideSignal());
  ASSERT_OK(asked.status());
  EXPECT_EQ(asked->exchange.state, State::kQueued);
  EXPECT_EQ(asked->exchange.queue_reason, static_cast<int>(QueueReason::kRecipientSession));
  EXPECT_TRUE(asked->exchange.statement.empty());
  EXPECT_FALSE(HasContent(asked->exchange.id));
  EXPECT_EQ(service->RunErrands()->done, 0);

  OpenSessionOf(Oov());
  Restart();  // the work to be done outlives it
  EXPECT_EQ(service->RunErrands()->done, 1);
  EXPECT_EQ(Stored(asked->exchange.id).state, State::kForwarded);
  EXPECT_THAT(InboxEvents(Supervisor()), Contains(kSessionReady));
  EXPECT_EQ(service->RunErrands()->done, 0);

  const auto prepared = PrepareWith(Supervisor(), asked->exchange.id, "avg", "bewoner");
  ASSERT_OK(prepared.status());
  const Session supervisor = OpenSessionOf(Supervisor());
  SendTerms terms;
  terms.category = "bewoner";
  EXPECT_OK(AnswerWith(Supervisor(), SendAbout(*prepared, supervisor, {kBsn},
                                               {{"p-naam", "pseudonym", R"({"ref":0})"}}, terms))
                .status());
  EXPECT_THAT(
      LeavesOf(asked->exchange.id),
      ElementsAre("REQUEST", "DECISION", "DELIVERY", "DELIVERY", "DECISION", "DECISION", "ANSWER"));
}

TEST_F(PseudonymSessionTest, WhileItWaitsItMayBeSentWithoutPseudonymsOrTakenBack) {
  clock.Advance(absl::Hours(24 * 31));
  CreateExchange ask = InsideSignal();
  const auto one = Create(Supervisor(), ask);
  ask.case_id = CaseId::FromBytes({7});
  const auto two = Create(Supervisor(), ask);
  ASSERT_EQ(two->exchange.state, State::kQueued);
  EXPECT_OK(
      AnswerWith(Supervisor(), Release(*one, {{"sig-thema", "category", "t"}}, "avg", "bewoner"))
          .status());
  ASSERT_OK(Withdraw(Supervisor(), two->exchange.id));
  EXPECT_EQ(Errands(SessionQueue(Oov().party)), 0u);
}

TEST_F(PseudonymSessionTest, ARevokedSessionIsNotSentTo) {
  const auto head =
      pseudonym::SignSession(riec_.context, clock.Now(), clock.Now() + absl::Seconds(300),
                             clock.Now(), KeyOf(RiecOffice()))
          .value();
  const Bytes& wire = head.bytes();
  const PartyOrder order{RiecOffice().party, wire.substr(4, wire.size() - 4 - 64),
                         wire.substr(wire.size() - 64)};
  second.away = true;
  const auto revoked = Await<OrderResult>([&](Reply<OrderResult> reply) {
    service->RevokeSession(As(RiecOffice()), Stamp("RevokeSession"), order, std::move(reply));
  });
  ASSERT_OK(revoked.status());
  EXPECT_EQ(Errands("hop 2"), 1u) << "the order goes on by itself";
  const auto asked = Create(Oov(), Signal(Oov()));
  EXPECT_EQ(asked->exchange.state, State::kQueued);
  second.away = false;
  EXPECT_EQ(service->RunErrands()->done, 1);
  EXPECT_EQ(Errands("hop 2"), 0u);
  EXPECT_EQ(Count(tlog::LeafKind::kKeyChange), 2 + 1 + 1 + 1)
      << "two sessions, the order, that the first took it, and the second later";
}

TEST_F(PseudonymSessionTest, ASessionIsOpenedByItsOwnUnitAndNotWhileOneIsAway) {
  const auto head_of = [&](const Desk& desk, const Desk& signer) {
    const auto context = pseudonym::Context::Draw(pseudonym::Party::Of(desk.party)).value();
    return pseudonym::SignSession(context, clock.Now(), clock.Now() + absl::Seconds(300),
                                  clock.Now() + absl::Hours(24), KeyOf(signer))
        .value();
  };
  EXPECT_EQ(ReasonOf(TryOpenSession(Oov(), head_of(Supervisor(), Supervisor())).status()),
            "E_SENDER");
  EXPECT_EQ(ReasonOf(TryOpenSession(Oov(), head_of(Oov(), Supervisor())).status()), "E_SIGNATURE");
  second.away = true;
  const auto head = head_of(Oov(), Oov());
  EXPECT_EQ(ReasonOf(TryOpenSession(Oov(), head).status()), "TRANSCRYPTOR_UNAVAILABLE");
  second.away = false;
  EXPECT_OK(TryOpenSession(Oov(), head).status()) << "the same bytes again";
}

TEST_F(PseudonymSessionTest, ARepeatedOpeningGivesTheSameShares) {
  const auto context = pseudonym::Context::Draw(pseudonym::Party::Of(Oov().party)).value();
  const auto head = pseudonym::SignSession(context, clock.Now(), clock.Now() + absl::Seconds(300),
                                           clock.Now() + absl::Hours(24), KeyOf(Oov()))
                        .value();
  const Bytes& wire = head.bytes();
  const PartyOrder order{Oov().party, wire.substr(4, wire.size() - 4 - 64),
                         wire.substr(wire.size() - 64)};
  const RequestStamp stamp = Stamp("OpenSession");
  const auto open = [&] {
    return Await<SessionResult>([&](Reply<SessionResult> reply) {
      service->OpenSession(As(Oov()), stamp, order, std::move(reply));
    });
  };
  const auto once = open();
  first.away = second.away = true;
  const auto twice = open();
  ASSERT_OK(twice.status());
  EXPECT_EQ(once->halves[0].sealed_share, twice->halves[0].sealed_share);
  EXPECT_EQ(once->halves[1].evaluation.point, twice->halves[1].evaluation.point);
  EXPECT_EQ(once->end, twice->end);
}

TEST_F(PseudonymSessionTest, AShreddedTableIsClosedForEver) {
  const auto asked = Create(Oov(), Signal(Oov()));
  ASSERT_OK(AnswerWith(Oov(), SendAbout(*asked, oov_, {kBsn}, SignalFields())).status());
  const auto table =
      pseudonym::Domain::Case(1, asked->exchange.domain.hex(),
                              pseudonym::Party::Of(RiecOffice().party), "riec-signaalweging")
          .value();
  EXPECT_EQ(ReasonOf(Shred(Oov(), table).status()), "E_SENDER") << "it is the RIEC's";
  second.away = true;
  const auto shredded = Shred(RiecOffice(), table);
  ASSERT_OK(shredded.status());
  EXPECT_EQ(shredded->done.size(), 1u);
  second.away = false;
  EXPECT_EQ(service->RunErrands()->done, 1);
  EXPECT_EQ(Shred(RiecOffice(), table)->done.size(), 2u);

  const auto late = Create(Oov(), Signal(Oov()));
  const auto sent = AnswerWith(Oov(), SendAbout(*late, oov_, {kBsn}, SignalFields()));
  EXPECT_EQ(ReasonOf(sent.status()), "E_CASE_CLOSED");
  EXPECT_EQ(Stored(late->exchange.id).state, State::kForwarded);
}

}  // namespace
}  // namespace sluis::exchange::testing
