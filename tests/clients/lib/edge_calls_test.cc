// Patience, errors, and the inbox over broken connections.
#include <gtest/gtest.h>

#include <thread>

#include "clients/lib/remote_error.h"
#include "lib/base/file.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EdgeCallsTest : public ::testing::Test {
 protected:
  // The next `times` CreateExchange calls fail so, before or after the broker acted.
  void Fail(int times, const grpc::Status& status, bool after_the_act = false) {
    world_.broker.fault = [=, left = times](const std::string& method, bool done) mutable {
      if (method != "CreateExchange" || done != after_the_act || left == 0) return grpc::Status::OK;
      --left;
      return status;
    };
  }
  absl::StatusOr<wire::Exchange> Ask() {
    return world_.Town()->Ask(world_.Terms(), EdgeWorld::Person(), true);
  }
  static grpc::Status Away(int retry_seconds = -1) {
    return BrokerError(grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE", "try later", "",
                       retry_seconds);
  }
  EdgeWorld world_;
};

TEST_F(EdgeCallsTest, UnavailableIsTriedAgainAfterGrowingPauses) {
  Fail(3, Away());
  ASSERT_OK(Ask());
  EXPECT_THAT(world_.pauses,
              ElementsAre(absl::Seconds(1), absl::Seconds(1.3), absl::Seconds(1.3) * 1.3));
  EXPECT_THAT(world_.broker.SeenOf("CreateExchange"), SizeIs(4));
}

TEST_F(EdgeCallsTest, TheBrokersHintWins) {
  Fail(1, Away(7));
  ASSERT_OK(Ask());
  EXPECT_THAT(world_.pauses, ElementsAre(absl::Seconds(7)));
}

TEST_F(EdgeCallsTest, AfterFiveRetriesTheActWaitsAndTheNextRunSendsTheSameBytes) {
  Fail(6, Away());
  EXPECT_THAT(Ask(), HasReason("STORE_UNAVAILABLE"));
  EXPECT_THAT(world_.pauses, SizeIs(5));
  EXPECT_THAT(*world_.Town()->Waiting(), SizeIs(1));
  const auto town = world_.Town();
  ASSERT_OK(town->Ask(world_.Terms(), EdgeWorld::Person(), true));
  EXPECT_TRUE(town->repeated());
  std::set<Bytes> requests;
  for (const auto& call : world_.broker.SeenOf("CreateExchange")) requests.insert(call.request);
  EXPECT_THAT(requests, SizeIs(1));
}

TEST_F(EdgeCallsTest, ALostAnswerIsNoSecondExchange) {
  Fail(1, grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "slow"), true);
  EXPECT_THAT(Ask(), HasReason("BROKER_TOO_SLOW"));
  ASSERT_OK(Ask());
  EXPECT_THAT(world_.broker.exchanges, SizeIs(1));
}

TEST_F(EdgeCallsTest, AWaitingActCanBeResumedByItsId) {
  Fail(1, grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "slow"), true);
  EXPECT_THAT(Ask(), HasReason("BROKER_TOO_SLOW"));
  {
    const auto town = world_.Town();
    const std::string id = town->Waiting()->at(0).request_id;
    ASSERT_OK(town->Resume(id));
    EXPECT_THAT(world_.Town()->Discard(id), HasReason("ACT_NOT_WAITING"));  // it is in hands
  }
  EXPECT_THAT(*world_.Town()->Waiting(), IsEmpty());
  EXPECT_THAT(world_.broker.exchanges, SizeIs(1));
  EXPECT_THAT(world_.broker.SeenOf("CreateExchange"), SizeIs(2));
}

TEST_F(EdgeCallsTest, AnActThatIsTooOldIsShownNotRepeated) {
  Fail(1, grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "slow"));
  EXPECT_THAT(Ask(), HasReason("BROKER_TOO_SLOW"));
  world_.clock.Advance(kRequestIdLife);
  EXPECT_THAT(Ask(), HasReason("ACT_TOO_OLD"));
  ASSERT_OK(world_.Town()->Discard(world_.Town()->Waiting()->at(0).request_id));
  EXPECT_OK(Ask());
}

