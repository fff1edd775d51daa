// The verbs of the edge against a broker that does as it should.
#include "clients/lib/edge.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "lib/base/file.h"
#include "lib/tlog/receipt.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST(EdgeTest, AQuestionIsAskedAnsweredOpenedAndDestroyed) {
  EdgeWorld world;
  ASSERT_OK_AND_ASSIGN(const wire::Exchange asked,
                       world.Town()->Ask(world.Terms(), EdgeWorld::Person(), true));
  EXPECT_EQ(asked.state(), wire::EXCHANGE_STATE_FORWARDED);

  const auto police = world.Police();
  ASSERT_OK_AND_ASSIGN(const wire::Exchange question, police->Get(asked.name()));
  ASSERT_OK_AND_ASSIGN(const AskedSubject about, police->ReadSubject(question));
  EXPECT_TRUE(about.subject.Equals(EdgeWorld::Person()));
  EXPECT_TRUE(about.verified);
  ASSERT_OK(AnswerNamed(*police, asked.name(), EdgeWorld::Content("verdacht van heling")));

  const auto town = world.Town();
  ASSERT_OK_AND_ASSIGN(const OpenedAnswer answer, town->OpenAnswer(asked.name()));
  ASSERT_THAT(answer.values, SizeIs(1));
  EXPECT_EQ(answer.values[0].Reveal(SecretAccess::ForTest()), "verdacht van heling");
  EXPECT_EQ(answer.header.fields(0).field(), "ant-verdenking");
  EXPECT_EQ(answer.header.retain_until(), "2027-03-01");
  EXPECT_EQ(answer.header.provider(), "00000099200000001000/politie/informatie");
  EXPECT_EQ(world.broker.exchanges.at(asked.name()).state(), wire::EXCHANGE_STATE_COLLECTED);

  ASSERT_OK_AND_ASSIGN(const wire::Exchange destroyed, town->ConfirmDestruction(asked.name()));
  EXPECT_EQ(destroyed.state(), wire::EXCHANGE_STATE_DESTROYED);
  EXPECT_THAT(town->ReadAnswer(asked.name()), ::sluis::testing::HasReason("ANSWER_NOT_HERE"));
}

TEST(EdgeTest, EveryActLeavesVerifiedReceiptsOnDisk) {
  EdgeWorld world;
  const std::string name = world.Reach(wire::EXCHANGE_STATE_COLLECTED);
  const std::string id = ParseExchangeName(name)->id.hex();
  ASSERT_OK_AND_ASSIGN(const auto files, world.Town()->receipts().List(id));
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.filename());
  EXPECT_THAT(names, ::testing::ElementsAre("0-REQUEST.tlog-proof", "1-DECISION.tlog-proof",
                                            "3-DELIVERY.tlog-proof", "4-OPENING.tlog-proof"));
  const auto town = world.Town();
  for (const auto& file : files) {
    const Bytes text = ReadFile(file).value();
    EXPECT_OK(tlog::VerifyReceipt(text, town->party().log_trust(), world.clock.Now()));
  }
}

TEST(EdgeTest, EveryCallCarriesAFreshAssertionThatTheBrokersOwnChecksTake) {
  EdgeWorld world;
  world.Reach(wire::EXCHANGE_STATE_FORWARDED);
  std::set<std::string> tokens;
  for (const auto& call : world.broker.seen) tokens.insert(call.authorization);
  EXPECT_EQ(tokens.size(), world.broker.seen.size());

  const std::string pem = ReadFile(world.TownParty() / "tls.pem").value();
  const PeerCertificate certificate = ParsePeerCertificate(pem).value();
  const identity::MayGiveRole any = [](std::string_view, std::string_view) { return true; };
  const auto person =
      identity::VerifyAssertion(world.broker.seen.back().authorization.substr(7),
                                {world.town.entry, certificate, "sluis-test", world.clock.Now(),
                                 identity::Assurance::kSubstantial, any});
  ASSERT_OK(person);
  EXPECT_EQ(person->sub, "m-17");
}

