// People who leave as pseudonyms, from edge to edge through both transcryptors.
#include <gtest/gtest.h>

#include "lib/base/file.h"
#include "lib/pseudonym/human_form.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kFirst[] = "999990019", kSecond[] = "999990020", kThird[] = "999990032";

template <typename... Subjects>
std::vector<ReleasedSubject> People(Subjects... subjects) {
  std::vector<ReleasedSubject> people;
  (people.emplace_back(std::move(subjects)), ...);
  return people;
}

std::string TextOf(const OpenedAnswer& answer, std::size_t i) {
  return std::string(answer.values[i].Reveal(SecretAccess::ForTest()));
}

class EdgePeopleTest : public ::testing::Test {
 protected:
  EdgePeopleTest() { EXPECT_OK(world_.Town()->OpenSession()); }
  // What the town reads of these people when this desk discloses them in this case.
  std::string Disclosed(std::unique_ptr<Edge> from, std::vector<ReleasedSubject> people,
                        const ExchangeTerms& terms) {
    name_ = world_.Announce(*from, EdgeWorld::TownId(), terms);
    EXPECT_OK(AnswerNamed(*from, name_, EdgeWorld::PeopleContent(std::move(people))));
    const auto answer = world_.Town()->OpenAnswer(name_);
    EXPECT_OK(answer);
    return answer.ok() ? TextOf(*answer, 0) : "";
  }
  EdgeWorld world_;
  std::string name_;
};

TEST_F(EdgePeopleTest, TwoSendersMeetAndTwoPeopleDoNot) {
  const std::string police = Disclosed(world_.Police(), People(Bsn(kFirst)), world_.Terms());
  const std::string om = Disclosed(world_.Prosecution(), People(Bsn(kFirst)), world_.Terms());
  const std::string bob = Disclosed(world_.Prosecution(), People(Bsn(kSecond)), world_.Terms());
  EXPECT_EQ(police, om);
  EXPECT_NE(police, bob);
  EXPECT_OK(pseudonym::ParseHumanForm(police));
  EXPECT_THAT(police, SizeIs(11));
}

TEST_F(EdgePeopleTest, AnotherCaseOrAnotherSortOfNumberMeetsNobody) {
  const std::string here = Disclosed(world_.Police(), People(Bsn(kFirst)), world_.Terms());
  const std::string there = Disclosed(world_.Police(), People(Bsn(kFirst)),
                                      TermsIn("cases/00000000000000000000000000000001"));
  const std::string rsin = Disclosed(
      world_.Police(), People(Subject::Create(SubjectKind::kRsin, kFirst).value()), world_.Terms());
  EXPECT_NE(here, there);
  EXPECT_NE(here, rsin);
}

TEST_F(EdgePeopleTest, EverySortOfNumberLeavesInItsOwnRequestAndStandsInItsPlace) {
  auto people = People(Subject::Create(SubjectKind::kKenteken, "AB12CD").value(), Bsn(kFirst),
                       Subject::Create(SubjectKind::kKvk, "90000001").value(), Bsn(kSecond),
                       Subject::Create(SubjectKind::kBag, "0363010000000001").value(), Bsn(kFirst));
  const std::string text = Disclosed(world_.Police(), std::move(people), world_.Terms());
  EXPECT_EQ(world_.broker.mailbox.count(name_), 0U);  // collected
  EXPECT_EQ(world_.broker.transcryptions.at(name_).size(), 4U);
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size(); at += 13) names.push_back(text.substr(at, 11));
  ASSERT_THAT(names, SizeIs(6));
  EXPECT_EQ(names[1], names[5]);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 5U);
}

