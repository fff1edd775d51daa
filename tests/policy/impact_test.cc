// What changes between two packs, checked against every request where there are few enough.
#include "policy/engine/impact.h"

#include <gmock/gmock.h>

#include <set>

#include "policy/engine/evaluate.h"
#include "policy/engine/flows.h"
#include "tests/policy/random_packs.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using ::testing::HasSubstr;
using testing::PackShape;
using testing::ThePack;

constexpr std::uint64_t kSteps = 2'000'000;

// The pack of this repository with its rules changed.
template <typename Change>
std::shared_ptr<const Pack> With(Change change) {
  Rules rules = ThePack().rules();
  change(rules);
  return std::make_shared<const Pack>("changed", "2", ThePack().vocabulary(), std::move(rules));
}

template <typename RuleType>
RuleType& RuleOf(std::vector<RuleType>& rules, const std::string& id) {
  for (RuleType& rule : rules) {
    if (rule.id == id) return rule;
  }
  ADD_FAILURE() << "no rule " << id;
  return rules.front();
}

std::vector<Change> ChangesTo(const Pack& after) {
  const Space space({&ThePack(), &after});
  Steps steps(kSteps);
  Impact impact = Compare(space, ThePack(), after, steps);
  EXPECT_TRUE(impact.complete);
  return std::move(impact.changes);
}

std::set<std::string> Names(const std::vector<Change>& changes) {
  std::set<std::string> names;
  for (const Change& change : changes)
    names.insert(std::string(ChangeName(change.kind)) + " " + change.rule);
  return names;
}

TEST(ImpactTest, TheSamePackChangesNothing) {
  EXPECT_TRUE(ChangesTo(ThePack()).empty());
  EXPECT_TRUE(ChangesTo(*With([](Rules&) {})).empty());
}

TEST(ImpactTest, ASubjectCategoryMoreOpensJustThat) {
  const auto after = With([](Rules& rules) {
    RuleOf(rules.permits, "P-10").box.subject_categories.insert("slachtoffer");
  });
  const auto changes = ChangesTo(*after);
  ASSERT_FALSE(changes.empty());
  const Space space({&ThePack(), after.get()});
  for (const Change& change : changes) {
    EXPECT_EQ(change.rule, "P-10");
    EXPECT_EQ(space.Codes(change.region, 6), std::vector<std::string>{"slachtoffer"});
  }
  EXPECT_TRUE(Names(changes).count("opens P-10") > 0);
  EXPECT_THAT(Describe(space, *after, changes.front().region).nl,
              HasSubstr("over wie: slachtoffer"));
}

TEST(ImpactTest, ARuleThatIsGoneCloses) {
  const auto after = With([](Rules& rules) { rules.permits.erase(rules.permits.begin()); });
  const auto names = Names(ChangesTo(*after));
  EXPECT_TRUE(names.count("closes P-01") > 0);
  for (const std::string& name : names) EXPECT_THAT(name, ::testing::Not(HasSubstr("opens")));
}

TEST(ImpactTest, ConditionsFormsAndEmergenciesAreSeen) {
  const auto approval =
      With([](Rules& rules) { RuleOf(rules.conditions, "C-01").approval.reset(); });
  EXPECT_THAT(Names(ChangesTo(*approval)), ::testing::Contains("needs-no-approval P-12"));
  const auto form =
      With([](Rules& rules) { RuleOf(rules.permits, "P-01").fields.at("p-naam") = "presence"; });
  EXPECT_THAT(Names(ChangesTo(*form)), ::testing::Contains("less-revealing P-01"));
  const auto emergency =
      With([](Rules& rules) { RuleOf(rules.prohibitions, "N-19").absolute = false; });
  bool opens = false;
  for (const Change& change : ChangesTo(*emergency))
    opens = opens || change.kind == ChangeKind::kOpensInEmergency;
  EXPECT_TRUE(opens);
}

