// Who knows somebody, yes or no: from the asker's edge to the owner's register and back.
#include <gtest/gtest.h>

#include <set>

#include "lib/base/file.h"
#include "lib/pseudonym/inquiry.h"
#include "tests/clients/lib/inquiry_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class EdgeInquiryTest : public ::testing::Test {
 protected:
  InquiryWorld world_;
};

std::vector<bool> HitsOf(const OpenedAnswer& answer) {
  std::vector<bool> hits;
  const std::vector<AskedHit> read = ParseHits(answer.values.front()).value();
  for (const AskedHit& one : read) hits.push_back(one.hit);
  return hits;
}

TEST_F(EdgeInquiryTest, ManyAreAskedAndEachAnswersForItself) {
  const auto town = world_.Town();
  ASSERT_OK_AND_ASSIGN(const auto parts, town->Inquire(world_.Both(), People({kAlice, kBob})));
  ASSERT_THAT(parts, SizeIs(2));
  for (const InquiryPart& part : parts) {
    EXPECT_OK(part.sent);
    EXPECT_TRUE(part.exchange.subject_sent());
    EXPECT_FALSE(part.by_hand);
  }
  ASSERT_OK(world_.Answer(*world_.Police(), parts[0].exchange.name(), {kBob}));
  ASSERT_OK(world_.Answer(*world_.Prosecution(), parts[1].exchange.name(), {}));
  ASSERT_OK_AND_ASSIGN(const auto police, town->OpenAnswer(parts[0].exchange.name()));
  ASSERT_OK_AND_ASSIGN(const auto om, town->OpenAnswer(parts[1].exchange.name()));
  EXPECT_EQ(HitsOf(police), (std::vector<bool>{false, true}));
  EXPECT_EQ(HitsOf(om), (std::vector<bool>{false, false}));
  // It is the same when it is read again.
  ASSERT_OK_AND_ASSIGN(const auto again, town->OpenAnswer(parts[0].exchange.name()));
  EXPECT_EQ(HitsOf(again), HitsOf(police));
}

TEST_F(EdgeInquiryTest, NobodyOnTheWaySeesTheNumbersAndEachProviderGetsItsOwnBlinds) {
  ASSERT_OK(world_.Town()->Inquire(world_.Both(), People({kAlice, kBob})));
  std::set<std::string> firsts, digests;
  std::size_t items = 0;
  for (const auto& seen : world_.broker.SeenOf("SendSubject")) {
    EXPECT_THAT(seen.request, Not(HasSubstr(kAlice)));
    const pseudonym::SignedRequest request = SignedIn(seen.request);
    for (const auto& item : request.items()) {
      firsts.insert(std::string(item.ciphertext.b.bytes()));
      digests.insert(ToBytes(item.ciphertext.ItemDigest()));
      ++items;
    }
  }
  EXPECT_EQ(items, 8U);  // two providers, two people among four
  EXPECT_THAT(firsts, SizeIs(8));
  EXPECT_THAT(digests, SizeIs(8));
  for (const auto& seen : world_.broker.seen) EXPECT_THAT(seen.request, Not(HasSubstr(kBob)));
}

TEST_F(EdgeInquiryTest, PositionsAreMixed) {
  std::set<std::size_t> places;
  for (int i = 0; i < 40 && places.size() < 4; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto parts,
                         world_.Town()->Inquire(world_.OfPolice(), People({kAlice, kBob})));
    ASSERT_OK_AND_ASSIGN(const auto found,
                         world_.Found(*world_.Police(), parts[0].exchange.name(), {kAlice}));
    for (std::size_t at = 0; at < found.size(); ++at) {
      if (found[at]) places.insert(at);
    }
  }
  EXPECT_THAT(places, SizeIs(4));
}

