// gMock matchers for absl::Status and absl::StatusOr (this abseil ships none).
#pragma once

#include <gmock/gmock.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/error.h"

namespace sluis::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// The reason of api.md §7, for example HasReason("FIELD_INVALID").
MATCHER_P(HasReason, reason, "fails with reason " + std::string(reason)) {
  *result_listener << StatusOf(arg).ToString() << " with reason " << ReasonOf(StatusOf(arg));
  return !StatusOf(arg).ok() && ReasonOf(StatusOf(arg)) == reason;
}

// An OK StatusOr whose value matches.
MATCHER_P(IsOkAndHolds, inner, "is OK and its value " + ::testing::PrintToString(inner)) {
  *result_listener << arg.status().ToString() << " ";
  return arg.ok() && ::testing::ExplainMatchResult(inner, *arg, result_listener);
}

}  // namespace sluis::testing

#define ASSERT_OK(expr) ASSERT_THAT(expr, ::sluis::testing::IsOk())
#define EXPECT_OK(expr) EXPECT_THAT(expr, ::sluis::testing::IsOk())
// ASSERT_OK_AND_ASSIGN(auto x, expr): fails the test, or x = *expr.
#define ASSERT_OK_AND_ASSIGN(lhs, expr) \
  ASSERT_OK_AND_ASSIGN_IMPL(SLUIS_TEST_CONCAT(status_or_, __LINE__), lhs, expr)
#define ASSERT_OK_AND_ASSIGN_IMPL(tmp, lhs, expr) \
  auto tmp = (expr);                              \
  ASSERT_OK(tmp);                                 \
  lhs = *std::move(tmp)
#define SLUIS_TEST_CONCAT_INNER(a, b) a##b
#define SLUIS_TEST_CONCAT(a, b) SLUIS_TEST_CONCAT_INNER(a, b)