TEST(ImpactTest, ANewFieldOpensForThePackThatKnowsIt) {
  Vocabulary words = ThePack().vocabulary();
  words.fields.push_back({"p-nieuw", "persoon", "text", "normal", {"exact"}, "", {"nieuw", "new"}});
  Rules rules = ThePack().rules();
  RuleOf(rules.permits, "P-01").fields["p-nieuw"] = "exact";
  const Pack after("changed", "2", std::move(words), std::move(rules));
  const auto changes = ChangesTo(after);
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(changes.front().kind, ChangeKind::kOpens);
}

// --- against every request there is ---

PackShape TinyShape(std::mt19937& random) {
  PackShape shape;
  shape.actions = 2;
  shape.groups = shape.leaves = 1;
  shape.kinds = 1;
  shape.departments = 2;
  shape.bases = shape.regimes = shape.categories = 1;
  shape.phases = 2;
  shape.fields = 2;
  shape.roles = 2;
  shape.permits = 1 + random() % 3;
  shape.prohibitions = 1 + random() % 3;
  shape.conditions = 1 + random() % 3;
  shape.emergencies = 1 + random() % 2;
  shape.invariants = 1;
  shape.named = 2;
  shape.open = static_cast<int>(50 + random() % 40);
  shape.facts_named = 20;
  return shape;
}

// What one request can come to.
struct Reach {
  bool possible = false, unapproved = false, emergency = false;
  int rank = -1;
};

bool HasMatch(const Space& space, const Pack& pack, const Region& point, bool absolute_only) {
  for (const Prohibition& rule : pack.rules().prohibitions) {
    const auto region = space.Of(pack, rule);
    if ((rule.absolute || !absolute_only) && region.has_value() && space.Covers(*region, point))
      return true;
  }
  return false;
}

Reach ReachOf(const Space& space, const Pack& pack, const Region& point) {
  EvaluationRequest request = space.RequestIn(point);
  Reach reach;
  reach.unapproved = Evaluate(pack, request).outcome == Outcome::kPermitted;
  for (const std::string& role : pack.ApprovalRoleIds())
    request.approvals.push_back({role, "p-" + role, request.time});
  const Decision decision = Evaluate(pack, request);
  reach.possible = decision.outcome == Outcome::kPermitted;
  if (reach.possible) reach.rank = pack.FormRank(decision.fields.begin()->second);
  // An emergency rule may be there where nobody needs it: looked at by itself.
  for (const Emergency& rule : pack.rules().emergencies) {
    CodeSet fields;
    for (const auto& [field, form] : rule.fields) fields.insert(field);
    const auto region = space.Of(pack, rule, fields);
    reach.emergency = reach.emergency || (region.has_value() && space.Covers(*region, point));
  }
  reach.emergency = reach.emergency && !HasMatch(space, pack, point, true);
  return reach;
}

// Everything that a change of the list says about a point, and nothing else, is so.
void ExpectSameAtEveryPoint(const Space& space, const Pack& before, const Pack& after,
                            const std::vector<Change>& changes, unsigned seed) {
  std::vector<Region> points = {space.All(before)};
  for (std::size_t axis = 0; axis < space.axes(); ++axis) {
    std::vector<Region> split;
    for (const Region& region : points) {
      for (const std::string& code : space.Codes(region, axis))
        split.push_back(space.Only(region, axis, code));
    }
    points = std::move(split);
  }
  for (const Region& point : points) {
    std::set<ChangeKind> told, expected;
    for (const Change& change : changes) {
      if (space.Covers(change.region, point)) told.insert(change.kind);
    }
    const Reach was = ReachOf(space, before, point), is = ReachOf(space, after, point);
    const auto expect = [&](bool so, ChangeKind kind) {
      if (so) expected.insert(kind);
    };
    const bool both = was.possible && is.possible;
    expect(is.possible && !was.possible, ChangeKind::kOpens);
    expect(was.possible && !is.possible, ChangeKind::kCloses);
    expect(both && is.unapproved && !was.unapproved, ChangeKind::kNeedsNoApproval);
    expect(both && was.unapproved && !is.unapproved, ChangeKind::kNeedsApproval);
    expect(both && is.rank > was.rank, ChangeKind::kMoreRevealing);
    expect(both && was.rank > is.rank, ChangeKind::kLessRevealing);
    expect(is.emergency && !was.emergency, ChangeKind::kOpensInEmergency);
    expect(was.emergency && !is.emergency, ChangeKind::kClosesInEmergency);
    ASSERT_EQ(told, expected) << "seed " << seed;
  }
}