// N-NOHIT: what nobody matched is nowhere once the answer left.
TEST_F(EdgeInquiryTest, NothingOfWhoWasNotKnownStaysWithTheOwner) {
  ASSERT_OK_AND_ASSIGN(const auto parts,
                       world_.Town()->Inquire(world_.OfPolice(), People({kAlice, kBob})));
  std::vector<Bytes> unmatched;
  {
    const auto police = world_.Police();
    const LookUp look_up = world_.RegisterOf({kBob});
    ASSERT_OK_AND_ASSIGN(const auto shown, police->Get(parts[0].exchange.name()));
    ASSERT_OK_AND_ASSIGN(
        const auto found,
        police->ReadQuestion(
            shown,
            [&](const pseudonym::IndexPseudonym& asked) -> absl::StatusOr<std::optional<Subject>> {
              auto met = look_up(asked);
              if (met.ok() && !*met) {
                unmatched.emplace_back(asked.bytes(SecretAccess::ForTest()));
                unmatched.emplace_back(pseudonym::IndexKey(asked).Reveal(SecretAccess::ForTest()));
              }
              return met;
            }));
    ASSERT_OK(AnswerFound(*police, shown, found));
  }
  ASSERT_THAT(unmatched, SizeIs(6));  // two fillers and Alice
  for (const auto& file : std::filesystem::recursive_directory_iterator(world_.PoliceParty())) {
    if (!file.is_regular_file()) continue;
    const Bytes content = ReadFile(file.path(), 64 << 20).value();
    for (const Bytes& one : unmatched) {
      EXPECT_THAT(content, Not(HasSubstr(one))) << file.path();
    }
    EXPECT_THAT(content, Not(HasSubstr(kAlice))) << file.path();
  }
  EXPECT_TRUE(std::filesystem::is_empty(world_.PoliceParty() / "answers"));
}

TEST_F(EdgeInquiryTest, OnlyAYesGoesOnRecordAndOnlyOnce) {
  const auto town = world_.Town();
  ASSERT_OK_AND_ASSIGN(const auto parts, town->Inquire(world_.OfPolice(), People({kAlice, kBob})));
  const std::string& name = parts[0].exchange.name();
  EXPECT_THAT(town->RecordHit(name, 1), HasReason("ANSWER_NOT_HERE"));
  ASSERT_OK(world_.Answer(*world_.Police(), name, {kBob}));
  ASSERT_OK(town->OpenAnswer(name));
  EXPECT_THAT(town->RecordHit(name, 1), HasReason("NOT_A_HIT"));
  EXPECT_THAT(town->RecordHit(name, 3), HasReason("FIELD_INVALID"));
  EXPECT_THAT(town->RecordHit(name, 0), HasReason("FIELD_INVALID"));
  ASSERT_OK_AND_ASSIGN(const auto recorded, town->RecordHit(name, 2));
  EXPECT_EQ(recorded.recorded_hits_size(), 1);
  ASSERT_OK(town->RecordHit(name, 2));
  EXPECT_THAT(world_.broker.SeenOf("RecordHit"), SizeIs(1));
}

TEST_F(EdgeInquiryTest, AYesThatTheOwnerDidNotSignIsNoYes) {
  const auto town = world_.Town();
  ASSERT_OK_AND_ASSIGN(const auto parts, town->Inquire(world_.OfPolice(), People({kAlice})));
  const std::string& name = parts[0].exchange.name();
  const ExchangeId id = ParseExchangeName(name)->id;
  const auto answer_signed_by = [&](const Ed25519PrivateKey& key, const ExchangeId& exchange) {
    const auto police = world_.Police();
    const auto shown = police->Get(name);
    auto content = InquiryContent(*shown, {true}, 1, key).value();
    if (exchange != id) {
      const std::array<bool, 1> yes = {true};
      content.values[0].value = pseudonym::EncodeHits(exchange, yes, key);
    }
    return police->Answer(*shown, content);
  };
  ASSERT_OK(answer_signed_by(Ed25519PrivateKey::Generate(), id));
  const auto opened = town->OpenAnswer(name);
  EXPECT_THAT(opened, HasReason("E_SIGNATURE"));
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("operator"));
  EXPECT_THAT(town->ReadAnswer(name), HasReason("ANSWER_NOT_HERE"));

  // Of another partner, or of another question of the same partner: as little.
  for (const bool of_another_partner : {true, false}) {
    world_.broker.exchanges.at(name).set_state(wire::EXCHANGE_STATE_FORWARDED);
    const auto& key = of_another_partner ? *world_.prosecution.signing.at(kProsecutionUnit)
                                         : *world_.police.signing.at(kPoliceUnit);
    ASSERT_OK(answer_signed_by(key, of_another_partner ? id : ExchangeId::FromBytes({7})));
    EXPECT_THAT(town->OpenAnswer(name), HasReason("E_SIGNATURE"));
  }
}

