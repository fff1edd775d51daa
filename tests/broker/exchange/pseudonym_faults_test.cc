// One thing that goes wrong must not take others with it: errands that fail, desks that say no or
// leave while a release waits, calls that come twice.
#include <gmock/gmock.h>

#include <algorithm>

#include "broker/exchange/errands.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "tests/broker/exchange/pseudonym_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = storage::ExchangeState;

class PseudonymFaultsTest : public PseudonymWorld {
 protected:
  PseudonymFaultsTest() : riec_(OpenSessionOf(RiecOffice())), oov_(OpenSessionOf(Oov())) {
    first.orders.clear();
    second.orders.clear();
  }

  // A signal that was released while `port` was away.
  ExchangeId Waiting(PortToOne& port) {
    const auto asked = Create(Oov(), Signal(Oov()));
    port.away = true;
    SendTerms terms;
    terms.queued = true;
    terms.lifetime = absl::Hours(72);
    const auto sent = AnswerWith(Oov(), SendAbout(*asked, oov_, {kBsn}, SignalFields(), terms));
    EXPECT_OK(sent.status());
    EXPECT_EQ(sent->exchange.state, State::kQueued);
    return sent->exchange.id;
  }
  bool HasContent(const ExchangeId& id) {
    return store.Snapshot().value()->FindMailbox(id).value().has_value();
  }
  std::size_t Errands(const std::string& queue) {
    return store.Snapshot().value()->ListErrands(queue, "", 100)->size();
  }
  template <typename Change>
  void InStore(Change change) {
    const auto transaction = store.Begin().value();
    EXPECT_OK(change(*transaction));
    EXPECT_OK(transaction->Commit());
  }
  void Damage(const ExchangeId& id) {
    storage::MailboxRecord content = store.Snapshot().value()->FindMailbox(id).value().value();
    content.signed_requests.at(0).pop_back();
    InStore([&](storage::Transaction& transaction) { return transaction.PutMailbox(content); });
  }
  pseudonym::Domain Table() {
    const auto asked = Create(Oov(), Signal(Oov()));
    return pseudonym::Domain::Case(1, asked->exchange.domain.hex(),
                                   pseudonym::Party::Of(RiecOffice().party), "riec-signaalweging")
        .value();
  }
  // A domain in which nothing waits.
  static pseudonym::Domain Elsewhere() {
    return pseudonym::Domain::Case(1, std::string(32, 'a'),
                                   pseudonym::Party::Of(RiecOffice().party), "riec-signaalweging")
        .value();
  }
  Json RecordOf(std::uint64_t leaf) {
    const auto reader = store.Snapshot().value();
    return Json::parse(journal->OpenRecord(*reader, leaf).value().record);
  }

  const Session riec_, oov_;
};

TEST_F(PseudonymFaultsTest, OrdersGoBeforeArrangementsAndARefusedOneStopsNothing) {
  const pseudonym::Domain table = Table();
  second.away = true;
  ASSERT_OK(RegisterMandate());
  ASSERT_OK(Revoke(RiecOffice(), riec_).status());
  ASSERT_OK(Shred(RiecOffice(), table).status());
  second.away = false;
  second.refuses_arrangements = Error(ErrorCode::kPrecondition, "FIELD_INVALID", "not so");
  ASSERT_OK(service->RunErrands().status());
  EXPECT_THAT(second.orders, ElementsAre("shred", "revoke", "arrangement"));
  EXPECT_EQ(Errands(HopQueue(2)), 0u);
}

TEST_F(PseudonymFaultsTest, AnApproversNoWhileItWaitsLeavesNothingSealed) {
  const ExchangeId id = Waiting(first);
  const auto denied = Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
    service->ApproveOne(As(PrivacyOfficer()), Stamp("ApproveExchange"),
                        {id, "privacy-officer", false}, std::move(reply));
  });
  ASSERT_OK(denied.status());
  EXPECT_EQ(denied->exchange.state, State::kDenied);
  EXPECT_FALSE(HasContent(id));
  EXPECT_EQ(Errands(kTripQueue), 0u);
  EXPECT_EQ(denied->exchange.expire_time, absl::InfiniteFuture());
}

