// Trace context (api.md §10).
#include "broker/rpc/trace.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/broker/rpc/rpc_world.h"

namespace sluis::rpc::testing {
namespace {

using exchange::testing::Oov;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kParent[] = "00f067aa0ba902b7";
const std::string kGood = absl::StrCat("00-", kTraceId, "-", kParent, "-01");

std::string Replaced(std::size_t at, const std::string& by) {
  std::string value = kGood;
  return value.replace(at, by.size(), by);
}

TEST(Traceparent, GoesOnWithATraceThatIsValid) {
  const auto trace = ParseTraceparent(kGood);
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id, kTraceId);
  EXPECT_EQ(trace->span_id.size(), 16u);
  EXPECT_NE(trace->span_id, kParent) << "every hop makes its own";
  EXPECT_TRUE(trace->sampled);
  EXPECT_FALSE(ParseTraceparent(Replaced(53, "00"))->sampled);
  EXPECT_FALSE(ParseTraceparent(Replaced(53, "fe"))->sampled);
  EXPECT_TRUE(ParseTraceparent(Replaced(53, "ff"))->sampled);
}

TEST(Traceparent, OfAHigherVersionCountsAsFarAsWeKnowIt) {
  const std::string later = Replaced(0, "01");
  for (const std::string& value : {later, later + "-", later + "-what comes later"})
    EXPECT_TRUE(ParseTraceparent(value).has_value()) << value;
  EXPECT_FALSE(ParseTraceparent(later + "x").has_value());
}

TEST(Traceparent, ThatIsNotValidSaysNothing) {
  for (const std::string& value :
       {std::string(), std::string("00"), kGood.substr(1), kGood + "-00", kGood + "x",
        Replaced(0, "ff"), Replaced(0, "0g"), Replaced(0, "0A"), Replaced(2, "_"),
        Replaced(35, "_"), Replaced(52, "_"), Replaced(3, std::string(32, '0')),
        Replaced(36, std::string(16, '0')), Replaced(3, "A"), Replaced(40, "G"), Replaced(53, "0G"),
        Replaced(10, std::string(1, '\0'))}) {
    EXPECT_FALSE(ParseTraceparent(value).has_value()) << value;
  }
}

TEST(Traceparent, ThatIsAbsentDoubledOrWrongStartsANewTrace) {
  std::multimap<grpc::string_ref, grpc::string_ref> metadata;
  const Trace first = TraceOf(metadata), second = TraceOf(metadata);
  EXPECT_EQ(first.trace_id.size(), 32u);
  EXPECT_NE(first.trace_id, second.trace_id);
  metadata.emplace("traceparent", kGood);
  EXPECT_EQ(TraceOf(metadata).trace_id, kTraceId);
  metadata.emplace("traceparent", kGood);
  EXPECT_NE(TraceOf(metadata).trace_id, kTraceId);
}

class CallLogTest : public RpcWorld {
 protected:
  // What the operational log says while `call` is made.
  std::string LogOf(const RawCall& call) {
    ::testing::internal::CaptureStdout();
    Send(ChannelOf(Oov()), call);
    return ::testing::internal::GetCapturedStdout();
  }
};

TEST_F(CallLogTest, ALineOfACallHasItsTraceAndNoName) {
  const v1::CreateCaseRequest request = CaseRequest(Oov());
  RawCall call = CallOf(Oov(), absl::StrCat(kCases, "CreateCase"), request);
  call.metadata.emplace_back("traceparent", kGood);
  const std::string good = LogOf(call);
  EXPECT_THAT(good, HasSubstr(absl::StrCat("call trace=", kTraceId, " span=")));
  EXPECT_THAT(good, HasSubstr("method=CreateCase code=0 reason= us="));
  const std::string replayed = LogOf(call);
  EXPECT_THAT(replayed, HasSubstr("method=CreateCase code=16 reason=ASSERTION_REPLAYED us="));
  for (const std::string& name : {Oov().person, Oov().party.oin.str(), Oov().party.unit.str(),
                                  request.case_id(), request.request_id(), std::string(kParent)}) {
    EXPECT_THAT(good + replayed, Not(HasSubstr(name)));
  }
}

}  // namespace
}  // namespace sluis::rpc::testing