TEST(EdgeTest, TheBrokerSeesNoIdentityAndNoValue) {
  EdgeWorld world;
  const std::string name = world.Reach(wire::EXCHANGE_STATE_FORWARDED);
  ASSERT_OK(AnswerNamed(*world.Police(), name, EdgeWorld::Content("verdacht van heling")));
  for (const auto& call : world.broker.seen) {
    EXPECT_THAT(call.request, Not(HasSubstr(kTestBsn)));
    EXPECT_THAT(call.request, Not(HasSubstr("verdacht van heling")));
  }
}

TEST(EdgeTest, FilesAndFoldersAreForTheirOwnerAlone) {
  EdgeWorld world;
  world.Reach(wire::EXCHANGE_STATE_COLLECTED);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.TownParty())) {
    struct stat info {};
    ASSERT_EQ(::stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 077, 0u) << entry.path();
  }
}

TEST(EdgeTest, ATakenActLeavesNothingWaiting) {
  EdgeWorld world;
  world.Reach(wire::EXCHANGE_STATE_COLLECTED);
  EXPECT_THAT(*world.Town()->Waiting(), SizeIs(0));
}

TEST(EdgeTest, TheSameWishTwiceInOneProcessIsTwoQuestions) {
  EdgeWorld world;
  const auto town = world.Town();
  ASSERT_OK(town->Ask(world.Terms(), EdgeWorld::Person(), true));
  ASSERT_OK(town->Ask(world.Terms(), EdgeWorld::Person(), true));
  EXPECT_FALSE(town->repeated());
  EXPECT_THAT(world.broker.exchanges, SizeIs(2));
}

TEST(EdgeTest, ADenialIsAnAnswer) {
  EdgeWorld world;
  world.broker.first_state = wire::EXCHANGE_STATE_DENIED;
  ASSERT_OK_AND_ASSIGN(const wire::Exchange denied,
                       world.Town()->Ask(world.Terms(), EdgeWorld::Person(), true));
  EXPECT_EQ(denied.state(), wire::EXCHANGE_STATE_DENIED);
}

TEST(EdgeTest, ADryRunSendsNoSubjectAndKeepsNothing) {
  EdgeWorld world;
  ASSERT_OK(world.Town()->Try("request", world.Terms()));
  wire::CreateExchangeRequest sent;
  ASSERT_TRUE(sent.ParseFromString(world.broker.seen.back().request));
  EXPECT_TRUE(sent.validate_only());
  EXPECT_FALSE(sent.exchange().has_subject());
  EXPECT_THAT(world.broker.exchanges, SizeIs(0));
}

TEST(EdgeTest, ADisclosureIsAnnouncedThenReleasedByTheSameDesk) {
  EdgeWorld world;
  ExchangeTerms terms = world.Terms();
  terms.counterpart = identity::testing::PartyOf(identity::testing::kTownOin, kTownUnit);
  const auto police = world.Police();
  ASSERT_OK_AND_ASSIGN(const wire::Exchange announced, police->AnnounceDisclosure(terms));
  ASSERT_OK(AnswerNamed(*police, announced.name(), EdgeWorld::Content("melding")));
  ASSERT_OK_AND_ASSIGN(const OpenedAnswer answer, world.Town()->OpenAnswer(announced.name()));
  EXPECT_EQ(answer.values[0].Reveal(SecretAccess::ForTest()), "melding");
}

TEST(EdgeTest, ANewCaseHasItsOwnReceipts) {
  EdgeWorld world;
  const auto town = world.Town();
  ASSERT_OK_AND_ASSIGN(const wire::Case made, town->CreateCase("signaal"));
  ASSERT_OK_AND_ASSIGN(const auto files,
                       town->receipts().List("case-" + ParseCaseName(made.name())->hex()));
  EXPECT_THAT(files, SizeIs(1));
}

TEST(EdgeTest, ReceiptsCanBeFetchedAnewAndAgreeWithThoseKept) {
  EdgeWorld world;
  const std::string name = world.Reach(wire::EXCHANGE_STATE_ANSWERED);
  ASSERT_OK_AND_ASSIGN(const auto list, world.Town()->ListReceipts(name));
  EXPECT_EQ(list.receipts_size(), 3);
}

}  // namespace
}  // namespace sluis::edge::testing