TEST_F(EdgeInquiryTest, AnAnswerNeedsOneYesOrNoPerPosition) {
  ASSERT_OK_AND_ASSIGN(const auto parts,
                       world_.Town()->Inquire(world_.OfPolice(), People({kAlice, kBob})));
  const auto police = world_.Police();
  ASSERT_OK_AND_ASSIGN(const auto shown, police->Get(parts[0].exchange.name()));
  for (const std::size_t count : {0U, 1U, 3U, 5U, 300U}) {
    EXPECT_THAT(police->AnswerInquiry(shown, std::vector<bool>(count), {}),
                HasReason("FIELD_INVALID"));
  }
  EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), IsEmpty());
}

TEST_F(EdgeInquiryTest, WithoutASessionOfTheProviderItWaitsAndIsSentLater) {
  auto contexts = world_.broker.live_contexts[world_.PoliceName()];
  world_.broker.live_contexts[world_.PoliceName()].clear();
  const auto town = world_.Town();
  ASSERT_OK_AND_ASSIGN(const auto parts, town->Inquire(world_.OfPolice(), People({kAlice})));
  EXPECT_EQ(parts[0].exchange.state(), wire::EXCHANGE_STATE_QUEUED);
  EXPECT_OK(parts[0].sent);
  ASSERT_OK_AND_ASSIGN(const auto waits, town->SendSubject(parts[0].exchange.name()));
  EXPECT_EQ(waits.state(), wire::EXCHANGE_STATE_QUEUED);
  EXPECT_THAT(world_.broker.SeenOf("SendSubject"), IsEmpty());
  world_.broker.live_contexts[world_.PoliceName()] = contexts;
  ASSERT_OK_AND_ASSIGN(const auto sent, town->SendSubject(parts[0].exchange.name()));
  EXPECT_TRUE(sent.subject_sent());
  ASSERT_OK(world_.Answer(*world_.Police(), parts[0].exchange.name(), {kAlice}));
  ASSERT_OK_AND_ASSIGN(const auto answer, town->OpenAnswer(parts[0].exchange.name()));
  EXPECT_EQ(HitsOf(answer), std::vector<bool>{true});
}

TEST_F(EdgeInquiryTest, APartnerWithoutAnIndexIsAskedByHandAboutOneNumber) {
  world_.DropRegisters();
  const auto town = world_.Town();
  EXPECT_THAT(town->Inquire(world_.OfPolice(), People({kAlice, kBob})),
              HasReason("BY_HAND_NOT_POSSIBLE"));
  EXPECT_THAT(world_.broker.SeenOf("BatchCreateExchanges"), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto parts, town->Inquire(world_.OfPolice(), People({kAlice})));
  EXPECT_TRUE(parts[0].by_hand);
  EXPECT_THAT(world_.broker.SeenOf("SendSubject"), IsEmpty());
  const auto police = world_.Police();
  ASSERT_OK_AND_ASSIGN(const auto shown, police->Get(parts[0].exchange.name()));
  ASSERT_OK_AND_ASSIGN(const AskedSubject asked, police->ReadSubject(shown));
  EXPECT_TRUE(asked.subject.Equals(Bsn(kAlice)));
  ASSERT_OK(police->AnswerInquiry(shown, {true}, {}));
  ASSERT_OK_AND_ASSIGN(const auto answer, town->OpenAnswer(parts[0].exchange.name()));
  EXPECT_EQ(HitsOf(answer), std::vector<bool>{true});
  ASSERT_OK_AND_ASSIGN(const auto traces, town->FindSubject(Bsn(kAlice)));
  EXPECT_THAT(traces, SizeIs(1));
}