TEST_F(PseudonymFaultsTest, ARevocationIsTakenAnHourLater) {
  second.away = true;
  ASSERT_OK(Revoke(RiecOffice(), riec_).status());
  clock.Advance(absl::Hours(1));
  second.away = false;
  ASSERT_OK(service->RunErrands().status());
  const auto ended = second.state->FindSession(riec_.context.bytes()).value();
  ASSERT_TRUE(ended.has_value());
  EXPECT_LE(ended->end, clock.Now());
}

TEST_F(PseudonymFaultsTest, AReleaseThatFailsStopsNoOther) {
  std::vector<ExchangeId> ids = {Waiting(first), Waiting(first)};
  std::sort(ids.begin(), ids.end(), [](const auto& a, const auto& b) { return a.hex() < b.hex(); });
  ASSERT_OK(Shred(RiecOffice(), Elsewhere()).status());
  Damage(ids[0]);
  first.away = false;
  ASSERT_OK(service->RunErrands().status());
  EXPECT_EQ(Stored(ids[0]).state, State::kQueued);
  EXPECT_EQ(Stored(ids[1]).state, State::kAnswered);
  EXPECT_EQ(Errands(HopQueue(1)), 0u);
}

TEST_F(PseudonymFaultsTest, WhatCannotBeReadInOneQueueDoesNotStopTheOrders) {
  InStore([&](storage::Transaction& transaction) {
    return transaction.PutErrand({kReadyQueue, "no party", {}, clock.Now()});
  });
  InStore([&](storage::Transaction& transaction) {
    return transaction.PutErrand({HopQueue(1), "no order", {}, clock.Now()});
  });
  first.away = true;
  ASSERT_OK(Revoke(RiecOffice(), riec_).status());
  first.away = false;
  ASSERT_OK(service->RunErrands().status());
  EXPECT_THAT(first.orders, ElementsAre("revoke"));
}

TEST_F(PseudonymFaultsTest, WhatTheRulesNoLongerKnowIsGivenBack) {
  const ExchangeId id = Waiting(first);
  storage::ExchangeRecord exchange = Stored(id);
  exchange.fields.push_back("f-of-an-older-pack");
  InStore([&](storage::Transaction& transaction) { return transaction.PutExchange(exchange); });
  first.away = false;
  ASSERT_OK(service->RunErrands().status());
  EXPECT_EQ(Stored(id).state, State::kForwarded);
  EXPECT_EQ(Stored(id).release_refusal, "FIELD_INVALID");
  EXPECT_FALSE(HasContent(id));
  EXPECT_EQ(Errands(kTripQueue), 0u);
}

TEST_F(PseudonymFaultsTest, AReplayedAssertionShredsNothing) {
  const pseudonym::Domain table = Table();
  const Caller once = As(RiecOffice());
  ASSERT_OK(ShredAs(once, Stamp("ShredDomain"), Elsewhere()).status());
  const int leaves = Count(tlog::LeafKind::kKeyChange);
  EXPECT_EQ(ReasonOf(ShredAs(once, Stamp("ShredDomain"), table).status()), "ASSERTION_REPLAYED");
  EXPECT_THAT(first.orders, ElementsAre("shred"));
  EXPECT_THAT(second.orders, ElementsAre("shred"));
  EXPECT_EQ(Count(tlog::LeafKind::kKeyChange), leaves);
  EXPECT_EQ(Errands(HopQueue(1)) + Errands(HopQueue(2)), 0u);
}

TEST_F(PseudonymFaultsTest, AnOrderIsInTheLogBeforeAnybodyCarriesItOut) {
  const int leaves = Count(tlog::LeafKind::kKeyChange);
  first.away = second.away = true;
  const auto ordered = Shred(RiecOffice(), Table());
  ASSERT_OK(ordered.status());
  EXPECT_THAT(ordered->done, IsEmpty());
  ASSERT_EQ(ordered->receipts.size(), 1u);
  CheckReceipts(ordered->receipts);
  EXPECT_EQ(Count(tlog::LeafKind::kKeyChange), leaves + 1);
  EXPECT_EQ(Errands(HopQueue(1)), 1u);
  EXPECT_EQ(Errands(HopQueue(2)), 1u);
}