TEST_F(EdgePeopleTest, PeopleStandInsideOtherTextAndTheBrokerSeesNeitherNumberNorName) {
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  ReleaseContent content = EdgeWorld::PeopleContent(People(Bsn(kFirst), Bsn(kSecond)));
  content.values[0].value =
      SecretBytes::CopyOf(R"([{"rol":"partner","wie":{"ref":1}},{"rol":"neef","wie":{"ref":0}}])");
  content.values.push_back({"p-naam", "pseudonym", SecretBytes(), People(Bsn(kSecond))});
  ASSERT_OK(AnswerNamed(*police, name, content));
  for (const auto& seen : world_.broker.seen) EXPECT_THAT(seen.request, Not(HasSubstr(kSecond)));
  ASSERT_OK_AND_ASSIGN(const OpenedAnswer answer, world_.Town()->OpenAnswer(name));
  const std::string bob = TextOf(answer, 1);
  EXPECT_THAT(TextOf(answer, 0), HasSubstr(R"("rol":"partner","wie":")" + bob));
  EXPECT_THAT(TextOf(answer, 0), Not(HasSubstr("ref")));
}

TEST_F(EdgePeopleTest, BelowPseudonymOtherPeopleAreLeftOut) {
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  ReleaseContent content = EdgeWorld::PeopleContent(People(Bsn(kFirst)));
  content.values.push_back({"ant-aantal", "category",
                            SecretBytes::CopyOf(R"(["enkele",{"ref":0}])"), People(Bsn(kFirst))});
  content.values.push_back({"ant-verdenking", "exact", SecretBytes::CopyOf("lopend")});
  ASSERT_OK(AnswerNamed(*police, name, content));
  ASSERT_OK_AND_ASSIGN(const OpenedAnswer answer, world_.Town()->OpenAnswer(name));
  EXPECT_EQ(TextOf(answer, 1), "enkele");

  // Nobody is left: then no pseudonym is needed, and no transcryptor takes part.
  const std::string plain = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  ReleaseContent none = EdgeWorld::PeopleContent(People(Bsn(kFirst)));
  none.values[0].field = "ant-aantal";
  none.values[0].form = "category";
  none.values.push_back({"ant-verdenking", "exact", SecretBytes::CopyOf("lopend")});
  world_.broker.seen.clear();
  ASSERT_OK(AnswerNamed(*police, plain, std::move(none)));
  EXPECT_THAT(world_.broker.SeenOf("PrepareAnswer"), IsEmpty());
  EXPECT_EQ(world_.broker.mailbox.at(plain).sealed_fields_size(), 1);
}

TEST_F(EdgePeopleTest, AValueThatRefersToNobodyIsRefusedBeforeAnythingIsSent) {
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  ReleaseContent beyond = EdgeWorld::PeopleContent(People(Bsn(kFirst)));
  beyond.values[0].value = SecretBytes::CopyOf(R"([{"ref":1}])");
  EXPECT_THAT(AnswerNamed(*police, name, std::move(beyond)), HasReason("FIELD_INVALID"));
  ReleaseContent text = EdgeWorld::PeopleContent(People(Bsn(kFirst)));
  text.values[0].value = SecretBytes::CopyOf("de buurman");
  EXPECT_THAT(AnswerNamed(*police, name, std::move(text)), HasReason("FIELD_INVALID"));
  EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), IsEmpty());
}

TEST_F(EdgePeopleTest, ANumberInTheTextOfAPseudonymisedFieldIsRefusedBeforeAnythingIsSent) {
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  const auto answer = [&](const std::string& text, std::vector<ReleasedSubject> people) {
    ReleaseContent content = EdgeWorld::PeopleContent(std::move(people));
    content.values[0].value = SecretBytes::CopyOf(text);
    return AnswerNamed(*police, name, content);
  };
  for (const std::string who :
       {"999990020", "\"bsn 9999.90.020.\"", "999990020.", "\"x999990020x\""}) {
    EXPECT_THAT(answer(R"([{"ref":0},{"wie":)" + who + "}]", People(Bsn(kFirst))),
                HasReason("FIELD_INVALID"));
    EXPECT_THAT(answer(who, {}), HasReason("FIELD_INVALID"));
  }
  EXPECT_THAT(world_.broker.SeenOf("PrepareAnswer"), IsEmpty());
  EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), IsEmpty());
  // No number of a person: the test fails, or it is longer.
  EXPECT_OK(answer(R"([{"ref":0},"zaak 999990021 en 1999990020"])", People(Bsn(kFirst))));
}

TEST_F(EdgePeopleTest, TheTableCountsInHowManyExchangesSomebodyWasSeenAndForgetsTheDestroyed) {
  ExchangeTerms weighing = world_.Terms();
  weighing.purpose = "riec-signaalweging";
  const std::string first = Disclosed(world_.Police(), People(Bsn(kFirst)), weighing);
  weighing.case_id = CaseId::FromBytes({9});
  const std::string second = Disclosed(world_.Prosecution(), People(Bsn(kFirst)), weighing);
  EXPECT_EQ(first, second);
  const auto town = world_.Town();
  ASSERT_OK_AND_ASSIGN(auto tables, town->ListPseudonyms(world_.broker.weighing_table));
  ASSERT_THAT(tables, SizeIs(1));
  ASSERT_THAT(tables[0].rows(), SizeIs(1));
  EXPECT_THAT(tables[0].rows(0).sightings(), SizeIs(2));
  EXPECT_EQ(tables[0].rows(0).human_form(), first);
  EXPECT_EQ(tables[0].rows(0).origin(), "bsn");
  EXPECT_EQ(tables[0].rows(0).scheme(), "coPRFV1");
  EXPECT_EQ(tables[0].rows(0).key_set(), ToBytes(world_.broker.transcryptors.key_set().digest()));
  ASSERT_OK(town->ConfirmDestruction(name_));
  ASSERT_OK_AND_ASSIGN(tables, town->ListPseudonyms(""));
  EXPECT_THAT(tables[0].rows(0).sightings(), SizeIs(1));
}

