// Reverse questions, checked against the decisions themselves.
#include "policy/engine/possible.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "lib/base/error.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/region.h"
#include "tests/policy/random_packs.h"
#include "tests/policy/random_requests.h"
#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

using sluis::testing::HasReason;
using ::testing::HasSubstr;
using testing::ThePack;

const absl::Time kPossibleNow = testing::At("2026-11-23T10:00:00+01:00");

std::set<std::string> CodesOf(const PossiblePage& page) {
  std::set<std::string> codes;
  for (const Possibility& one : page.list) codes.insert(one.code);
  return codes;
}

PossibleQuery PossibleQueryOf(const std::string& wanted) {
  PossibleQuery query;
  query.wanted = wanted;
  query.time = kPossibleNow;
  return query;
}

TEST(PossibleTest, WhatIsPermittedIsAlwaysAmongTheAnswers) {
  testing::RandomRequests requests(ThePack(), 41);
  int asked = 0;
  for (int i = 0; i < 600 && asked < 60; ++i) {
    EvaluationRequest request = requests.Next();
    request.emergency = false;
    request.time = kPossibleNow;
    request.approvals = requests.AllApprovals(request);
    const Decision decision = Evaluate(ThePack(), request);
    if (decision.outcome != Outcome::kPermitted) continue;
    ++asked;
    PossibleQuery query = PossibleQueryOf("recipient");
    query.given = {{"provider", {request.provider_unit}},
                   {"purpose", {request.purpose}},
                   {"field", {decision.fields.begin()->first}}};
    const auto page = FindPossible(ThePack(), query);
    ASSERT_OK(page);
    EXPECT_TRUE(CodesOf(*page).count(request.recipient_unit) > 0) << request.recipient_unit;
    query.wanted = "field";
    query.given.erase("field");
    query.given["recipient"] = {request.recipient_unit};
    const auto fields = FindPossible(ThePack(), query);
    ASSERT_OK(fields);
    for (const auto& [field, form] : decision.fields)
      EXPECT_TRUE(CodesOf(*fields).count(field) > 0) << field;
  }
  EXPECT_EQ(asked, 60);
}

TEST(PossibleTest, NothingElseIsAnswered) {
  for (const std::string& unit : ThePack().UnitIds()) {
    PossibleQuery query = PossibleQueryOf("field");
    query.given = {{"recipient", {unit}}, {"zelfde-organisatie", {"no"}}};
    const auto page = FindPossible(ThePack(), query);
    ASSERT_OK(page);
    // I-05 and I-09: proved of the whole pack.
    EXPECT_EQ(CodesOf(*page).count("p-gezondheid"), 0U) << unit;
    if (unit == "gemeente/raad") {
      EXPECT_EQ(CodesOf(*page).count("p-naam"), 0U);
    }
  }
}

// For small packs: exactly the codes for which some request is permitted.
TEST(PossibleTest, AgreesWithEveryRequestOfSmallPacks) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    testing::PackShape shape;
    shape.actions = 2;
    shape.groups = shape.leaves = shape.bases = shape.regimes = shape.categories = 1;
    shape.kinds = 1;
    shape.departments = 2;
    shape.phases = 2;
    shape.fields = 2;
    shape.permits = 1 + seed % 3;
    shape.prohibitions = 2;
    shape.conditions = 2;
    shape.facts_named = 20;
    const auto pack = testing::RandomPack(shape, seed);
    const Space space({pack.get()});
    std::vector<Region> points = {*space.At(space.All(*pack), kPossibleNow)};
    for (std::size_t axis = 0; axis < space.TimeAxis(); ++axis) {
      std::vector<Region> split;
      for (const Region& region : points) {
        for (const std::string& code : space.Codes(region, axis))
          split.push_back(space.Only(region, axis, code));
      }
      points = std::move(split);
    }
    std::map<std::string, bool> expected;  // recipient to: without approval
    for (const Region& point : points) {
      EvaluationRequest request = space.RequestIn(point);
      request.time = kPossibleNow;
      const bool alone = Evaluate(*pack, request).outcome == Outcome::kPermitted;
      for (const std::string& role : pack->ApprovalRoleIds())
        request.approvals.push_back({role, "p-" + role, kPossibleNow});
      if (Evaluate(*pack, request).outcome != Outcome::kPermitted) continue;
      bool& free = expected[request.recipient_unit];
      free = free || alone;
    }
    const auto page = FindPossible(*pack, PossibleQueryOf("recipient"));
    ASSERT_OK(page);
    std::map<std::string, bool> answered;
    for (const Possibility& one : page->list) answered[one.code] = one.without_approval;
    EXPECT_EQ(answered, expected) << "seed " << seed;
  }
}

TEST(PossibleTest, PagesAreTheWholeListInOrderAndNothingTwice) {
  const auto whole = FindPossible(ThePack(), PossibleQueryOf("recipient"));
  ASSERT_OK(whole);
  EXPECT_TRUE(whole->next.empty());
  ASSERT_GT(whole->list.size(), 10U);
  std::vector<std::string> paged, codes;
  for (const Possibility& one : whole->list) codes.push_back(one.code);
  PossibleQuery query = PossibleQueryOf("recipient");
  query.page_size = 3;
  for (std::size_t pages = 0; pages <= codes.size(); ++pages) {
    const auto page = FindPossible(ThePack(), query);
    ASSERT_OK(page);
    for (const Possibility& one : page->list) paged.push_back(one.code);
    if (page->next.empty()) break;
    EXPECT_EQ(page->list.size(), 3U);
    query.after = page->next;
  }
  EXPECT_EQ(paged, codes);
}

TEST(PossibleTest, WordsThatThePackDoesNotKnowAreRefused) {
  EXPECT_THAT(FindPossible(ThePack(), PossibleQueryOf("weather")), HasReason("QUERY_INVALID"));
  EXPECT_THAT(FindPossible(ThePack(), PossibleQueryOf("zaak-open")), HasReason("QUERY_INVALID"));
  PossibleQuery query = PossibleQueryOf("field");
  query.given = {{"recipient", {"gemeente/oof"}}};
  const auto refused = FindPossible(ThePack(), query);
  EXPECT_THAT(refused, HasReason("QUERY_INVALID"));
  EXPECT_THAT(MessageOf(refused.status()), HasSubstr("did you mean `gemeente/oov`?"));
}

}  // namespace
}  // namespace sluis::policy
