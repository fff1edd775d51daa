// Proofs over all requests, checked against every single request where there are few enough.
#include "policy/engine/prove.h"

#include <gmock/gmock.h>

#include <map>

#include "lib/base/error.h"
#include "policy/engine/compiled_pack.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/region.h"
#include "tests/policy/random_packs.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using ::testing::HasSubstr;
using testing::PackShape;
using testing::RandomPack;
using testing::ThePack;

const Proof& ProofOf(const std::vector<Proof>& proofs, const std::string& invariant) {
  for (const Proof& proof : proofs) {
    if (proof.invariant == invariant) return proof;
  }
  ADD_FAILURE() << "no proof of " << invariant;
  return proofs.front();
}

TEST(ProveTest, EveryInvariantOfThePackIsProved) {
  const std::vector<Proof> proofs = ProveAll(ThePack(), {});
  EXPECT_EQ(proofs.size(), ThePack().rules().invariants.size());
  for (const Proof& proof : proofs) {
    EXPECT_EQ(proof.verdict, Verdict::kProved) << proof.invariant << " " << proof.title;
    EXPECT_FALSE(proof.counterexample.has_value());
  }
  EXPECT_TRUE(RequireProved(ThePack(), {}).ok());
}

TEST(ProveTest, AnAbsoluteProhibitionThatIsNoLongerAbsoluteOpensAnEmergency) {
  // What was found when the rules were made: N-19 was not absolute (rulebook §10.1).
  std::vector<PackText> texts = testing::ThePackTexts();
  for (PackText& text : texts) {
    const std::size_t rule = text.text.find("id: \"N-19\"");
    if (rule == std::string::npos) continue;
    const std::size_t absolute = text.text.find("absolute: true", rule);
    ASSERT_NE(absolute, std::string::npos);
    text.text.replace(absolute, 14, "absolute: false");
  }
  const auto pack = LoadPackTexts(texts).value();
  const Proof proof = ProofOf(ProveAll(*pack, {}), "I-15");
  EXPECT_EQ(proof.verdict, Verdict::kViolated);
  ASSERT_TRUE(proof.counterexample.has_value());
  EXPECT_TRUE(proof.counterexample->emergency);
  EXPECT_EQ(proof.rule.substr(0, 2), "E-");
  const Text words = InWords(*pack, *proof.counterexample);
  EXPECT_THAT(words.nl, HasSubstr("namens een ander"));
  EXPECT_THAT(words.en, HasSubstr("in an emergency"));
  const absl::Status refused = RequireProved(*pack, {});
  EXPECT_EQ(ReasonOf(refused), "PACK_NOT_PROVED");
  EXPECT_THAT(MessageOf(refused), HasSubstr("I-15 violated"));
}

// Leaves one rule of a sort out at a time: how many of the packs break an invariant?
template <typename RuleType>
int CountBrokenWithout(std::vector<RuleType> Rules::*sort) {
  int broken = 0;
  const Rules& all = ThePack().rules();
  for (std::size_t i = 0; i < (all.*sort).size(); ++i) {
    Rules fewer = all;
    (fewer.*sort).erase((fewer.*sort).begin() + static_cast<std::ptrdiff_t>(i));
    const Pack pack("without", "1", ThePack().vocabulary(), std::move(fewer));
    bool violated = false;
    for (const Proof& proof : ProveAll(pack, {})) {
      EXPECT_NE(proof.verdict, Verdict::kNotProved) << (all.*sort)[i].id << proof.invariant;
      if (proof.verdict != Verdict::kViolated) continue;
      violated = true;
      const auto* invariant = static_cast<const Invariant*>(pack.FindRule(proof.invariant));
      EXPECT_TRUE(
          Breaks(pack, *invariant, *proof.counterexample, Evaluate(pack, *proof.counterexample)));
    }
    broken += violated ? 1 : 0;
  }
  return broken;
}

TEST(ProveTest, RulesThatKeepAnInvariantAreMissedWhenTheyAreGone) {
  EXPECT_GT(CountBrokenWithout(&Rules::prohibitions), 0);
  EXPECT_GT(CountBrokenWithout(&Rules::conditions), 0);
}

TEST(ProveTest, WithTooFewStepsNothingIsTakenForProved) {
  int unproved = 0;
  for (const Proof& proof : ProveAll(ThePack(), {1})) {
    EXPECT_NE(proof.verdict, Verdict::kViolated) << proof.invariant;
    unproved += proof.verdict == Verdict::kNotProved ? 1 : 0;
  }
  EXPECT_GT(unproved, 0);
  EXPECT_EQ(ReasonOf(RequireProved(ThePack(), {1})), "PACK_NOT_PROVED");
}

// --- against every request there is ---

