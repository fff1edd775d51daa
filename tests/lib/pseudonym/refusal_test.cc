#include "lib/pseudonym/refusal.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

TEST(RefusalTest, ClassDecidesTheStatusCode) {
  EXPECT_EQ(Refuse("E_TLV", "x").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Refuse("E_SELF", "x").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Refuse("E_QUOTA", "x").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Refuse("E_POK", "x").code(), absl::StatusCode::kFailedPrecondition);
}

// Where a code comes from another library its class is the same.
TEST(RefusalTest, CodesOfOtherLibrariesAreClassified) {
  const absl::Status status = Error(ErrorCode::kInvalid, "E_SIGNATURE", "x");
  EXPECT_EQ(Classified(status).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Classified(status), HasReason("E_SIGNATURE"));
  EXPECT_OK(Classified(absl::OkStatus()));
  EXPECT_EQ(Classified(absl::InternalError("x")).code(), absl::StatusCode::kInternal);
}

TEST(RefusalTest, SenderHearsNothingOfTheCryptography) {
  const absl::Status outside = ForSender(Refuse("E_POK", "the position and more"));
  EXPECT_THAT(outside, HasReason("E_REFUSED"));
  for (const char* code : {"E_YFROM", "E_FACTOR_TRIVIAL", "E_PROOF", "E_CANARY", "E_PADDING",
                           "E_OPEN", "E_STREAM", "E_DH_ZERO"}) {
    EXPECT_EQ(ForSender(Refuse(code, "x")), outside) << code;
  }
  EXPECT_EQ(ForSender(absl::InternalError("a path of the server")), outside);
  EXPECT_THAT(ForSender(Refuse("E_TLV", "x")), HasReason("E_TLV"));
  EXPECT_THAT(ForSender(Refuse("E_QUOTA", "x")), HasReason("E_QUOTA"));
  EXPECT_OK(ForSender(absl::OkStatus()));
}

}  // namespace
}  // namespace sluis::pseudonym