TEST_F(EdgePeopleTest, WhatIsKeptOnDiskTellsNobodyAboutAnyone) {
  Disclosed(world_.Police(), People(Bsn(kFirst)), world_.Terms());
  for (const auto& party : {world_.TownParty(), world_.PoliceParty()}) {
    for (const char* folder : {"pseudonyms", "subjects"}) {
      for (const auto& file : std::filesystem::directory_iterator(party / folder)) {
        if (file.path().filename() == ".lock") continue;
        EXPECT_THAT(file.path().filename().string(), Not(HasSubstr(kFirst)));
        EXPECT_THAT(ReadFile(file.path()).value(), Not(HasSubstr(kFirst)));
        EXPECT_THAT(ReadFile(file.path()).value(), Not(HasSubstr("exchanges/")));
      }
    }
  }
}

TEST_F(EdgePeopleTest, ASubjectIsFoundWhereItWasAskedAnsweredAndSent) {
  const std::string question = world_.Reach(wire::EXCHANGE_STATE_ANSWERED);
  Disclosed(world_.Police(), People(EdgeWorld::Person(), Bsn(kSecond)), world_.Terms());
  ASSERT_OK_AND_ASSIGN(const auto asked, world_.Town()->FindSubject(EdgeWorld::Person()));
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].part(), "asked");
  EXPECT_EQ(asked[0].exchange(), question);
  ASSERT_OK_AND_ASSIGN(const auto given, world_.Police()->FindSubject(EdgeWorld::Person()));
  ASSERT_THAT(given, SizeIs(2));
  EXPECT_EQ(given[0].part(), "answered");
  EXPECT_EQ(given[1].part(), "sent");
  EXPECT_EQ(given[1].exchange(), name_);
  EXPECT_THAT(given[1].item_digest(), SizeIs(32));
  EXPECT_THAT(*world_.Police()->FindSubject(Bsn(kThird)), IsEmpty());
}

TEST_F(EdgePeopleTest, WhatIsKnownByPseudonymAloneIsPassedOnAndMeetsTheDirectOne) {
  const std::string here = Disclosed(world_.Police(), People(Bsn(kFirst)), world_.Terms());
  ASSERT_OK(world_.Prosecution()->OpenSession());
  ExchangeTerms weighing = world_.Terms();
  weighing.purpose = "riec-signaalweging";
  weighing.from_domain = world_.case_id.hex();
  weighing.from_purpose = world_.Terms().purpose;
  const auto town = world_.Town();
  ASSERT_OK_AND_ASSIGN(HeldPseudonym held,
                       town->FindPseudonym(weighing.from_domain, weighing.from_purpose, here));
  const std::string passed = world_.Announce(*town, EdgeWorld::ProsecutionId(), weighing);
  ASSERT_OK(AnswerNamed(*town, passed, EdgeWorld::PeopleContent(People(std::move(held)))));
  const auto om = world_.Prosecution();
  ASSERT_OK_AND_ASSIGN(const OpenedAnswer indirect, om->OpenAnswer(passed));

  const auto police = world_.Police();
  weighing.from_domain = weighing.from_purpose = "";
  const std::string direct = world_.Announce(*police, EdgeWorld::ProsecutionId(), weighing);
  ASSERT_OK(AnswerNamed(*police, direct, EdgeWorld::PeopleContent(People(Bsn(kFirst)))));
  ASSERT_OK_AND_ASSIGN(const OpenedAnswer other, om->OpenAnswer(direct));
  EXPECT_EQ(TextOf(indirect, 0), TextOf(other, 0));
  EXPECT_NE(TextOf(indirect, 0), here);
}

