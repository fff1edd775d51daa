// The life of an exchange over the wire: what one side sends arrives as it was, and nobody sees
// more than is his.
#include <gmock/gmock.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "lib/base/resource_names.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::rpc::testing {
namespace {

using exchange::testing::Analyst;
using exchange::testing::Detective;
using exchange::testing::Mayor;
using exchange::testing::Oov;
using exchange::testing::PrivacyOfficer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StoryTest : public RpcWorld {
 protected:
  exchange::ExchangeResult Asked() {
    return CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019").value();
  }
  static std::string NameOf(const exchange::ExchangeResult& result) {
    return ExchangeName(result.exchange.owner, result.exchange.id);
  }
  // Any request that is a name and a request_id.
  template <typename Request>
  Request Named(const std::string& name) {
    Request request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return request;
  }
  v1::AnswerExchangeRequest AnswerTo(const exchange::ExchangeResult& asked) {
    const exchange::Answer answer = Release(asked, PoliceAnswer());
    auto request = Named<v1::AnswerExchangeRequest>(NameOf(asked));
    request.mutable_release()->set_header(answer.header);
    request.mutable_release()->set_signature(answer.signature);
    for (const Bytes& sealed : answer.sealed_fields)
      request.mutable_release()->add_sealed_fields(sealed);
    return request;
  }
  RawAnswer Do(const Desk& desk, const char* method, const google::protobuf::Message& request) {
    return Ask(desk, absl::StrCat(kExchanges, method), request);
  }
  v1::ExchangeState StateOf(const exchange::ExchangeResult& asked) {
    v1::GetExchangeRequest get;
    get.set_name(NameOf(asked));
    return Do(Oov(), "GetExchange", get).As<v1::Exchange>().state();
  }
};

TEST_F(StoryTest, AnAnswerGoesFromTheProvidersDeskToTheRecipients) {
  const exchange::ExchangeResult asked = Asked();
  v1::GetExchangeRequest get;
  get.set_name(NameOf(asked));
  const v1::Exchange seen = Do(Analyst(), "GetExchange", get).As<v1::Exchange>();
  EXPECT_EQ(seen.subject().sealed(), asked.exchange.subject->sealed);
  EXPECT_EQ(seen.subject().signature(), asked.exchange.subject->signature);
  EXPECT_EQ(seen.subject().request_id(), asked.exchange.subject->request_id);
  EXPECT_TRUE(seen.subject().verified());
  EXPECT_EQ(seen.requester(), Oov().person);
  EXPECT_THAT(seen.fields(), ElementsAre("p-naam", "pand-adres", "ant-politiemelding"));

  const v1::AnswerExchangeRequest answer = AnswerTo(asked);
  const RawAnswer answered = Do(Analyst(), "AnswerExchange", answer);
  ASSERT_TRUE(answered.status.ok()) << answered.status.error_message();
  EXPECT_EQ(answered.As<v1::Exchange>().state(), v1::EXCHANGE_STATE_ANSWERED);
  EXPECT_EQ(answered.As<v1::Exchange>().receipts_size(), 3);

  const v1::Delivery delivery =
      Do(Oov(), "OpenDelivery", Named<v1::OpenDeliveryRequest>(NameOf(asked))).As<v1::Delivery>();
  EXPECT_EQ(delivery.release().SerializeAsString(), answer.release().SerializeAsString());
  EXPECT_EQ(delivery.receipts_size(), 1);
  EXPECT_EQ(delivery.exchange().receipts_size(), 0) << "a receipt stands in one place";

  const auto collected =
      Do(Oov(), "ConfirmOpening", Named<v1::ConfirmOpeningRequest>(NameOf(asked)));
  EXPECT_EQ(collected.As<v1::Exchange>().state(), v1::EXCHANGE_STATE_COLLECTED);
  EXPECT_EQ(collected.As<v1::Exchange>().retain_until(), "2027-11-24");
  const auto destroyed =
      Do(Oov(), "ConfirmDestruction", Named<v1::ConfirmDestructionRequest>(NameOf(asked)));
  EXPECT_EQ(destroyed.As<v1::Exchange>().state(), v1::EXCHANGE_STATE_DESTROYED);

  v1::ListReceiptsRequest list;
  list.set_exchange(NameOf(asked));
  const auto receipts =
      Ask(Analyst(), absl::StrCat(kLog, "ListReceipts"), list).As<v1::ListReceiptsResponse>();
  std::vector<std::string> kinds;
  for (const v1::Receipt& receipt : receipts.receipts()) kinds.push_back(receipt.kind());
  EXPECT_EQ(kinds, LeavesOf(asked.exchange.id));
}

TEST_F(StoryTest, ARepeatOfADeliveryAfterItWasCollectedBringsNoContent) {
  const exchange::ExchangeResult asked = Asked();
  ASSERT_TRUE(Do(Analyst(), "AnswerExchange", AnswerTo(asked)).status.ok());
  const auto open = Named<v1::OpenDeliveryRequest>(NameOf(asked));
  EXPECT_TRUE(Do(Oov(), "OpenDelivery", open).status.ok());
  EXPECT_TRUE(Do(Oov(), "OpenDelivery", open).status.ok()) << "as often as needed";
  ASSERT_TRUE(
      Do(Oov(), "ConfirmOpening", Named<v1::ConfirmOpeningRequest>(NameOf(asked))).status.ok());
  const RawAnswer late = Do(Oov(), "OpenDelivery", open);
  EXPECT_EQ(late.Reason(), "EXCHANGE_CLOSED");
  EXPECT_EQ(late.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(late.Find<google::rpc::PreconditionFailure>().has_value());
  EXPECT_THAT(late.messages, IsEmpty());
}

TEST_F(StoryTest, AReleaseThatWasTouchedIsRefusedWholeAndItsReasonIsOneOfTheContract) {
  const exchange::ExchangeResult asked = Asked();
  const v1::AnswerExchangeRequest good = AnswerTo(asked);
  std::vector<v1::AnswerExchangeRequest> bad(4, good);
  bad[0].mutable_release()->mutable_signature()->back() ^= 1;
  bad[1].mutable_release()->mutable_header()->back() ^= 1;
  bad[2].mutable_release()->mutable_sealed_fields()->RemoveLast();
  bad[3].mutable_release()->mutable_sealed_fields(0)->pop_back();
  const std::uint64_t size = LogSize();
  for (v1::AnswerExchangeRequest& request : bad) {
    request.set_request_id(NewRequestId());
    const RawAnswer answer = Do(Analyst(), "AnswerExchange", request);
    EXPECT_TRUE(answer.status.error_code() == grpc::StatusCode::INVALID_ARGUMENT ||
                answer.status.error_code() == grpc::StatusCode::FAILED_PRECONDITION)
        << answer.status.error_code() << " " << answer.Reason();
    EXPECT_NE(answer.Reason(), "INCIDENT");
  }
  EXPECT_EQ(LogSize(), size);
  EXPECT_EQ(StateOf(asked), v1::EXCHANGE_STATE_FORWARDED);
  EXPECT_TRUE(Do(Analyst(), "AnswerExchange", good).status.ok());
}

TEST_F(StoryTest, ASubjectIsBoundToItsRequest) {
  const exchange::ExchangeResult asked = Asked();
  v1::CreateExchangeRequest request = QuestionRequest(asked.exchange.case_id);
  v1::SealedSubject& subject = *request.mutable_exchange()->mutable_subject();
  subject.set_sealed(asked.exchange.subject->sealed);
  subject.set_verified(true);
  subject.set_signature(asked.exchange.subject->signature);
  const RawAnswer answer = Do(Oov(), "CreateExchange", request);
  EXPECT_EQ(answer.Reason(), "E_SIGNATURE");
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(StoryTest, OneSideRefusesAndTheOtherWithdraws) {
  const exchange::ExchangeResult first = Asked();
  auto refuse = Named<v1::RefuseExchangeRequest>(NameOf(first));
  refuse.set_reason(v1::REFUSAL_REASON_TOO_BROAD);
  const v1::Exchange refused = Do(Detective(), "RefuseExchange", refuse).As<v1::Exchange>();
  EXPECT_EQ(refused.state(), v1::EXCHANGE_STATE_REFUSED);
  EXPECT_EQ(refused.refusal_reason(), v1::REFUSAL_REASON_TOO_BROAD);

  const exchange::ExchangeResult second = Asked();
  const auto withdraw = Named<v1::WithdrawExchangeRequest>(NameOf(second));
  EXPECT_EQ(Do(Analyst(), "WithdrawExchange", withdraw).Reason(), "RESOURCE_NOT_ACCESSIBLE");
  EXPECT_EQ(Do(Oov(), "WithdrawExchange", withdraw).As<v1::Exchange>().state(),
            v1::EXCHANGE_STATE_WITHDRAWN);
  EXPECT_EQ(Do(Analyst(), "AnswerExchange", AnswerTo(second)).Reason(), "EXCHANGE_CLOSED");
}

TEST_F(StoryTest, ACaseChangesUnderItsEtag) {
  const v1::Case made =
      Ask(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov())).As<v1::Case>();
  auto advance = Named<v1::AdvanceCaseRequest>(made.name());
  advance.set_phase("interventie");
  advance.set_etag(made.etag());
  const std::string method = absl::StrCat(kCases, "AdvanceCase");
  const v1::Case changed = Ask(Oov(), method, advance).As<v1::Case>();
  EXPECT_EQ(changed.phase(), "interventie");
  EXPECT_NE(changed.etag(), made.etag());
  advance.set_request_id(NewRequestId());
  const RawAnswer stale = Ask(Oov(), method, advance);
  EXPECT_EQ(stale.status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(stale.Reason(), "ETAG_MISMATCH");
  advance.clear_etag();
  EXPECT_EQ(Ask(Mayor(), method, advance).Reason(), "RESOURCE_NOT_ACCESSIBLE");
  v1::GetCaseRequest get;
  get.set_name(made.name());
  EXPECT_TRUE(Ask(Oov(), absl::StrCat(kCases, "GetCase"), get).As<v1::Case>().open());
}

TEST_F(StoryTest, APrivacyOfficerReadsTheRecordsOfHisOwnByPages) {
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(Do(Analyst(), "AnswerExchange", AnswerTo(Asked())).status.ok());
  v1::ListRecordsRequest request;
  request.set_parent(PartyName(PrivacyOfficer().party));
  request.set_unit("gemeente/oov");
  request.set_use(v1::LOG_USE_LAWFULNESS_CHECK);
  request.set_purpose("audit-verantwoording");
  request.set_legal_basis("avg-24");
  request.set_regime("avg");
  request.set_page_size(3);
  const std::string method = absl::StrCat(kLog, "ListRecords");
  const std::uint64_t size = LogSize();
  std::set<std::int64_t> indices;
  int pages = 0;
  do {
    request.set_request_id(NewRequestId());
    const auto page = Ask(PrivacyOfficer(), method, request).As<v1::ListRecordsResponse>();
    ASSERT_EQ(page.decision().outcome(), v1::OUTCOME_PERMITTED) << page.decision().reason_en();
    for (const v1::LogRecord& record : page.records()) {
      EXPECT_TRUE(indices.insert(record.index()).second);
      EXPECT_EQ(record.leaf().size(), 192u);
      EXPECT_EQ(record.salt().size(), 32u);
    }
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 20);
  EXPECT_GT(indices.size(), 6u);
  EXPECT_GE(LogSize(), size + static_cast<std::uint64_t>(pages)) << "every look is logged";
}

}  // namespace
}  // namespace sluis::rpc::testing
