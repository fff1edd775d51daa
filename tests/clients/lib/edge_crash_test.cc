// The process is killed at each of its calls, before the broker acts and after it acted but before
// it answers; then the same command runs again. Whatever happened, it happened once.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "clients/lib/remote_error.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::SizeIs;

class EdgeCrashTest : public ::testing::Test {
 protected:
  // Runs the verb in a process of its own and kills it at hook number `kill_at` (two hooks a call);
  // true if it ended by itself.
  bool RunAndKill(const std::filesystem::path& profile, const std::string& verb,
                  const std::string& argument, int kill_at) {
    pid_t pid = 0;
    int hook = 0;
    bool killed = false;
    std::string path = profile;
    std::string words[] = {SLUIS_EDGE_CRASH_CLIENT, path, verb, argument};
    char* argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    {
      // The broker waits for this lock, so it sees the process id before the first call.
      const std::lock_guard<std::mutex> lock(world_.broker.mutex);
      EXPECT_EQ(::posix_spawn(&pid, argv[0], nullptr, nullptr, argv, environ), 0);
      world_.broker.fault = [&](const std::string&, bool) {
        if (hook++ == kill_at) killed = ::kill(pid, SIGKILL) == 0;
        return grpc::Status::OK;
      };
    }
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    const std::lock_guard<std::mutex> lock(world_.broker.mutex);
    world_.broker.fault = nullptr;
    EXPECT_TRUE(killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << "hook " << kill_at;
    return !killed;
  }
  // For every hook there is: `prepare` gives the argument of the verb, `check` looks at what
  // became.
  void AtEveryHook(const std::filesystem::path& profile, const std::string& verb,
                   const std::function<std::string()>& prepare,
                   const std::function<void(const std::string&)>& check) {
    int kill_at = 0;
    for (bool ended = false; !ended; ++kill_at) {
      ASSERT_LT(kill_at, 20);
      SCOPED_TRACE(verb + " killed at hook " + std::to_string(kill_at));
      const std::string argument = prepare();
      ended = RunAndKill(profile, verb, argument, kill_at);
      EXPECT_TRUE(ended || RunAndKill(profile, verb, argument, -1));
      check(argument);
    }
    EXPECT_GE(kill_at, 3);  // at least one call was hit on both sides
  }
  static std::set<Bytes> RequestsOf(const std::vector<ScriptedBroker::Seen>& calls) {
    std::set<Bytes> requests;
    for (const auto& call : calls) requests.insert(call.request);
    return requests;
  }
  EdgeWorld world_;
};

TEST_F(EdgeCrashTest, AQuestionIsAskedOnceWithTheSameBytes) {
  int asked = 0;
  AtEveryHook(
      world_.TownProfile(), "ask",
      [&] {
        world_.broker.seen.clear();
        return CaseName(CaseId::FromBytes({static_cast<std::uint8_t>(++asked)}));
      },
      [&](const std::string&) {
        EXPECT_THAT(world_.broker.exchanges, SizeIs(asked));
        EXPECT_THAT(RequestsOf(world_.broker.SeenOf("CreateExchange")), SizeIs(1));
        EXPECT_THAT(*world_.Town()->Waiting(), SizeIs(0));
      });
}

TEST_F(EdgeCrashTest, AnAnswerIsGivenOnceWithTheSameBytes) {
  AtEveryHook(
      world_.PoliceProfile(), "answer",
      [&] {
        world_.broker.seen.clear();
        return world_.Reach(wire::EXCHANGE_STATE_FORWARDED);
      },
      [&](const std::string& name) {
        EXPECT_EQ(world_.broker.exchanges.at(name).state(), wire::EXCHANGE_STATE_ANSWERED);
        EXPECT_THAT(RequestsOf(world_.broker.SeenOf("AnswerExchange")), SizeIs(1));
      });
}

TEST_F(EdgeCrashTest, PeopleLeaveOnceWithTheSameBytes) {
  ASSERT_OK(world_.Town()->OpenSession());
  AtEveryHook(
      world_.PoliceProfile(), "people",
      [&] {
        world_.broker.seen.clear();
        return world_.Announce(*world_.Police(), EdgeWorld::TownId(), world_.Terms());
      },
      [&](const std::string& name) {
        EXPECT_EQ(world_.broker.exchanges.at(name).state(), wire::EXCHANGE_STATE_ANSWERED);
        EXPECT_THAT(RequestsOf(world_.broker.SeenOf("AnswerExchange")), SizeIs(1));
        EXPECT_THAT(*world_.Police()->Waiting(), SizeIs(0));
      });
}

TEST_F(EdgeCrashTest, PeopleAreReceivedOnce) {
  ASSERT_OK(world_.Town()->OpenSession());
  AtEveryHook(
      world_.TownProfile(), "open",
      [&] {
        const std::string name =
            world_.Announce(*world_.Police(), EdgeWorld::TownId(), world_.Terms());
        std::vector<ReleasedSubject> people;
        people.emplace_back(EdgeWorld::Person());
        EXPECT_OK(AnswerNamed(*world_.Police(), name, EdgeWorld::PeopleContent(std::move(people))));
        return name;
      },
      [&](const std::string& name) {
        const auto town = world_.Town();
        EXPECT_OK(town->ReadAnswer(name));
        const auto tables = town->ListPseudonyms("");
        ASSERT_OK(tables);
        ASSERT_THAT(*tables, SizeIs(1));
        int seen = 0;
        for (const auto& sighting : tables->front().rows(0).sightings()) {
          seen += sighting.exchange() == name ? 1 : 0;
        }
        EXPECT_EQ(seen, 1);
      });
}

TEST_F(EdgeCrashTest, ASessionIsOpenedOnceWithTheSameBytes) {
  AtEveryHook(
      world_.TownProfile(), "session",
      [&] {
        world_.broker.seen.clear();
        return std::string("-");
      },
      [&](const std::string&) {
        EXPECT_THAT(RequestsOf(world_.broker.SeenOf("OpenSession")), SizeIs(1));
        EXPECT_THAT(*world_.Town()->Sessions(),
                    SizeIs(world_.broker.live_contexts.at(EdgeWorld::TownId().ToString()).size()));
        EXPECT_THAT(*world_.Town()->Waiting(), SizeIs(0));
      });
}

TEST_F(EdgeCrashTest, AnAnswerIsOpenedAndConfirmedOnce) {
  AtEveryHook(
      world_.TownProfile(), "open",
      [&] {
        world_.broker.seen.clear();
        return world_.Reach(wire::EXCHANGE_STATE_ANSWERED);
      },
      [&](const std::string& name) {
        EXPECT_EQ(world_.broker.exchanges.at(name).state(), wire::EXCHANGE_STATE_COLLECTED);
        EXPECT_THAT(RequestsOf(world_.broker.SeenOf("ConfirmOpening")), SizeIs(1));
        const auto answer = world_.Town()->ReadAnswer(name);
        ASSERT_OK(answer);
        EXPECT_EQ(answer->values[0].Reveal(SecretAccess::ForTest()), "lopend");
      });
}

TEST_F(EdgeCrashTest, ADestructionIsDoneAndConfirmedOnce) {
  AtEveryHook(
      world_.TownProfile(), "destroy",
      [&] {
        world_.broker.seen.clear();
        return world_.Reach(wire::EXCHANGE_STATE_COLLECTED);
      },
      [&](const std::string& name) {
        EXPECT_EQ(world_.broker.exchanges.at(name).state(), wire::EXCHANGE_STATE_DESTROYED);
        EXPECT_THAT(RequestsOf(world_.broker.SeenOf("ConfirmDestruction")), SizeIs(1));
        EXPECT_THAT(world_.Town()->ReadAnswer(name), HasReason("ANSWER_NOT_HERE"));
      });
}

}  // namespace
}  // namespace sluis::edge::testing