TEST_F(EdgeCallsTest, ARefusedRequestIsForgottenAndItsErrorWhole) {
  Fail(1, BrokerError(grpc::StatusCode::INVALID_ARGUMENT, "UNKNOWN_PURPOSE", "no such purpose",
                      "dit doel bestaat niet"));
  const absl::Status status = Ask().status();
  const auto error = RemoteErrorOf(status);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(ReasonOf(status), "UNKNOWN_PURPOSE");
  EXPECT_EQ(error->code, absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(error->localized_nl, "dit doel bestaat niet");
  EXPECT_EQ(error->metadata.at("field"), "exchange.purpose");
  ASSERT_THAT(error->field_violations, SizeIs(1));
  EXPECT_EQ(error->field_violations[0].field, "exchange.purpose");
  EXPECT_EQ(world_.broker.seen.back().traceparent.substr(3, 32), error->trace_id);
  EXPECT_THAT(*world_.Town()->Waiting(), IsEmpty());
}

TEST_F(EdgeCallsTest, ARefusalAtTheDoorLeavesTheActWaiting) {
  Fail(1, BrokerError(grpc::StatusCode::PERMISSION_DENIED, "PARTNER_SUSPENDED", "suspended"));
  EXPECT_THAT(Ask(), HasReason("PARTNER_SUSPENDED"));
  EXPECT_THAT(*world_.Town()->Waiting(), SizeIs(1));
}

TEST_F(EdgeCallsTest, NothingButUnavailableIsTriedAgain) {
  Fail(1, BrokerError(grpc::StatusCode::ABORTED, "REQUEST_IN_PROGRESS", "wait"));
  EXPECT_THAT(Ask(), HasReason("REQUEST_IN_PROGRESS"));
  EXPECT_THAT(world_.pauses, IsEmpty());
}

TEST_F(EdgeCallsTest, ABrokerThatIsNotThereIsUnreachable) {
  world_.broker.Stop();
  EXPECT_THAT(Ask(), HasReason("BROKER_UNREACHABLE"));
}

TEST_F(EdgeCallsTest, ABrokerUnderAnotherAuthorityIsUnreachable) {
  const ::sluis::testing::TestAuthority other("Other CA");
  ASSERT_OK(WriteFileAtomic(world_.TownParty() / "ca.pem", other.Pem()));
  EXPECT_THAT(Ask(), HasReason("BROKER_UNREACHABLE"));
  EXPECT_THAT(world_.broker.seen, IsEmpty());
}

// --- inbox ---

class InboxTest : public EdgeCallsTest {
 protected:
  InboxTest() {
    name_ = world_.Reach(wire::EXCHANGE_STATE_FORWARDED);
    for (const std::int64_t sequence : {1, 2, 4, 7}) Put(sequence);
  }
  void Put(std::int64_t sequence) {
    wire::InboxEntry entry;
    entry.set_sequence(sequence);
    entry.set_event(wire::INBOX_EVENT_QUESTION);
    *entry.mutable_exchange() = world_.broker.exchanges.at(name_);
    world_.broker.inbox.push_back(entry);
  }
  absl::Status Watch(const WatchOptions& options, const absl::Status& third = absl::OkStatus()) {
    StopSignal stop;
    return world_.Police()->WatchInbox(options, stop, [&](const wire::InboxEntry& entry) {
      if (handled_.size() == 2 && !third.ok()) return third;
      handled_.push_back(entry.sequence());
      return absl::OkStatus();
    });
  }
  std::string name_;
  std::vector<std::int64_t> handled_;
};

TEST_F(InboxTest, EntriesComeOnceOverBrokenConnections) {
  world_.broker.entries_a_stream = 1;
  ASSERT_OK(Watch({.until_caught_up = true}));
  EXPECT_THAT(handled_, ElementsAre(1, 2, 4, 7));
  ASSERT_OK(Watch({.until_caught_up = true}));
  EXPECT_THAT(handled_, SizeIs(4));
}

TEST_F(InboxTest, AnEntryThatWasNotHandledComesAgain) {
  EXPECT_THAT(Watch({.until_caught_up = true}, Error(ErrorCode::kInternal, "DISK_FULL", "full")),
              HasReason("DISK_FULL"));
  ASSERT_OK(Watch({.until_caught_up = true}));
  EXPECT_THAT(handled_, ElementsAre(1, 2, 4, 7));
}

TEST_F(InboxTest, FromTheStartLeavesTheCursor) {
  ASSERT_OK(Watch({.until_caught_up = true, .from_start = true}));
  ASSERT_OK(Watch({.until_caught_up = true}));
  EXPECT_THAT(handled_, SizeIs(8));
}

TEST_F(InboxTest, AnInboxThatGoesBackIsRefused) {
  Put(3);
  EXPECT_THAT(Watch({.until_caught_up = true}), HasReason("INBOX_INCONSISTENT"));
  EXPECT_THAT(handled_, ElementsAre(1, 2, 4, 7));
}

TEST_F(InboxTest, AWatchEndsWhenItIsStopped) {
  StopSignal stop;
  ASSERT_OK(world_.Police()->WatchInbox({}, stop, [&](const wire::InboxEntry& entry) {
    if (entry.sequence() == 7) stop.Stop();
    return absl::OkStatus();
  }));
}

TEST_F(InboxTest, ABrokerThatStaysAwayEndsTheWatch) {
  world_.broker.Stop();
  EXPECT_THAT(Watch({}), HasReason("BROKER_UNREACHABLE"));
  EXPECT_THAT(world_.pauses, SizeIs(5));
}

}  // namespace
}  // namespace sluis::edge::testing