TEST(ImpactTest, AgreesWithEveryRequestOfSmallPacks) {
  std::set<ChangeKind> seen;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    const PackShape shape = TinyShape(random);
    const auto before = testing::RandomPack(shape, seed);
    // The same words with other rules.
    const auto other = testing::RandomPack(shape, seed + 1000);
    Rules rules = before->rules();
    if (seed % 2 == 0) rules.permits.front().box = other->rules().permits.front().box;
    if (seed % 3 == 0) rules.prohibitions.pop_back();
    if (seed % 3 == 1) rules.conditions.pop_back();
    if (seed % 4 == 0) rules.emergencies.front().box = other->rules().emergencies.front().box;
    if (seed % 4 == 1) rules.permits.pop_back();
    const Pack after("after", "2", before->vocabulary(), std::move(rules));
    const Space space({before.get(), &after});
    Steps steps(kSteps);
    const Impact impact = Compare(space, *before, after, steps);
    ASSERT_TRUE(impact.complete);
    for (const Change& change : impact.changes) seen.insert(change.kind);
    ExpectSameAtEveryPoint(space, *before, after, impact.changes, seed);
  }
  EXPECT_GT(seen.size(), 4U);
}

TEST(ImpactTest, WithTooFewStepsItSaysThatSomeMayBeMissing) {
  const auto after = With([](Rules& rules) { rules.prohibitions.clear(); });
  const Space space({&ThePack(), after.get()});
  Steps steps(3);
  EXPECT_FALSE(Compare(space, ThePack(), *after, steps).complete);
}

// --- onward flows ---

TEST(FlowsTest, WhatMayNotBePassedOnEndsAtTheRecipient) {
  Steps steps(kSteps);
  const Flows flows = FindFlows(ThePack(), testing::At("2026-11-23T10:00:00+01:00"), steps);
  ASSERT_TRUE(flows.complete);
  EXPECT_FALSE(flows.list.empty());
  for (const Flow& flow : flows.list) {
    EXPECT_NE(flow.from, flow.to);
    for (const std::string& id : flow.first) {
      const auto* permit = static_cast<const Permit*>(ThePack().FindRule(id));
      EXPECT_NE(permit->obligations.onward, "none") << id;
    }
  }
}

TEST(FlowsTest, AnOnwardRuleOfNoneClosesEveryFlowOfItsPermit) {
  const auto strict = With([](Rules& rules) {
    for (Permit& permit : rules.permits) {
      permit.obligations.onward = "none";
      permit.obligations.onward_to.clear();
    }
  });
  Steps steps(kSteps);
  EXPECT_TRUE(FindFlows(*strict, testing::At("2026-11-23T10:00:00+01:00"), steps).list.empty());
}

TEST(FlowsTest, NamedGoesToWhomItNamesAndNoFurther) {
  const auto named = With([](Rules& rules) {
    for (Permit& permit : rules.permits) {
      permit.obligations.onward = "named";
      permit.obligations.onward_to = {"om/parket"};
    }
  });
  Steps steps(kSteps);
  const Flows flows = FindFlows(*named, testing::At("2026-11-23T10:00:00+01:00"), steps);
  EXPECT_FALSE(flows.list.empty());
  for (const Flow& flow : flows.list) EXPECT_EQ(flow.to, "om/parket");
}

}  // namespace
}  // namespace sluis::policy
