// Repeats (api.md §4) and trying out (§5).
#include <gmock/gmock.h>

#include <future>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "lib/base/resource_names.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::rpc::testing {
namespace {

using exchange::testing::Alderman;
using exchange::testing::Analyst;
using exchange::testing::Oov;
using ::testing::ElementsAre;

const std::string kCreateCase = absl::StrCat(kCases, "CreateCase");
const std::string kCreateExchange = absl::StrCat(kExchanges, "CreateExchange");

class RequestIdTest : public RpcWorld {
 protected:
  // Keeps the journal busy until it is let go.
  class Hold {
   public:
    explicit Hold(journal::Journal& journal) {
      std::promise<void> begun;
      journal.Submit(
          [this, &begun](storage::Transaction&, journal::LeafSink&) {
            begun.set_value();
            go_.get_future().wait();
            return absl::OkStatus();
          },
          [](const auto&) {});
      begun.get_future().wait();
    }
    void LetGo() { go_.set_value(); }

   private:
    std::promise<void> go_;
  };
};

TEST_F(RequestIdTest, ARepeatGetsTheSameAnswerAndLeavesNoSecondLeaf) {
  const v1::CreateExchangeRequest request = QuestionRequest(NewCase(Oov(), "casus"));
  const v1::Exchange first = Ask(Oov(), kCreateExchange, request).As<v1::Exchange>();
  const std::uint64_t size = LogSize();
  const v1::Exchange again = Ask(Oov(), kCreateExchange, request).As<v1::Exchange>();
  EXPECT_EQ(again.name(), first.name());
  EXPECT_EQ(LogSize(), size);
  ASSERT_EQ(again.receipts_size(), first.receipts_size());
  for (int i = 0; i < first.receipts_size(); ++i)
    EXPECT_EQ(again.receipts(i).index(), first.receipts(i).index());
}

TEST_F(RequestIdTest, OtherContentUnderTheSameIdIsRefused) {
  v1::CreateCaseRequest request = CaseRequest(Oov());
  ASSERT_TRUE(Ask(Oov(), kCreateCase, request).status.ok());
  const std::uint64_t size = LogSize();
  request.set_phase("weging");
  const RawAnswer other = Ask(Oov(), kCreateCase, request);
  EXPECT_EQ(other.status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(other.Reason(), "REQUEST_ID_REUSED");
  EXPECT_EQ(LogSize(), size);
}

TEST_F(RequestIdTest, AnIdBelongsToItsOrganisationAndMethod) {
  const v1::CreateCaseRequest first = CaseRequest(Oov());
  ASSERT_TRUE(Ask(Oov(), kCreateCase, first).status.ok());
  v1::CreateCaseRequest police_case = CaseRequest(Analyst());
  police_case.set_request_id(first.request_id());
  EXPECT_TRUE(Ask(Analyst(), kCreateCase, police_case).status.ok());
  v1::CloseCaseRequest close;
  close.set_name(absl::StrCat("cases/", first.case_id()));
  close.set_request_id(first.request_id());
  EXPECT_TRUE(Ask(Oov(), absl::StrCat(kCases, "CloseCase"), close).status.ok());
  // Another unit of the organisation asked something else.
  v1::CreateCaseRequest alderman = CaseRequest(Alderman());
  alderman.set_request_id(first.request_id());
  EXPECT_EQ(Ask(Alderman(), kCreateCase, alderman).Reason(), "REQUEST_ID_REUSED");
}

TEST_F(RequestIdTest, ARepeatWhileTheFirstRunsIsToldSo) {
  const v1::CreateCaseRequest request = CaseRequest(Oov());
  Hold hold(*journal);
  // Both are on their way; one of them is first, and no answer of it can come.
  std::promise<void> answered;
  std::once_flag once;
  const auto ask = [&] {
    RawAnswer answer = Ask(Oov(), kCreateCase, request);
    std::call_once(once, [&] { answered.set_value(); });
    return answer;
  };
  ChannelOf(Oov());
  auto one = std::async(std::launch::async, ask), two = std::async(std::launch::async, ask);
  answered.get_future().wait();
  hold.LetGo();
  std::vector<RawAnswer> answers = {one.get(), two.get()};
  if (answers[0].status.ok()) std::swap(answers[0], answers[1]);
  EXPECT_EQ(answers[0].status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(answers[0].Reason(), "REQUEST_IN_PROGRESS");
  EXPECT_TRUE(answers[1].status.ok());
  EXPECT_EQ(Count(tlog::LeafKind::kCaseChange), 1);
  // And afterwards it is a repeat like any other.
  EXPECT_TRUE(Ask(Oov(), kCreateCase, request).status.ok());
  EXPECT_EQ(Count(tlog::LeafKind::kCaseChange), 1);
}

TEST_F(RequestIdTest, AnErrorBeforeTheLogIsNotRemembered) {
  v1::CloseCaseRequest close;
  close.set_name(absl::StrCat("cases/", std::string(32, 'a')));
  close.set_request_id(NewRequestId());
  EXPECT_EQ(Ask(Oov(), absl::StrCat(kCases, "CloseCase"), close).Reason(),
            "RESOURCE_NOT_ACCESSIBLE");
  v1::CreateCaseRequest create = CaseRequest(Oov());
  create.set_case_id(std::string(32, 'a'));
  ASSERT_TRUE(Ask(Oov(), kCreateCase, create).status.ok());
  EXPECT_TRUE(Ask(Oov(), absl::StrCat(kCases, "CloseCase"), close).status.ok());
}

TEST_F(RequestIdTest, ADenialIsAnAnswer) {
  v1::CreateExchangeRequest request = QuestionRequest(NewCase(Oov(), "casus"));
  request.mutable_exchange()->set_purpose("audit-verantwoording");
  const RawAnswer answer = Ask(Oov(), kCreateExchange, request);
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  const v1::Exchange denied = answer.As<v1::Exchange>();
  EXPECT_EQ(denied.state(), v1::EXCHANGE_STATE_DENIED);
  EXPECT_FALSE(denied.decision().reason_nl().empty());
  EXPECT_EQ(denied.receipts_size(), 2);
}

TEST_F(RequestIdTest, TryingOutDecidesAlikeAndLeavesNothingButADryRun) {
  const CaseId in_case = NewCase(Oov(), "casus");
  const v1::Exchange real =
      Ask(Oov(), kCreateExchange, QuestionRequest(in_case)).As<v1::Exchange>();
  v1::CreateExchangeRequest request = QuestionRequest(in_case);
  request.set_validate_only(true);
  const std::uint64_t size = LogSize();
  const RawAnswer answer = Ask(Oov(), kCreateExchange, request);
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  const v1::Exchange tried = answer.As<v1::Exchange>();
  EXPECT_EQ(tried.name(), "");
  EXPECT_EQ(tried.receipts_size(), 0);
  EXPECT_EQ(tried.decision().outcome(), real.decision().outcome());
  EXPECT_EQ(tried.decision().policy_pack(), real.decision().policy_pack());
  ASSERT_EQ(LogSize(), size + 1);
  EXPECT_EQ(RecordAt(size)["kind"], "DRY_RUN");
  EXPECT_EQ(service->ReadInbox(As(Analyst()), 0, 10)->size(), 1u) << "only the real one";
  // Once for its id.
  EXPECT_TRUE(Ask(Oov(), kCreateExchange, request).status.ok());
  EXPECT_EQ(LogSize(), size + 1);
}

TEST_F(RequestIdTest, TryingOutChecksWhatTheRealCallChecks) {
  const CaseId in_case = NewCase(Oov(), "casus");
  using Spoil = std::function<void(v1::CreateExchangeRequest&)>;
  const std::vector<std::pair<std::string, Spoil>> cases = {
      {"FIELD_INVALID",
       [](auto& r) { r.mutable_exchange()->mutable_recipient()->set_unit("gemeente/wethouder"); }},
      {"FIELD_INVALID",
       [](auto& r) {
         r.mutable_exchange()->mutable_provider()->set_organisation("00000099900000009000");
       }},
      {"OIN_MISMATCH", [](auto& r) { r.set_parent(PartyName(Alderman().party)); }},
      {"RESOURCE_NOT_ACCESSIBLE", [](auto& r) {
         r.mutable_exchange()->set_case_(absl::StrCat("cases/", std::string(32, 'a')));
       }}};
  const std::uint64_t size = LogSize();
  for (const auto& [reason, spoil] : cases) {
    for (const bool dry : {true, false}) {
      v1::CreateExchangeRequest request = QuestionRequest(in_case);
      request.set_validate_only(dry);
      spoil(request);
      EXPECT_EQ(Ask(Oov(), kCreateExchange, request).Reason(), reason);
    }
  }
  EXPECT_EQ(LogSize(), size);
}

TEST_F(RequestIdTest, TryingOutTouchesNoSubject) {
  v1::CreateExchangeRequest request = QuestionRequest(NewCase(Oov(), "casus"));
  request.set_validate_only(true);
  request.mutable_exchange()->mutable_subject()->set_sealed("x");
  request.mutable_exchange()->mutable_subject()->set_signature(std::string(64, 'x'));
  const std::uint64_t size = LogSize();
  const RawAnswer answer = Ask(Oov(), kCreateExchange, request);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.Violations(), ElementsAre("exchange.subject"));
  EXPECT_EQ(LogSize(), size);
}

}  // namespace
}  // namespace sluis::rpc::testing