TEST_F(PseudonymFaultsTest, ARepeatedOrderIsAnsweredWithWhatBecameOfItAndLoggedOnce) {
  const pseudonym::Domain table = Table();
  const RequestStamp stamp = Stamp("ShredDomain");
  const auto once = ShredAs(As(RiecOffice()), stamp, table);
  ASSERT_OK(once.status());
  const int leaves = Count(tlog::LeafKind::kKeyChange);
  const auto twice = ShredAs(As(RiecOffice()), stamp, table);
  ASSERT_OK(twice.status());
  EXPECT_EQ(twice->done, once->done);
  EXPECT_EQ(twice->done.size(), 2u);
  EXPECT_EQ(Count(tlog::LeafKind::kKeyChange), leaves);
}

TEST_F(PseudonymFaultsTest, AReplayedAssertionOpensNoSession) {
  const Caller once = As(Oov());
  const auto open = [&] {
    const auto context = pseudonym::Context::Draw(pseudonym::Party::Of(Oov().party)).value();
    const Bytes wire =
        pseudonym::SignSession(context, clock.Now(), clock.Now() + absl::Seconds(300),
                               clock.Now() + absl::Hours(24), KeyOf(Oov()))
            .value()
            .bytes();
    const PartyOrder order{Oov().party, wire.substr(4, wire.size() - 4 - 64),
                           wire.substr(wire.size() - 64)};
    return Await<SessionResult>([&](Reply<SessionResult> reply) {
             service->OpenSession(once, Stamp("OpenSession"), order, std::move(reply));
           })
        .status();
  };
  ASSERT_OK(open());
  EXPECT_EQ(ReasonOf(open()), "ASSERTION_REPLAYED");
  EXPECT_THAT(first.orders, ElementsAre("open"));
  EXPECT_THAT(second.orders, ElementsAre("open"));
}

TEST_F(PseudonymFaultsTest, NothingIsTranscribedForAnExchangeThatDoesNotWaitForIt) {
  const auto asked = Create(Oov(), Signal(Oov()));
  const Answer answer = SendAbout(*asked, oov_, {kBsn}, SignalFields());
  ASSERT_OK(AnswerWith(Oov(), answer).status());
  const int transcribed = first.transcribed;
  EXPECT_EQ(ReasonOf(AnswerWith(Oov(), answer).status()), "EXCHANGE_CLOSED");
  EXPECT_EQ(first.transcribed, transcribed);

  const ExchangeId waits = Waiting(second);
  const int made = first.transcribed;
  ExchangeResult again = *asked;
  again.exchange = Stored(waits);
  EXPECT_EQ(ReasonOf(AnswerWith(Oov(), SendAbout(again, oov_, {kBsn}, SignalFields())).status()),
            "EXCHANGE_CLOSED");
  EXPECT_EQ(first.transcribed, made);
}

TEST_F(PseudonymFaultsTest, TheSameReleaseTwiceAtOnceIsTranscribedOnce) {
  const auto asked = Create(Oov(), Signal(Oov()));
  const Answer answer = SendAbout(*asked, oov_, {kBsn}, SignalFields());
  const RequestStamp stamp = Stamp("AnswerExchange");
  absl::Status repeated;
  first.meanwhile = [&] {
    service->AnswerOne(As(Oov()), stamp, answer,
                       [&](const auto& result) { repeated = result.status(); });
  };
  const int transcribed = first.transcribed;
  const Caller caller = As(Oov());
  const auto send = [&](const Caller& by, const RequestStamp& as) {
    return Await<ExchangeResult>(
               [&](Reply<ExchangeResult> reply) { service->AnswerOne(by, as, answer, reply); })
        .status();
  };
  EXPECT_OK(send(caller, stamp));
  EXPECT_EQ(ReasonOf(repeated), "REQUEST_IN_PROGRESS");
  EXPECT_EQ(first.transcribed, transcribed + 1);
  EXPECT_OK(send(As(Oov()), stamp)) << "a repeat, once it has ended";
  EXPECT_EQ(first.transcribed, transcribed + 1);
}