TEST_F(EdgePeopleTest, APseudonymOfADomainThatTheExchangeDoesNotNameIsNotSent) {
  const std::string here = Disclosed(world_.Police(), People(Bsn(kFirst)), world_.Terms());
  ASSERT_OK(world_.Prosecution()->OpenSession());
  const auto town = world_.Town();
  const std::string name = world_.Announce(*town, EdgeWorld::ProsecutionId(), world_.Terms());
  ASSERT_OK_AND_ASSIGN(HeldPseudonym held,
                       town->FindPseudonym(world_.case_id.hex(), world_.Terms().purpose, here));
  EXPECT_THAT(AnswerNamed(*town, name, EdgeWorld::PeopleContent(People(std::move(held)))),
              HasReason("PSEUDONYM_OF_ANOTHER_DOMAIN"));
  EXPECT_THAT(town->FindPseudonym(world_.case_id.hex(), "other-purpose", here),
              HasReason("PSEUDONYM_UNKNOWN"));
  EXPECT_THAT(town->FindPseudonym(world_.case_id.hex(), world_.Terms().purpose, "P-0000-0001"),
              HasReason("FIELD_INVALID"));
}

TEST_F(EdgePeopleTest, APromotionMovesItToTheCasusWhereLaterAnswersMeetIt) {
  ExchangeTerms weighing = world_.Terms();
  weighing.purpose = "riec-signaalweging";
  const std::string known = Disclosed(world_.Police(), People(Bsn(kFirst)), weighing);
  ExchangeTerms terms = world_.Terms();
  terms.counterpart = EdgeWorld::TownId();
  terms.case_id = CaseId::FromBytes({5});
  terms.purpose = "riec-casus";
  terms.fields.clear();
  terms.from_domain = world_.broker.weighing_table;
  terms.from_purpose = weighing.purpose;
  const auto town = world_.Town();
  ASSERT_OK_AND_ASSIGN(const wire::Exchange promoted, town->AnnouncePromotion(terms));
  EXPECT_EQ(promoted.action(), "promote");
  ASSERT_OK_AND_ASSIGN(ReleaseContent content, town->PromotionOf(promoted, {known}));
  ASSERT_OK(AnswerNamed(*town, promoted.name(), std::move(content)));
  EXPECT_THAT(*town->Sessions(), SizeIs(2));  // it goes to a second session of the same party
  ASSERT_OK_AND_ASSIGN(const OpenedAnswer answer, town->OpenAnswer(promoted.name()));
  ASSERT_OK_AND_ASSIGN(const auto tables, town->ListPseudonyms(terms.case_id.hex()));
  ASSERT_THAT(tables, SizeIs(1));
  EXPECT_EQ(tables[0].rows(0).promoted_from(), known);
  EXPECT_EQ(tables[0].rows(0).promoted_from_domain(), world_.broker.weighing_table);

  const std::string later = Disclosed(world_.Police(), People(Bsn(kFirst)), terms);
  EXPECT_EQ(later, tables[0].rows(0).human_form());
  EXPECT_NE(later, known);
  EXPECT_THAT(TextOf(answer, 0), HasSubstr(later));
}

TEST_F(EdgePeopleTest, AShreddedDomainTakesAndGivesNothingAnyMore) {
  const std::string here = Disclosed(world_.Police(), People(Bsn(kFirst)), world_.Terms());
  const auto town = world_.Town();
  ASSERT_OK_AND_ASSIGN(const auto domains, town->DomainsOf(world_.case_id.hex(), ""));
  ASSERT_THAT(domains, SizeIs(1));
  ASSERT_OK_AND_ASSIGN(const auto shredded, town->ShredDomain(domains[0]));
  EXPECT_EQ(shredded.destroy_times_size(), 2);
  EXPECT_THAT(town->FindPseudonym(world_.case_id.hex(), world_.Terms().purpose, here),
              HasReason("E_CASE_CLOSED"));
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  EXPECT_THAT(AnswerNamed(*police, name, EdgeWorld::PeopleContent(People(Bsn(kFirst)))),
              HasReason("E_CASE_CLOSED"));
  EXPECT_THAT(town->DomainsOf("00000000000000000000000000000042", ""), HasReason("DOMAIN_UNKNOWN"));
  const auto others =
      pseudonym::Domain::Case(1, world_.case_id.hex(), {"00000099200000001000", "x"}, "purpose");
  EXPECT_THAT(town->ShredDomain(*others), HasReason("E_SENDER"));
}