TEST_F(EdgeInquiryTest, WhoIsKnownByPseudonymAloneIsAskedWithoutANumber) {
  const HeldPseudonym alice = world_.MeetAlice();
  const auto town = world_.Town();
  std::vector<ReleasedSubject> about;
  about.emplace_back(HeldPseudonym{alice.domain, alice.pseudonym.Clone(), alice.human_form});
  InquiryTerms terms = world_.OfPolice();
  EXPECT_THAT(town->Inquire(terms, about), HasReason("PSEUDONYM_OF_ANOTHER_DOMAIN"));
  terms.from_domain = alice.domain.case_id();
  terms.from_purpose = alice.domain.purpose();
  ASSERT_OK_AND_ASSIGN(const auto parts, town->Inquire(terms, about));
  EXPECT_OK(parts[0].sent);
  ASSERT_OK(world_.Answer(*world_.Police(), parts[0].exchange.name(), {kAlice}));
  ASSERT_OK_AND_ASSIGN(const auto answer, town->OpenAnswer(parts[0].exchange.name()));
  ASSERT_OK_AND_ASSIGN(const auto hits, ParseHits(answer.values.front()));
  EXPECT_EQ(hits[0].who, alice.human_form);
  EXPECT_TRUE(hits[0].hit);

  // Where nobody keeps an index there is nothing to look up, and nothing is sent to anybody.
  world_.DropRegisters();
  const auto later = world_.Town();
  const std::size_t before = world_.broker.SeenOf("BatchCreateExchanges").size();
  const auto refused = later->Inquire(terms, about);
  EXPECT_THAT(refused, HasReason("BY_HAND_NOT_POSSIBLE"));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr(kPoliceUnit));
  EXPECT_THAT(world_.broker.SeenOf("BatchCreateExchanges"), SizeIs(before));
}

TEST_F(EdgeInquiryTest, ARequestFromAPseudonymIsFoundInTheIndex) {
  const HeldPseudonym alice = world_.MeetAlice();
  ExchangeTerms terms = world_.Terms();
  terms.from_domain = alice.domain.case_id();
  terms.from_purpose = alice.domain.purpose();
  ASSERT_OK_AND_ASSIGN(const InquiryPart asked, world_.Town()->AskByPseudonym(terms, alice));
  EXPECT_OK(asked.sent);
  EXPECT_TRUE(asked.exchange.subject_sent());
  ASSERT_OK_AND_ASSIGN(const auto found,
                       world_.Found(*world_.Police(), asked.exchange.name(), {kAlice, kBob}));
  ASSERT_THAT(found, SizeIs(1));
  ASSERT_TRUE(found[0].has_value());
  EXPECT_TRUE(found[0]->Equals(Bsn(kAlice)));
  ASSERT_OK(AnswerNamed(*world_.Police(), asked.exchange.name(), EdgeWorld::Content()));
  ASSERT_OK(world_.Town()->OpenAnswer(asked.exchange.name()));
}

TEST_F(EdgeInquiryTest, WhomItIsAboutMustBeClear) {
  const auto town = world_.Town();
  EXPECT_THAT(town->Inquire(world_.OfPolice(), {}), HasReason("SUBJECT_MISSING"));
  EXPECT_THAT(town->Inquire(world_.OfPolice(), People({kAlice, kAlice})),
              HasReason("SUBJECT_TWICE"));
  auto mixed = People({kAlice});
  mixed.emplace_back(Subject::Create(SubjectKind::kKvk, "90000001").value());
  EXPECT_THAT(town->Inquire(world_.OfPolice(), mixed), HasReason("SUBJECTS_MIXED"));
  std::vector<ReleasedSubject> kvk;
  kvk.emplace_back(Subject::Create(SubjectKind::kKvk, "90000001").value());
  EXPECT_THAT(town->Inquire(world_.OfPolice(), kvk), HasReason("REGISTER_UNCLEAR"));
  InquiryTerms nobody = world_.OfPolice();
  nobody.providers.clear();
  EXPECT_THAT(town->Inquire(nobody, People({kAlice})), HasReason("FIELD_MISSING"));
  EXPECT_THAT(world_.broker.SeenOf("BatchCreateExchanges"), IsEmpty());
}