TEST_F(PseudonymFaultsTest, AnAssertionIsUsedUpBeforeAnythingIsTranscribed) {
  const auto asked = Create(Oov(), Signal(Oov()));
  const Answer answer = SendAbout(*asked, oov_, {kBsn}, SignalFields());
  const Caller once = As(Oov());
  const auto send = [&](const Caller& by, const RequestStamp& as) {
    return ReasonOf(Await<ExchangeResult>([&](Reply<ExchangeResult> reply) {
                      service->AnswerOne(by, as, answer, reply);
                    }).status());
  };
  const RequestStamp stamp = Stamp("AnswerExchange");
  second.away = true;
  EXPECT_EQ(send(once, stamp), "TRANSCRYPTOR_UNAVAILABLE");
  const int transcribed = first.transcribed;
  EXPECT_EQ(send(once, stamp), "ASSERTION_REPLAYED");
  EXPECT_EQ(first.transcribed, transcribed);
  second.away = false;
  EXPECT_EQ(send(As(Oov()), stamp), "") << "the same request with a fresh one";
}

TEST_F(PseudonymFaultsTest, NothingIsReleasedToAPartnerThatIsSuspended) {
  const auto asked = Create(Oov(), Signal(Oov()));
  const Answer answer = SendAbout(*asked, oov_, {kBsn}, SignalFields());
  riec.entry.suspended = true;
  RenewDirectory();
  const int transcribed = first.transcribed;
  EXPECT_EQ(ReasonOf(AnswerWith(Oov(), answer).status()), "PARTNER_SUSPENDED");
  EXPECT_EQ(first.transcribed, transcribed);
}

TEST_F(PseudonymFaultsTest, WhatWaitedIsCheckedAgainWithANewDirectory) {
  // The recipient's sealing key was replaced: he could not open what is sealed to the old one.
  const ExchangeId id = Waiting(first);
  for (auto& unit : riec.entry.units) {
    if (unit.unit == RiecOffice().party.unit)
      unit.sealing = X25519PrivateKey::Generate().public_key();
  }
  RenewDirectory();
  first.away = false;
  ASSERT_OK(service->RunErrands().status());
  EXPECT_EQ(Stored(id).state, State::kForwarded);
  EXPECT_FALSE(Stored(id).release_refusal.empty());
  EXPECT_FALSE(HasContent(id));
}

TEST_F(PseudonymFaultsTest, WhatWaitedArrivesWhenTheNewDirectorySaysTheSame) {
  const ExchangeId id = Waiting(first);
  RenewDirectory();
  first.away = false;
  ASSERT_OK(service->RunErrands().status());
  EXPECT_EQ(Stored(id).state, State::kAnswered);
}

TEST_F(PseudonymFaultsTest, TheLogNamesWhoReleasedAlsoWhenItArrivesLate) {
  const ExchangeId id = Waiting(first);
  first.away = false;
  ASSERT_OK(service->RunErrands().status());
  const storage::ExchangeRecord stored = Stored(id);
  ASSERT_TRUE(stored.answer_leaf.has_value());
  const Json answer = RecordOf(*stored.answer_leaf);
  EXPECT_EQ(answer.at("orgs").at("acting"), Oov().party.oin.str());
  EXPECT_EQ(answer.at("actor").at("unit"), Oov().party.ToString());
  EXPECT_EQ(answer.at("actor").at("id"), Oov().party.oin.str() + "/" + Oov().person);
  EXPECT_EQ(answer.at("late"), true);
  EXPECT_FALSE(RecordOf(stored.leaves.front()).contains("late"));
}

}  // namespace
}  // namespace sluis::exchange::testing
