#include "lib/base/error.h"

#include <gtest/gtest.h>

namespace sluis {
namespace {

TEST(ErrorTest, ReasonMetadataAndCodeComeBack) {
  const absl::Status status = Error(ErrorCode::kDenied, "POLICY_DENIED", "not permitted",
                                    {{"purpose", "openbare-orde"}, {"rule", "r-1"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(MessageOf(status), "not permitted");
  EXPECT_EQ(ReasonOf(status), "POLICY_DENIED");
  const ErrorDetail detail = DetailOf(status);
  EXPECT_EQ(detail.metadata.at("purpose"), "openbare-orde");
  EXPECT_EQ(detail.metadata.at("rule"), "r-1");
  EXPECT_TRUE(detail.violations.empty());
  EXPECT_FALSE(detail.retry_after.has_value());
}

TEST(ErrorTest, EveryCodeHasItsOwnStatusCode) {
  const std::pair<ErrorCode, absl::StatusCode> codes[] = {
      {ErrorCode::kInvalid, absl::StatusCode::kInvalidArgument},
      {ErrorCode::kUnauthenticated, absl::StatusCode::kUnauthenticated},
      {ErrorCode::kDenied, absl::StatusCode::kPermissionDenied},
      {ErrorCode::kNotFound, absl::StatusCode::kNotFound},
      {ErrorCode::kExists, absl::StatusCode::kAlreadyExists},
      {ErrorCode::kPrecondition, absl::StatusCode::kFailedPrecondition},
      {ErrorCode::kAborted, absl::StatusCode::kAborted},
      {ErrorCode::kExhausted, absl::StatusCode::kResourceExhausted},
      {ErrorCode::kUnavailable, absl::StatusCode::kUnavailable},
      {ErrorCode::kDeadline, absl::StatusCode::kDeadlineExceeded},
      {ErrorCode::kInternal, absl::StatusCode::kInternal},
      {ErrorCode::kDataLoss, absl::StatusCode::kDataLoss}};
  for (const auto& [code, expected] : codes) EXPECT_EQ(Error(code, "R", "m").code(), expected);
}

TEST(ErrorTest, AllViolationsTravelAndTheFirstIsNamed) {
  const absl::Status status = InvalidFields(
      "FIELD_INVALID", {{"exchange.purpose", "is missing"}, {"exchange.fields[2]", "is unknown"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MessageOf(status), "exchange.purpose: is missing (and 1 more)");
  const ErrorDetail detail = DetailOf(status);
  ASSERT_EQ(detail.violations.size(), 2U);
  EXPECT_EQ(detail.violations[1].field, "exchange.fields[2]");
  EXPECT_EQ(detail.violations[1].description, "is unknown");
  EXPECT_EQ(detail.metadata.at("field"), "exchange.purpose");
  EXPECT_EQ(MessageOf(InvalidField("FIELD_INVALID", "name", "is too long")), "name: is too long");
}

TEST(ErrorTest, RetryHintIsAddedToWhatIsThere) {
  const absl::Status status =
      WithRetry(InvalidField("BUSY", "field", "later"), absl::Milliseconds(1500));
  const ErrorDetail detail = DetailOf(status);
  EXPECT_EQ(detail.reason, "BUSY");
  EXPECT_EQ(detail.retry_after, absl::Milliseconds(1500));
  EXPECT_EQ(detail.violations.size(), 1U);
}

TEST(ErrorTest, OtherStatusesHaveNoReason) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_EQ(ReasonOf(absl::InternalError("from a library")), "");
}

TEST(ErrorTest, TextThatIsNotUtf8DoesNotBreakTheDetail) {
  EXPECT_EQ(ReasonOf(Error(ErrorCode::kInvalid, "R", "m", {{"value", "\xff\xfe"}})), "R");
}

}  // namespace
}  // namespace sluis