TEST_F(EdgePeopleTest, WithoutASessionOfTheRecipientNothingIsSentUntilItHasOne) {
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::ProsecutionId(), world_.Terms());
  ASSERT_OK_AND_ASSIGN(const wire::Exchange waits,
                       AnswerNamed(*police, name, EdgeWorld::PeopleContent(People(Bsn(kFirst)))));
  EXPECT_EQ(waits.state(), wire::EXCHANGE_STATE_QUEUED);
  EXPECT_EQ(waits.queue_reason(), wire::QUEUE_REASON_RECIPIENT_SESSION);
  EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), IsEmpty());
  ASSERT_OK(world_.Prosecution()->OpenSession());
  ASSERT_OK_AND_ASSIGN(const wire::Exchange sent,
                       AnswerNamed(*police, name, EdgeWorld::PeopleContent(People(Bsn(kFirst)))));
  EXPECT_EQ(sent.state(), wire::EXCHANGE_STATE_ANSWERED);
  EXPECT_OK(world_.Prosecution()->OpenAnswer(name));
}

TEST_F(EdgePeopleTest, ATranscryptorThatIsAwayMakesItWaitForThreeDaysAtMost) {
  const auto police = world_.Police();
  ASSERT_OK(police->OpenSession());
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  world_.broker.transcryptors_away = true;
  ASSERT_OK_AND_ASSIGN(const wire::Exchange waits,
                       AnswerNamed(*police, name, EdgeWorld::PeopleContent(People(Bsn(kFirst)))));
  EXPECT_EQ(waits.queue_reason(), wire::QUEUE_REASON_TRANSCRYPTOR);
  const auto request =
      pseudonym::SignedRequest::Decode(world_.broker.mailbox.at(name).signed_requests(0));
  EXPECT_TRUE(request->head().queued());
  EXPECT_EQ(request->head().expires - request->head().issued, 259'200U);
  world_.clock.Advance(absl::Hours(71));
  ASSERT_OK(world_.broker.GoOn(name));
  EXPECT_OK(world_.Town()->OpenAnswer(name));
}

TEST_F(EdgePeopleTest, ASessionThatEndedOnTheWayIsSignedAgainTowardsTheNextOne) {
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  bool renewed = false;
  world_.broker.fault = [&](const std::string& method, bool done) {
    if (method != "AnswerExchange" || done || renewed) return grpc::Status::OK;
    renewed = true;
    return BrokerError(grpc::StatusCode::FAILED_PRECONDITION, "E_SESSION", "it ended");
  };
  ASSERT_OK(AnswerNamed(*police, name, EdgeWorld::PeopleContent(People(Bsn(kFirst)))));
  world_.broker.fault = nullptr;
  EXPECT_THAT(world_.broker.SeenOf("PrepareAnswer"), SizeIs(2));
  EXPECT_OK(world_.Town()->OpenAnswer(name));
  EXPECT_THAT(*world_.Police()->Waiting(), IsEmpty());
}

TEST_F(EdgePeopleTest, AStoredAnswerThatBecameTooOldIsSignedAnewWhenItIsRepeated) {
  const std::string name = world_.Announce(*world_.Police(), EdgeWorld::TownId(), world_.Terms());
  world_.broker.fault = [](const std::string& method, bool done) {
    return method == "AnswerExchange" && !done ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "away")
                                               : grpc::Status::OK;
  };
  EXPECT_FALSE(
      AnswerNamed(*world_.Police(), name, EdgeWorld::PeopleContent(People(Bsn(kFirst)))).ok());
  world_.broker.fault = nullptr;
  EXPECT_THAT(*world_.Police()->Waiting(), SizeIs(1));
  const std::string ended = world_.Town()->Sessions()->front().context.session();
  ASSERT_OK(world_.Town()->RevokeSession(ended));
  ASSERT_OK(world_.Town()->OpenSession());
  ASSERT_OK(AnswerNamed(*world_.Police(), name, EdgeWorld::PeopleContent(People(Bsn(kFirst)))));
  EXPECT_OK(world_.Town()->OpenAnswer(name));
  EXPECT_THAT(*world_.Police()->Waiting(), IsEmpty());
}

TEST_F(EdgePeopleTest, WithoutAKeySetNobodyIsSentAndThePersonIsToldWhatToDo) {
  const std::filesystem::path file = world_.PoliceParty() / "party.txtpb";
  const std::string config = ReadFile(file).value();
  ASSERT_OK(WriteFileAtomic(file, config.substr(0, config.find("pseudonyms {"))));
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  const auto refused = AnswerNamed(*police, name, EdgeWorld::PeopleContent(People(Bsn(kFirst))));
  EXPECT_THAT(refused, HasReason("KEY_SET_MISSING"));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("pseudonyms.key_set"));
}

}  // namespace
}  // namespace sluis::edge::testing
