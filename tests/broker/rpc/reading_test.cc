// Lists by pages (api.md §6), the inbox over reconnects, health and reflection (§9).
#include <gmock/gmock.h>
#include <grpcpp/client_context.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "broker/rpc/page_token.h"
#include "lib/base/encoding.h"
#include "lib/base/resource_names.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/broker/rpc/sample_request.h"
#include "tests/support/status_matchers.h"

namespace sluis::rpc::testing {
namespace {

using exchange::testing::Alderman;
using exchange::testing::Analyst;
using exchange::testing::Detective;
using exchange::testing::Mayor;
using exchange::testing::Oov;
using ::testing::ElementsAre;

const std::string kListCases = absl::StrCat(kCases, "ListCases");
const std::string kWatchInbox = absl::StrCat(kExchanges, "WatchInbox");

class ReadingTest : public RpcWorld {
 protected:
  static v1::ListCasesRequest ListOf(const Desk& desk, int size, const std::string& token = "") {
    v1::ListCasesRequest request;
    request.set_parent(PartyName(desk.party));
    request.set_page_size(size);
    request.set_page_token(token);
    return request;
  }
  void ExpectMismatch(const RawAnswer& answer) {
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(answer.Reason(), "PAGE_TOKEN_MISMATCH");
    EXPECT_THAT(answer.Violations(), ElementsAre("page_token"));
  }
  std::vector<v1::InboxEntry> Inbox(const Desk& desk, std::int64_t after, int most = 0) {
    v1::WatchInboxRequest request;
    request.set_parent(PartyName(desk.party));
    request.set_after_sequence(after);
    request.set_until_caught_up(most == 0);
    RawCall call = CallOf(desk, kWatchInbox, request);
    call.most_messages = most;
    const RawAnswer answer = Send(ChannelOf(desk), call);
    if (most == 0) {
      EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
    }
    std::vector<v1::InboxEntry> entries;
    for (std::size_t i = 0; i < answer.messages.size(); ++i)
      entries.push_back(answer.As<v1::InboxEntry>(i));
    return entries;
  }
};

TEST_F(ReadingTest, PagesGiveEverythingOnceAndInOrder) {
  std::vector<std::string> made;
  for (int i = 0; i < 7; ++i) {
    made.insert(made.begin(), CaseName(NewCase(Oov(), "casus")));
    clock.Advance(absl::Seconds(1));
  }
  std::vector<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    const auto page = Ask(Oov(), kListCases, ListOf(Oov(), 3, token)).As<v1::ListCasesResponse>();
    for (const v1::Case& found : page.cases()) seen.push_back(found.name());
    token = page.next_page_token();
    EXPECT_LE(token.size(), 1024u);
    ++pages;
  } while (!token.empty() && pages < 10);
  EXPECT_EQ(seen, made);
  EXPECT_EQ(pages, 3);
}

TEST_F(ReadingTest, APageHasFiftyUnlessAskedAndNeverMoreThanFiveHundred) {
  EXPECT_EQ(PageSize(0), 50);
  EXPECT_EQ(PageSize(1), 1);
  EXPECT_EQ(PageSize(500), 500);
  EXPECT_EQ(PageSize(2147483647), 500);
  for (int i = 0; i < 51; ++i) NewCase(Oov(), "casus");
  const auto page = Ask(Oov(), kListCases, ListOf(Oov(), 0)).As<v1::ListCasesResponse>();
  EXPECT_EQ(page.cases_size(), 50);
  EXPECT_NE(page.next_page_token(), "");
  EXPECT_EQ(Ask(Oov(), kListCases, ListOf(Oov(), 51)).As<v1::ListCasesResponse>().next_page_token(),
            "");
  EXPECT_EQ(Ask(Oov(), kListCases, ListOf(Oov(), -1)).Violations(),
            std::vector<std::string>{"page_size"});
}

TEST_F(ReadingTest, ATokenIsForOneCallerMethodAndRequestAndForADay) {
  for (const Desk& desk : {Oov(), Oov(), Alderman(), Alderman()}) NewCase(desk, "casus");
  const std::string token =
      Ask(Oov(), kListCases, ListOf(Oov(), 1)).As<v1::ListCasesResponse>().next_page_token();
  ASSERT_NE(token, "");

  ExpectMismatch(Ask(Alderman(), kListCases, ListOf(Alderman(), 1, token)));
  Desk colleague = Oov();
  colleague.person = "f-oov-2";
  ExpectMismatch(Ask(colleague, kListCases, ListOf(Oov(), 1, token)));
  v1::ListExchangesRequest other_method;
  other_method.set_parent(PartyName(Oov().party));
  other_method.set_page_token(token);
  ExpectMismatch(Ask(Oov(), absl::StrCat(kExchanges, "ListExchanges"), other_method));
  // Every bit of it counts, and nothing may be added.
  const Bytes bytes = Base64UrlDecode(token).value();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes touched = bytes;
    touched[i] = static_cast<char>(touched[i] ^ 1);
    ExpectMismatch(Ask(Oov(), kListCases, ListOf(Oov(), 1, Base64UrlEncode(touched))));
  }
  for (const std::string& bad : {token + "A", token.substr(0, token.size() - 4), std::string("x")})
    ExpectMismatch(Ask(Oov(), kListCases, ListOf(Oov(), 1, bad)));

  clock.Advance(absl::Hours(24));
  EXPECT_TRUE(Ask(Oov(), kListCases, ListOf(Oov(), 1, token)).status.ok());
  clock.Advance(absl::Seconds(1));
  ExpectMismatch(Ask(Oov(), kListCases, ListOf(Oov(), 1, token)));
}

