// Every field of every method, from the contract itself (api.md §1, §7, §12): what is missing, too
// long, of the wrong characters, shape, range, enum or code, or unknown, is refused with its path,
// all at once, and leaves nothing.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "broker/rpc/validate.h"
#include "google/api/field_behavior.pb.h"
#include "lib/base/resource_names.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/broker/rpc/sample_request.h"
#include "tests/support/status_matchers.h"

namespace sluis::rpc::testing {
namespace {

using exchange::testing::Oov;
using google::protobuf::Message;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAreArray;

class FieldsTest : public RpcWorld {
 protected:
  const policy::Pack& pack() const { return *policies->Current().pack; }
  RawAnswer SendTo(const Method& method, const Message& request) {
    return Ask(Oov(), method.path, request);
  }
  // A question that is in order, sent after `spoil`.
  RawAnswer AskAfter(const std::function<void(v1::CreateExchangeRequest&)>& spoil) {
    v1::CreateExchangeRequest request =
        QuestionRequest(CaseId::Parse(std::string(31, '0') + "1").value());
    spoil(request);
    return Ask(Oov(), absl::StrCat(kExchanges, "CreateExchange"), request);
  }
};

TEST_F(FieldsTest, TheContractIsWhole) {
  EXPECT_EQ(AllMethods().size(), 36u) << "a new method: the tests here take it along";
  for (const Method& method : AllMethods()) {
    EXPECT_OK(ValidateRequest(*SampleRequest(method, pack()), pack())) << method.path;
  }
}

TEST_F(FieldsTest, EveryFaultOfEveryFieldIsRefusedUnderItsPath) {
  int tried = 0;
  const std::uint64_t before = LogSize();
  for (const Method& method : AllMethods()) {
    const MessagePtr sample = SampleRequest(method, pack());
    for (const Fault& fault : FaultsOf(*sample)) {
      SCOPED_TRACE(absl::StrCat(method.path, " ", fault.field, ": ", fault.what));
      MessagePtr request(sample->New());
      request->CopyFrom(*sample);
      fault.spoil(*request);
      const RawAnswer answer = SendTo(method, *request);
      ++tried;
      ASSERT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
          << answer.status.error_message();
      EXPECT_EQ(answer.Reason(), fault.reason);
      EXPECT_THAT(answer.Violations(), Contains(fault.field));
      EXPECT_TRUE(answer.messages.empty());
    }
  }
  EXPECT_GT(tried, 500);
  EXPECT_EQ(LogSize(), before) << "nothing is logged or stored of a request that is not in order";
}

TEST_F(FieldsTest, WhatIsMissingIsSaidAllAtOnce) {
  for (const Method& method : AllMethods()) {
    std::vector<std::string> required;
    for (int i = 0; i < method.descriptor->input_type()->field_count(); ++i) {
      const auto& options = method.descriptor->input_type()->field(i)->options();
      for (int j = 0; j < options.ExtensionSize(google::api::field_behavior); ++j) {
        if (options.GetExtension(google::api::field_behavior, j) == google::api::REQUIRED)
          required.push_back(method.descriptor->input_type()->field(i)->name());
      }
    }
    if (required.empty()) continue;
    SCOPED_TRACE(method.path);
    const RawAnswer answer = SendTo(method, *MessagePtr(SampleRequest(method, pack())->New()));
    EXPECT_EQ(answer.Reason(), "FIELD_MISSING");
    EXPECT_THAT(answer.Violations(), UnorderedElementsAreArray(required));
  }
}

TEST_F(FieldsTest, FaultsOfOneFieldAndBetweenFieldsAreSaidTogether) {
  const RawAnswer answer = AskAfter([](v1::CreateExchangeRequest& request) {
    request.clear_request_id();
    v1::Exchange& exchange = *request.mutable_exchange();
    exchange.set_purpose("no-such-purpose");
    exchange.set_action("recall");
    exchange.mutable_subject()->set_sealed("x");
    exchange.mutable_subject()->set_signature(std::string(64, 'x'));
    exchange.add_fields(exchange.fields(0));
    exchange.mutable_time_to_live()->set_seconds(59);
  });
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(answer.Violations(), ElementsAre("exchange.purpose", "request_id", "exchange.subject",
                                               "exchange.earlier_exchange", "exchange.recall_kind",
                                               "exchange.fields[3]", "exchange.time_to_live"));
}

TEST_F(FieldsTest, MembersGoWithTheirAction) {
  const std::uint64_t before = LogSize();
  using Spoil = std::function<void(v1::Exchange&)>;
  const std::vector<std::pair<std::string, Spoil>> cases = {
      {"exchange.action", [](v1::Exchange& e) { e.set_action("match"); }},
      {"exchange.name",
       [](v1::Exchange& e) {
         e.set_name(absl::StrCat(PartyName(Oov().party), "/exchanges/", std::string(32, 'a')));
       }},
      {"exchange.earlier_exchange",
       [](v1::Exchange& e) {
         e.set_earlier_exchange(
             absl::StrCat(PartyName(Oov().party), "/exchanges/", std::string(32, 'a')));
       }},
      {"exchange.recall_kind", [](v1::Exchange& e) { e.set_recall_kind(v1::RECALL_KIND_CORRECT); }},
      {"exchange.time_to_live",
       [](v1::Exchange& e) { e.mutable_time_to_live()->set_seconds(14 * 24 * 3600 + 1); }},
      {"exchange.time_to_live", [](v1::Exchange& e) {
         e.mutable_time_to_live()->set_seconds(14 * 24 * 3600);
         e.mutable_time_to_live()->set_nanos(1);
       }}};
  for (const auto& [field, spoil] : cases) {
    SCOPED_TRACE(field);
    const RawAnswer answer = AskAfter(
        [&spoil](v1::CreateExchangeRequest& request) { spoil(*request.mutable_exchange()); });
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(answer.Violations(), ElementsAre(field));
  }
  EXPECT_EQ(LogSize(), before);
}

TEST_F(FieldsTest, AnUnknownCodeOffersTheNearestAndNoTextRepeatsWhatWasTyped) {
  const RawAnswer answer = AskAfter([](v1::CreateExchangeRequest& request) {
    request.mutable_exchange()->set_purpose("openbare-ordee");
    request.mutable_exchange()->set_regime("jan-jansen");
  });
  const auto bad = answer.Find<google::rpc::BadRequest>();
  ASSERT_TRUE(bad.has_value());
  EXPECT_NE(bad->field_violations(0).description().find("did you mean openbare-orde?"),
            std::string::npos);
  EXPECT_EQ(answer.status.error_details().find("jan-jansen"), std::string::npos);
  EXPECT_EQ(answer.status.error_details().find("openbare-ordee"), std::string::npos);
}

TEST_F(FieldsTest, AnArrangementNameHoldsNoCitizenNumber) {
  v1::RegisterArrangementRequest request;
  request.set_request_id(NewRequestId());
  v1::Arrangement& arrangement = *request.mutable_arrangement();
  arrangement.set_statement("x");
  v1::PartySignature& signature = *arrangement.add_signatures();
  signature.mutable_party()->set_organisation(Oov().party.oin.str());
  signature.mutable_party()->set_unit(Oov().party.unit.str());
  signature.set_signature(std::string(64, 'x'));
  for (const char* name : {"arrangements/", "x", "arrangements/zaak-999990019"}) {
    arrangement.set_name(name);
    const RawAnswer answer =
        Ask(Oov(), "/sluis.v1.ArrangementService/RegisterArrangement", request);
    EXPECT_THAT(answer.Violations(), ElementsAre("arrangement.name")) << name;
  }
}

TEST_F(FieldsTest, AnIdOfANewCaseHoldsNoCitizenNumber) {
  const std::string id = "abcdef0abcdef" + std::string("999990019") + "abcdefabcd";
  const std::uint64_t before = LogSize();
  v1::CreateCaseRequest request = CaseRequest(Oov());
  request.set_case_id(id);
  EXPECT_THAT(Ask(Oov(), absl::StrCat(kCases, "CreateCase"), request).Violations(),
              ElementsAre("case_id"));
  const auto with_case = [&id](v1::CreateExchangeRequest& ask) {
    ask.mutable_exchange()->set_case_("cases/" + id);
  };
  EXPECT_EQ(AskAfter(with_case).Reason(), "RESOURCE_NOT_ACCESSIBLE") << "it names no new case";
  EXPECT_THAT(AskAfter([&](v1::CreateExchangeRequest& ask) {
                with_case(ask);
                ask.set_new_case_phase("casus");
              }).Violations(),
              ElementsAre("exchange.case"));
  EXPECT_EQ(LogSize(), before);
  // Nine digits that fail the eleven-test are no number of a person.
  request.set_case_id("abcdef0abcdef" + std::string("999990018") + "abcdefabcd");
  EXPECT_TRUE(Ask(Oov(), absl::StrCat(kCases, "CreateCase"), request).status.ok());
}

TEST_F(FieldsTest, TextThatIsNotUtf8IsRefused) {
  const std::uint64_t before = LogSize();
  RawCall call = CallOf(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov()));
  call.request += "\x1a\x02\xff\xfe";  // phase
  const RawAnswer answer = Send(ChannelOf(Oov()), call);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(answer.Reason(), "FIELD_INVALID");
  EXPECT_THAT(answer.Violations(), ElementsAre("request"));
  call.request = "\x0a\xff";  // ends within a field
  EXPECT_EQ(Send(ChannelOf(Oov()), call).Reason(), "FIELD_INVALID");
  EXPECT_EQ(LogSize(), before);
}

TEST_F(FieldsTest, AMessageBeyondFourMebibytesIsNotTaken) {
  const std::uint64_t before = LogSize();
  v1::AnswerExchangeRequest request;
  request.set_name(absl::StrCat(PartyName(Oov().party), "/exchanges/", std::string(32, 'a')));
  request.set_request_id(NewRequestId());
  for (int i = 0; i < 5; ++i)
    request.mutable_release()->add_sealed_fields(std::string(1 << 20, 'x'));
  const RawAnswer answer = Ask(Oov(), absl::StrCat(kExchanges, "AnswerExchange"), request);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(LogSize(), before);
}

TEST_F(FieldsTest, AnActNeedsADeadlineAndEnoughOfIt) {
  const std::uint64_t before = LogSize();
  RawCall call = CallOf(Oov(), absl::StrCat(kCases, "CreateCase"), CaseRequest(Oov()));
  call.deadline.reset();
  const RawAnswer none = Send(ChannelOf(Oov()), call);
  EXPECT_EQ(none.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(none.Reason(), "FIELD_MISSING");
  EXPECT_THAT(none.Violations(), ElementsAre("deadline"));
  call.deadline = std::chrono::milliseconds(40);
  EXPECT_EQ(Send(ChannelOf(Oov()), call).status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(LogSize(), before);
  // A read may go without.
  v1::ListCasesRequest list;
  list.set_parent(PartyName(Oov().party));
  RawCall read = CallOf(Oov(), absl::StrCat(kCases, "ListCases"), list);
  read.deadline.reset();
  EXPECT_TRUE(Send(ChannelOf(Oov()), read).status.ok());
}

}  // namespace
}  // namespace sluis::rpc::testing