// The process may end, or the broker fall silent, before and after each call.
TEST_F(EdgeInquiryTest, AfterACrashBetweenAnyTwoStepsTheSameCallFinishesAndNothingIsDoneTwice) {
  const std::vector<std::string> acts = {"BatchCreateExchanges", "GetExchange", "SendSubject"};
  for (const std::string& method : acts) {
    for (const bool done : {false, true}) {
      for (const int nth : {1, 2}) {
        SCOPED_TRACE(method + (done ? " after " : " before ") + std::to_string(nth));
        const std::size_t before = world_.broker.exchanges.size();
        int left = nth;
        bool silent = false;
        world_.broker.fault = [&](const std::string& called, bool after) {
          if (called == method && after == done && --left == 0) silent = true;
          return silent ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone") : grpc::Status::OK;
        };
        (void)world_.Town()->Inquire(world_.Both(), People({kAlice, kBob}));
        world_.broker.fault = nullptr;
        ASSERT_OK_AND_ASSIGN(const auto parts,
                             world_.Town()->Inquire(world_.Both(), People({kAlice, kBob})));
        for (const InquiryPart& part : parts) {
          EXPECT_OK(part.sent);
          EXPECT_TRUE(world_.broker.exchanges.at(part.exchange.name()).subject_sent());
        }
        // A broker that never fell silent saw two whole inquiries.
        EXPECT_EQ(world_.broker.exchanges.size() - before, silent ? 2U : 4U);
        EXPECT_THAT(*world_.Town()->Waiting(), IsEmpty());
        ASSERT_OK(world_.Answer(*world_.Police(), parts[0].exchange.name(), {kBob}));
        ASSERT_OK_AND_ASSIGN(const auto answer,
                             world_.Town()->OpenAnswer(parts[0].exchange.name()));
        EXPECT_EQ(HitsOf(answer), (std::vector<bool>{false, true}));
      }
    }
  }
}

TEST_F(EdgeInquiryTest, ResumingTheActBringsWhatWasNotBrought) {
  world_.broker.fault = [](const std::string& called, bool) {
    return called == "SendSubject" ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")
                                   : grpc::Status::OK;
  };
  (void)world_.Town()->Inquire(world_.Both(), People({kAlice}));
  world_.broker.fault = nullptr;
  {
    const auto town = world_.Town();
    ASSERT_OK_AND_ASSIGN(const auto waiting, town->Waiting());
    ASSERT_THAT(waiting, Not(IsEmpty()));
    for (const WaitingAct& act : waiting) {
      const absl::Status resumed = town->Resume(act.request_id);
      EXPECT_TRUE(resumed.ok() || ReasonOf(resumed) == "ACT_NOT_WAITING") << resumed;
    }
  }
  EXPECT_THAT(*world_.Town()->Waiting(), IsEmpty());
  EXPECT_THAT(world_.broker.exchanges, SizeIs(2));
  for (const auto& [name, exchange] : world_.broker.exchanges) {
    EXPECT_TRUE(exchange.subject_sent());
  }
}

TEST_F(EdgeInquiryTest, WhomItWasAboutIsForgottenOnceTheAnswerIsReadOrTheQuestionEnded) {
  const auto kept = [&] {
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(world_.TownParty() / "questions")) {
      files += file.path().extension() == ".sealed" ? 1 : 0;
    }
    return files;
  };
  std::string read, refused;
  {
    const auto town = world_.Town();
    ASSERT_OK_AND_ASSIGN(const auto parts, town->Inquire(world_.Both(), People({kAlice})));
    read = parts[0].exchange.name();
    refused = parts[1].exchange.name();
  }
  EXPECT_EQ(kept(), 2U);
  ASSERT_OK(world_.Answer(*world_.Police(), read, {}));
  ASSERT_OK(world_.Town()->OpenAnswer(read));
  EXPECT_EQ(kept(), 1U);
  ASSERT_OK(world_.Prosecution()->Refuse(refused, wire::REFUSAL_REASON_TOO_BROAD));
  ASSERT_OK(world_.Town()->Get(refused));
  EXPECT_EQ(kept(), 0U);
}

}  // namespace
}  // namespace sluis::edge::testing
