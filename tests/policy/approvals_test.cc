// Whose approvals count, and how many (rulebook §2.11).
#include "policy/engine/approvals.h"

#include <gmock/gmock.h>

#include "policy/engine/period.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::At;

constexpr char kNow[] = "2026-11-23T10:00:00+01:00";

ApprovalDemand TwoOf(std::vector<std::string> roles) {
  return {2, std::move(roles), *ParsePeriod("P30D")};
}

// `given` as role and person, all at the moment of the request of f-001.
bool Met(const ApprovalDemand& demand,
         const std::vector<std::pair<std::string, std::string>>& given) {
  EvaluationRequest request;
  request.subject_id = "f-001";
  request.time = At(kNow);
  for (const auto& [role, person] : given)
    request.approvals.push_back({role, person, request.time});
  return IsMet(demand, request);
}

bool MetAt(const std::string& time) {
  EvaluationRequest request;
  request.subject_id = "f-001";
  request.time = At(kNow);
  request.approvals = {{"teamleider", "a-1", At(time)}};
  return IsMet({1, {"teamleider"}, *ParsePeriod("P30D")}, request);
}

TEST(Approvals, NobodyIsNotEnough) { EXPECT_FALSE(Met({1, {"a"}, *ParsePeriod("P30D")}, {})); }

TEST(Approvals, DifferentPersonsWithDifferentRoles) {
  const ApprovalDemand demand = TwoOf({"a", "b", "c"});
  EXPECT_TRUE(Met(demand, {{"a", "p-1"}, {"b", "p-2"}}));
  EXPECT_TRUE(Met(demand, {{"c", "p-1"}, {"a", "p-2"}}));
  EXPECT_FALSE(Met(demand, {{"a", "p-1"}}));
  EXPECT_FALSE(Met(demand, {{"a", "p-1"}, {"b", "p-1"}})) << "one person twice";
  EXPECT_FALSE(Met(demand, {{"a", "p-1"}, {"a", "p-2"}})) << "one role twice";
  EXPECT_FALSE(Met(demand, {{"a", "p-1"}, {"d", "p-2"}})) << "a role that is not listed";
}

TEST(Approvals, RolesAreSharedOutSoThatTheyCanBeMet) {
  const ApprovalDemand demand = TwoOf({"a", "b"});
  EXPECT_TRUE(Met(demand, {{"a", "p-1"}, {"b", "p-1"}, {"a", "p-2"}}));
  EXPECT_TRUE(Met(demand, {{"a", "p-1"}, {"b", "p-1"}, {"b", "p-2"}}));
  const ApprovalDemand three{3, {"a", "b", "c"}, *ParsePeriod("P30D")};
  EXPECT_TRUE(Met(three, {{"a", "p-1"}, {"b", "p-1"}, {"b", "p-2"}, {"c", "p-2"}, {"a", "p-3"}}));
  EXPECT_FALSE(Met(three, {{"a", "p-1"}, {"b", "p-1"}, {"c", "p-1"}, {"a", "p-2"}, {"b", "p-2"}}));
}

TEST(Approvals, TheRequesterNeverCounts) {
  const ApprovalDemand demand = TwoOf({"a", "b"});
  EXPECT_FALSE(Met(demand, {{"a", "p-1"}, {"b", "f-001"}}));
  EXPECT_TRUE(Met(demand, {{"a", "p-1"}, {"b", "f-0011"}}));
}

TEST(Approvals, CountFromTheMomentItselfUntilThirtyDays) {
  EXPECT_TRUE(MetAt("2026-11-23T10:00:00+01:00"));
  EXPECT_TRUE(MetAt("2026-11-23T09:00:00Z"));
  EXPECT_FALSE(MetAt("2026-11-23T10:00:01+01:00")) << "later than the request";
  EXPECT_TRUE(MetAt("2026-10-24T10:00:00+01:00")) << "exactly thirty days";
  EXPECT_FALSE(MetAt("2026-10-24T09:59:59+01:00"));
  EXPECT_FALSE(MetAt("2026-10-24T10:00:00+02:00"))
      << "the same clock time in summer is an hour more";
}

}  // namespace
}  // namespace sluis::policy
