// Sessions: opened, renewed by themselves, revoked, and refused when a half does not hold.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "lib/base/file.h"
#include "lib/pseudonym/session.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);

class EdgeSessionsTest : public ::testing::Test {
 protected:
  EdgeWorld world_;
};

TEST_F(EdgeSessionsTest, ASessionIsOpenedForThirtyDaysAndKeptPrivate) {
  ASSERT_OK_AND_ASSIGN(const HeldSession session, world_.Town()->OpenSession());
  EXPECT_EQ(session.end - session.issued, 30 * kDay);
  EXPECT_EQ(MultiplyBase(session.sk), session.y);
  ASSERT_OK_AND_ASSIGN(const auto kept, world_.Town()->Sessions());
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_TRUE(kept[0].sk.Equals(session.sk));
  const auto file = world_.TownParty() / "sessions" / (session.context.session() + ".session");
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(EdgeSessionsTest, AtHalfOfItsLifeItIsRenewedByTheNextCallAndTheOldKeyStaysFourDaysLonger) {
  ASSERT_OK(world_.Town()->OpenSession());
  world_.clock.Advance(14 * kDay);
  const std::string name = world_.Reach(wire::EXCHANGE_STATE_FORWARDED);
  ASSERT_OK(world_.Town()->Get(name));
  EXPECT_THAT(*world_.Town()->Sessions(), SizeIs(1));
  world_.clock.Advance(2 * kDay);
  world_.ServeDirectory(8);
  ASSERT_OK(world_.Town()->Get(name));
  EXPECT_THAT(*world_.Town()->Sessions(), SizeIs(2));
  ASSERT_OK(world_.Town()->Get(name));
  EXPECT_THAT(*world_.Town()->Sessions(), SizeIs(2));
  world_.clock.Advance(17 * kDay);  // day 33: the first ended at 30
  EXPECT_THAT(*world_.Town()->Sessions(), SizeIs(2));
  world_.clock.Advance(2 * kDay);
  EXPECT_THAT(*world_.Town()->Sessions(), SizeIs(1));
}

TEST_F(EdgeSessionsTest, WhileTheOldOneLivesATranscryptorThatIsAwayStopsNothing) {
  ASSERT_OK(world_.Town()->OpenSession());
  const std::string name = world_.Reach(wire::EXCHANGE_STATE_FORWARDED);
  world_.clock.Advance(20 * kDay);
  world_.broker.transcryptors_away = true;
  EXPECT_OK(world_.Town()->Get(name));
  EXPECT_THAT(*world_.Town()->Sessions(), SizeIs(1));
  EXPECT_FALSE(world_.Town()->OpenSession().ok());
  world_.broker.transcryptors_away = false;
  EXPECT_OK(world_.Town()->Get(name));
  EXPECT_THAT(*world_.Town()->Sessions(), SizeIs(2));
}

TEST_F(EdgeSessionsTest, ARevokedSessionReceivesNothing) {
  ASSERT_OK_AND_ASSIGN(const HeldSession session, world_.Town()->OpenSession());
  ASSERT_OK(world_.Town()->RevokeSession(session.context.session()));
  EXPECT_THAT(*world_.Town()->Sessions(), IsEmpty());
  EXPECT_THAT(world_.broker.live_contexts.at(EdgeWorld::TownId().ToString()), IsEmpty());
  EXPECT_THAT(world_.Town()->RevokeSession("no session"), HasReason("E_TLV"));
}

TEST_F(EdgeSessionsTest, WhatWasSentTowardsARevokedSessionCannotBeOpened) {
  ASSERT_OK_AND_ASSIGN(const HeldSession session, world_.Town()->OpenSession());
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  std::vector<ReleasedSubject> people;
  people.emplace_back(EdgeWorld::Person());
  ASSERT_OK(AnswerNamed(*police, name, EdgeWorld::PeopleContent(std::move(people))));
  ASSERT_OK(world_.Town()->RevokeSession(session.context.session()));
  EXPECT_THAT(world_.Town()->OpenAnswer(name), HasReason("E_SESSION"));
}

// Each lie about one half: refused under its code, naming who, and the session is revoked.
class EdgeSessionLiesTest : public EdgeSessionsTest {
 protected:
  void Lie(const std::string& code, int blamed, const std::function<void(wire::Session&)>& lie) {
    world_.broker.change_session = lie;
    const auto refused = world_.Town()->OpenSession();
    world_.broker.change_session = nullptr;
    EXPECT_THAT(refused, HasReason(code));
    EXPECT_EQ(DetailOf(refused.status()).metadata.at("transcryptor"), std::to_string(blamed));
    EXPECT_THAT(*world_.Town()->Sessions(), IsEmpty());
    EXPECT_THAT(world_.broker.live_contexts[EdgeWorld::TownId().ToString()], IsEmpty());
  }
};

TEST_F(EdgeSessionLiesTest, AForeignY) {
  const std::string g(GroupElement::Generator().bytes());
  Lie("E_PROOF", 1, [&](wire::Session& session) { session.mutable_halves(0)->set_point(g); });
  Lie("E_PROOF", 2, [&](wire::Session& session) { session.mutable_halves(1)->set_point(g); });
}

TEST_F(EdgeSessionLiesTest, AnotherProof) {
  Lie("E_PROOF", 2, [](wire::Session& session) {
    session.mutable_halves(1)->set_proof(session.halves(0).proof());
  });
}

TEST_F(EdgeSessionLiesTest, TheShareOfTheOther) {
  Lie("E_SIGNATURE", 1, [](wire::Session& session) {
    session.mutable_halves(0)->set_sealed_share(session.halves(1).sealed_share());
  });
}

TEST_F(EdgeSessionLiesTest, TheCommitmentOfTheOther) {
  Lie("E_SIGNATURE", 2, [](wire::Session& session) {
    *session.mutable_halves(1)->mutable_commitment() = session.halves(0).commitment();
  });
}

TEST_F(EdgeSessionLiesTest, AShareOfAnEarlierCall) {
  Bytes earlier;
  world_.broker.change_session = [&](wire::Session& session) {
    earlier = session.halves(0).sealed_share();
  };
  ASSERT_OK_AND_ASSIGN(const HeldSession first, world_.Town()->OpenSession());
  ASSERT_OK(world_.Town()->RevokeSession(first.context.session()));
  Lie("E_STATEMENT", 1,
      [&](wire::Session& session) { session.mutable_halves(0)->set_sealed_share(earlier); });
}

TEST_F(EdgeSessionsTest, AnAnswerAboutAnotherSessionIsNoAnswer) {
  world_.broker.change_session = [](wire::Session& session) {
    session.set_context(
        pseudonym::Context::Draw(pseudonym::Party::Of(EdgeWorld::TownId()))->bytes());
  };
  EXPECT_THAT(world_.Town()->OpenSession(), HasReason("ANSWER_MISMATCH"));
}

TEST_F(EdgeSessionsTest, AKeySetThatDoesNotVerifyIsRefusedAtLoad) {
  const std::filesystem::path file = world_.TownParty() / "key-set.json";
  Bytes document = ReadFile(file).value();
  ASSERT_OK(WriteFileAtomic(file, document + " "));
  EXPECT_THAT(PartyFolder::Load(world_.TownParty()), HasReason("FIELD_INVALID"));
  const std::size_t at = document.find("\"proofs\"") + 14;
  document[at] = document[at] == 'A' ? 'B' : 'A';
  ASSERT_OK(WriteFileAtomic(file, document));
  EXPECT_THAT(PartyFolder::Load(world_.TownParty()), HasReason("FIELD_INVALID"));
  std::filesystem::remove(file);
  EXPECT_THAT(PartyFolder::Load(world_.TownParty()), HasReason("FILE_NOT_FOUND"));
}

}  // namespace
}  // namespace sluis::edge::testing
