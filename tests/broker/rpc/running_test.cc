// The server as a whole: health and reflection (api.md §9), and what a caller hears when log or
// store fail.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "broker/rpc/tls.h"
#include "lib/base/resource_names.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::rpc::testing {
namespace {

using exchange::testing::Oov;
using ::sluis::testing::ClientOf;
using ::sluis::testing::Fault;
using ::sluis::testing::HasReason;
using ::sluis::testing::TestAuthority;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

class RunningTest : public RpcWorld {
 protected:
  // grpc.health.v1.HealthCheckRequest{service} and HealthCheckResponse{status}, as bytes.
  static std::string HealthRequest(const std::string& of) {
    return of.empty() ? "" : absl::StrCat("\x0a", std::string(1, static_cast<char>(of.size())), of);
  }
  RawAnswer Health(const std::string& of) {
    return Send(
        ChannelOf(Oov()),
        {.method = "/grpc.health.v1.Health/Check", .request = HealthRequest(of), .metadata = {}});
  }
};

TEST_F(RunningTest, HealthNeedsNoAssertionAndSaysNotServingUntilTold) {
  const std::vector<std::string> services = {"",
                                             "sluis.v1.ExchangeService",
                                             "sluis.v1.CaseService",
                                             "sluis.v1.ArrangementService",
                                             "sluis.v1.LogService",
                                             "sluis.v1.PartnerService",
                                             "sluis.v1.PseudonymService",
                                             "sluis.v1.AuthorizationService"};
  for (const auto& [serving, expected] :
       {std::pair(false, kNotServing), std::pair(true, kServing), std::pair(false, kNotServing)}) {
    if (serving) server->SetServing(true);
    for (const std::string& name : services)
      EXPECT_EQ(Health(name).messages, std::vector<std::string>{expected}) << name;
    server->SetServing(false);
  }
  EXPECT_EQ(Health("sluis.v1.NoSuchService").status.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(RunningTest, AWatcherOfHealthHearsOfTheChange) {
  server->SetServing(true);
  RawCall watch{.method = "/grpc.health.v1.Health/Watch",
                .request = HealthRequest("sluis.v1.CaseService"),
                .metadata = {},
                .most_messages = 2};
  watch.on_message = [&](const std::string&) { server->SetServing(false); };
  EXPECT_THAT(Send(ChannelOf(Oov()), watch).messages, ElementsAre(kServing, kNotServing));
}

TEST_F(RunningTest, HealthIsNotForStrangers) {
  const TestAuthority other("root");
  const auto stranger = other.IssueWithKey(ClientOf(Oov().party.oin.str(), clock.Now()));
  EXPECT_EQ(Send(ChannelWith(stranger),
                 {.method = "/grpc.health.v1.Health/Check", .request = "", .metadata = {}})
                .status.error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(RunningTest, ThereIsNoReflectionUnlessAskedFor) {
  const RawCall list{.method = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                     .request = std::string("\x3a\x00", 2),  // list_services
                     .metadata = {}};
  EXPECT_EQ(Send(ChannelOf(Oov()), list).status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  server->Stop();
  StartServer(/*reflection=*/true);
  const RawAnswer shown = Send(ChannelOf(Oov()), list);
  EXPECT_TRUE(shown.status.ok());
  ASSERT_EQ(shown.messages.size(), 1u);
  EXPECT_THAT(shown.messages[0], HasSubstr("sluis.v1.ExchangeService"));
}

TEST_F(RunningTest, AMethodThatIsNotThereIsUnimplemented) {
  EXPECT_EQ(Send(ChannelOf(Oov()),
                 CallOf(Oov(), absl::StrCat(kCases, "DeleteCase"), v1::GetCaseRequest()))
                .status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(RunningTest, WithoutALogNothingIsDone) {
  journal->Stop();
  const RawAnswer act = Ask(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov()));
  EXPECT_EQ(act.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(act.Reason(), "LOG_UNAVAILABLE");
  EXPECT_TRUE(act.Find<google::rpc::RetryInfo>().has_value());
  v1::ListCasesRequest list;
  list.set_parent(PartyName(Oov().party));
  EXPECT_EQ(
      Ask(Oov(), absl::StrCat(kCases, "ListCases"), list).As<v1::ListCasesResponse>().cases_size(),
      0);
}

TEST_F(RunningTest, WithoutAStoreNothingIsReadAndTheCallerHearsWhenToComeBack) {
  v1::ListCasesRequest list;
  list.set_parent(PartyName(Oov().party));
  reads.Arm(Fault::kSnapshot, 1);
  const RawAnswer answer = Ask(Oov(), absl::StrCat(kCases, "ListCases"), list);
  EXPECT_TRUE(reads.struck());
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(answer.Reason(), "STORE_UNAVAILABLE");
  EXPECT_TRUE(answer.Find<google::rpc::RetryInfo>().has_value());
  EXPECT_TRUE(Ask(Oov(), absl::StrCat(kCases, "ListCases"), list).status.ok());
}

TEST_F(RunningTest, AStreamThatCannotReadEndsWithTheReason) {
  v1::WatchInboxRequest watch;
  watch.set_parent(PartyName(Oov().party));
  watch.set_until_caught_up(true);
  reads.Arm(Fault::kSnapshot, 1);
  const RawAnswer answer = Ask(Oov(), absl::StrCat(kExchanges, "WatchInbox"), watch);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(answer.Reason(), "STORE_UNAVAILABLE");
}

TEST_F(RunningTest, AnAddressIsTakenOnce) {
  const TlsFiles files{folder.path() / "server.key", folder.path() / "server.pem",
                       folder.path() / "ca.pem"};
  // A server tells its own service whom to wake.
  exchange::Service other({Oov().party.oin, {}}, *journal, store, *policies, directory_in_force,
                          clock);
  const auto second = Server::Start(
      {.address = absl::StrCat("127.0.0.1:", server->port()), .reflection = false},
      ServerTls(files, trust, clock),
      std::make_unique<Gate>(other, *authenticator, *policies, directory_in_force, clock), points);
  EXPECT_THAT(second, HasReason("STARTING"));
}

TEST_F(RunningTest, AStoppedServerTakesNoCalls) {
  ASSERT_TRUE(Ask(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov())).status.ok());
  server->Stop();
  server->Stop();
  const std::uint64_t size = LogSize();
  EXPECT_EQ(Ask(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov())).status.error_code(),
            grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(LogSize(), size);
}

}  // namespace
}  // namespace sluis::rpc::testing