PackShape TinyShape(std::mt19937& random) {
  const auto between = [&](std::size_t low, std::size_t high) {
    return low + random() % (high - low + 1);
  };
  PackShape shape;
  shape.actions = 2;
  shape.groups = 1;
  shape.leaves = between(1, 2);
  shape.kinds = 1;
  shape.departments = 2;
  shape.bases = shape.regimes = 1;
  shape.categories = 1;
  shape.phases = between(1, 2);
  shape.fields = between(2, 3);
  shape.roles = 2;
  shape.permits = between(1, 3);
  shape.prohibitions = between(1, 3);
  shape.conditions = between(1, 3);
  shape.emergencies = between(1, 2);
  shape.invariants = 2;
  shape.named = 2;
  shape.open = static_cast<int>(between(50, 90));
  shape.facts_named = 30;
  return shape;
}

// Visits one request about each field for each point of the space, normal and emergency, with every
// approval and with none.
template <typename Visit>
void ForEachRequest(const Pack& pack, const Space& space, Visit visit) {
  std::vector<Region> points = {space.All(pack)};
  for (std::size_t axis = 0; axis < space.axes(); ++axis) {
    std::vector<Region> split;
    for (const Region& region : points) {
      for (const std::string& code : space.Codes(region, axis))
        split.push_back(space.Only(region, axis, code));
    }
    points = std::move(split);
  }
  for (const Region& point : points) {
    for (const bool emergency : {false, true}) {
      for (const bool approved : {false, true}) {
        EvaluationRequest request = space.RequestIn(point);
        request.emergency = emergency;
        for (const std::string& role : pack.ApprovalRoleIds()) {
          if (approved) request.approvals.push_back({role, "p-" + role, request.time});
        }
        visit(point, request, approved);
      }
    }
  }
}

// The same question asked of every request by itself.
bool IsBroken(const CompiledPack& compiled, const Space& space, const Invariant& invariant) {
  const Pack& pack = compiled.pack();
  const std::optional<Region> inside = space.Of(pack, invariant);
  bool broken = false;
  if (!inside.has_value()) return false;
  ForEachRequest(pack, space,
                 [&](const Region& point, const EvaluationRequest& request, bool approved) {
                   if (broken || !space.Overlap(point, *inside)) return;
                   if (invariant.unless_approved && (approved || request.emergency)) return;
                   broken = Breaks(pack, invariant, request, compiled.Evaluate(request));
                 });
  return broken;
}

TEST(ProveTest, AgreesWithEveryRequestOfSmallPacks) {
  std::map<Verdict, int> seen;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    const CompiledPack compiled(RandomPack(TinyShape(random), seed));
    const Pack& pack = compiled.pack();
    const Space space({&pack});
    const std::vector<Proof> proofs = ProveAll(pack, {});
    for (std::size_t i = 0; i < proofs.size(); ++i) {
      const bool broken = IsBroken(compiled, space, pack.rules().invariants[i]);
      ++seen[proofs[i].verdict];
      EXPECT_EQ(VerdictName(proofs[i].verdict), broken ? "violated" : "proved")
          << "seed " << seed << " " << proofs[i].invariant;
      if (!proofs[i].counterexample.has_value()) continue;
      const EvaluationRequest& request = *proofs[i].counterexample;
      EXPECT_TRUE(Breaks(pack, pack.rules().invariants[i], request, Evaluate(pack, request)));
    }
  }
  EXPECT_GT(seen[Verdict::kProved], 10);
  EXPECT_GT(seen[Verdict::kViolated], 10);
  EXPECT_EQ(seen[Verdict::kNotProved], 0);
}

// --- regions ---

TEST(RegionTest, WhatIsCutOutIsGoneAndNothingElse) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    const auto pack = RandomPack(TinyShape(random), seed);
    const Space space({pack.get()});
    const auto& rules = pack->rules();
    const std::optional<Region> a = space.Of(*pack, rules.permits.front(), {});
    const std::optional<Region> b = space.Of(*pack, rules.prohibitions.front());
    if (!a.has_value() || !b.has_value()) continue;
    std::vector<Region> pieces;
    space.Subtract(*a, *b, pieces);
    ForEachRequest(*pack, space, [&](const Region& point, const EvaluationRequest&, bool) {
      int held = 0;
      for (const Region& piece : pieces) held += space.Covers(piece, point) ? 1 : 0;
      const bool expected = space.Covers(*a, point) && !space.Covers(*b, point);
      ASSERT_EQ(held, expected ? 1 : 0) << "seed " << seed;
    });
  }
}

TEST(RegionTest, ARequestOfARegionLiesInTheRuleThatMadeIt) {
  const Space space({&ThePack()});
  for (const Permit& permit : ThePack().rules().permits) {
    for (const auto& [field, form] : permit.fields) {
      const std::optional<Region> region = space.Of(ThePack(), permit, {field});
      ASSERT_TRUE(region.has_value()) << permit.id;
      const Decision decision = Evaluate(ThePack(), space.RequestIn(*region));
      EXPECT_NE(decision.outcome, Outcome::kInvalid) << permit.id << decision.invalid.member;
      EXPECT_NE(decision.outcome, Outcome::kDeniedNoBasis) << permit.id << " " << field;
    }
  }
}

}  // namespace
}  // namespace sluis::policy