TEST_F(ReadingTest, ATokenDoesNotOutliveAChangeOfTheOtherFields) {
  const v1::Exchange one = AskPolice();
  v1::CreateExchangeRequest second = QuestionRequest(ParseCaseName(one.case_()).value());
  ASSERT_TRUE(Ask(Oov(), absl::StrCat(kExchanges, "CreateExchange"), second).status.ok());
  v1::ListExchangesRequest list;
  list.set_parent(PartyName(Oov().party));
  list.set_case_(one.case_());
  list.set_page_size(1);
  const std::string method = absl::StrCat(kExchanges, "ListExchanges");
  list.set_page_token(Ask(Oov(), method, list).As<v1::ListExchangesResponse>().next_page_token());
  ASSERT_NE(list.page_token(), "");
  EXPECT_EQ(Ask(Oov(), method, list).As<v1::ListExchangesResponse>().exchanges_size(), 1);
  list.clear_case_();
  ExpectMismatch(Ask(Oov(), method, list));
}

TEST_F(ReadingTest, OptionsComeWholeOverTheirPages) {
  v1::ListOptionsRequest request;
  request.set_parent(PartyName(Oov().party));
  request.set_page_size(500);
  const std::string method = absl::StrCat(kExchanges, "ListOptions");
  const auto whole = Ask(Oov(), method, request).As<v1::ListOptionsResponse>();
  EXPECT_EQ(whole.next_page_token(), "");
  ASSERT_GT(whole.options_size(), 3);
  request.set_page_size(3);
  std::vector<std::string> rules;
  do {
    const auto page = Ask(Oov(), method, request).As<v1::ListOptionsResponse>();
    for (const v1::Option& option : page.options()) rules.push_back(option.rule());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(rules.size(), static_cast<std::size_t>(whole.options_size()));
  for (int i = 0; i < whole.options_size(); ++i)
    EXPECT_EQ(rules[static_cast<std::size_t>(i)], whole.options(i).rule());
}

TEST_F(ReadingTest, TheInboxGoesOnFromItsCursorOverAReconnect) {
  std::set<std::string> asked;
  for (int i = 0; i < 5; ++i) asked.insert(AskPolice().name());
  std::set<std::string> got;
  std::int64_t cursor = 0;
  // Three connections: two break off after two entries each.
  for (const int most : {2, 2, 0}) {
    std::vector<v1::InboxEntry> entries = Inbox(Analyst(), cursor, most);
    // What came beyond the break was not read.
    if (most != 0 && static_cast<int>(entries.size()) > most) entries.resize(2);
    for (const v1::InboxEntry& entry : entries) {
      EXPECT_GT(entry.sequence(), cursor);
      cursor = entry.sequence();
      EXPECT_EQ(entry.event(), v1::INBOX_EVENT_QUESTION);
      EXPECT_TRUE(got.insert(entry.exchange().name()).second);
    }
  }
  EXPECT_EQ(got, asked);
  EXPECT_TRUE(Inbox(Analyst(), cursor).empty());
  EXPECT_EQ(Inbox(Detective(), 0).size(), 5u) << "an inbox belongs to the desk";
}

TEST_F(ReadingTest, AWaitingStreamHearsOfWhatComes) {
  v1::WatchInboxRequest request;
  request.set_parent(PartyName(Analyst().party));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  context.AddMetadata("authorization", Bearer(Analyst()));
  const auto stub = v1::ExchangeService::NewStub(ChannelOf(Analyst()));
  const auto stream = stub->WatchInbox(&context, request);
  for (int i = 0; i < 2; ++i) {
    const std::string name = AskPolice().name();
    v1::InboxEntry entry;
    ASSERT_TRUE(stream->Read(&entry));
    EXPECT_EQ(entry.exchange().name(), name);
  }
  // The broker ends it with OK: the caller goes on elsewhere.
  server->Stop();
  v1::InboxEntry entry;
  EXPECT_FALSE(stream->Read(&entry));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ReadingTest, NobodyWatchesTheInboxOfAnother) {
  v1::WatchInboxRequest request;
  request.set_parent(PartyName(Analyst().party));
  const RawAnswer answer = Ask(Oov(), kWatchInbox, request);
  EXPECT_EQ(answer.Reason(), "OIN_MISMATCH");
  EXPECT_TRUE(answer.messages.empty());
}

TEST_F(ReadingTest, WhoMayNotSeeAThingDoesNotLearnWhetherItIsThere) {
  const v1::Exchange there = AskPolice();
  v1::GetExchangeRequest get;
  get.set_name(there.name());
  const RawAnswer hidden = Ask(Mayor(), absl::StrCat(kExchanges, "GetExchange"), get);
  get.set_name(absl::StrCat(PartyName(Oov().party), "/exchanges/", std::string(32, 'a')));
  const RawAnswer absent = Ask(Mayor(), absl::StrCat(kExchanges, "GetExchange"), get);
  EXPECT_EQ(hidden.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(hidden.status.error_details(), absent.status.error_details());
}

TEST_F(ReadingTest, TheDirectoryIsHandedOnAsItWasSigned) {
  const auto answer = Ask(Oov(), "/sluis.v1.PartnerService/GetDirectory", v1::GetDirectoryRequest())
                          .As<v1::Directory>();
  EXPECT_EQ(answer.note(), directory_in_force.Current()->note());
  EXPECT_EQ(answer.version(), 7);
}

}  // namespace
}  // namespace sluis::rpc::testing
