// The compiled pack says what the plain scan says, to the letter. SLUIS_DIFFERENTIAL_REQUESTS sets
// how many random requests over random packs are compared and SLUIS_DIFFERENTIAL_SEED where they
// start; the target policy_differential_nightly compares ten million.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <thread>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "policy/engine/authzen.h"
#include "policy/engine/compiled_pack.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/sampled_policy.h"
#include "tests/policy/random_packs.h"
#include "tests/policy/random_requests.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::RandomPack;
using testing::RandomRequests;
using testing::RandomShape;
using testing::ThePack;

std::shared_ptr<const Pack> Shared(const Pack& pack) {
  return {std::shared_ptr<const Pack>(), &pack};
}

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : ParseDecimal(text, 1'000'000'000).value();
}

// One member made wrong or odd.
void Spoil(std::mt19937& random, EvaluationRequest& request) {
  const std::string odd[] = {
      "", "x", "group0", "unknown", std::string(70, 'a'), "kind0", std::string("a\0b", 3)};
  const std::string& word = odd[random() % std::size(odd)];
  std::string* const words[] = {&request.subject_id,
                                &request.subject_organisation,
                                &request.subject_unit,
                                &request.action,
                                &request.purpose,
                                &request.basis,
                                &request.resource_id,
                                &request.provider_organisation,
                                &request.provider_unit,
                                &request.recipient_unit,
                                &request.recipient_organisation,
                                &request.regime,
                                &request.subject_category,
                                &request.case_phase};
  switch (random() % 7) {
    case 0:
      request.fields.clear();
      return;
    case 1:
      request.fields.push_back(request.fields.front());
      return;
    case 2:
      request.facts[word] = "yes";
      return;
    case 3:
      request.facts["zaak-open"] = word;
      return;
    case 4:
      request.facts["optreden"] = "eigen";
      return;
    case 5:
      request.approvals.push_back({word, random() % 2 == 0 ? "" : "f-001", request.time});
      return;
    default:
      *words[random() % std::size(words)] = word;
      return;
  }
}

// Approvals from anyone at any age, and lists of fields that do not fit.
void Shuffle(std::mt19937& random, const Pack& pack, EvaluationRequest& request) {
  const std::vector<std::string> roles = pack.ApprovalRoleIds();
  if (random() % 3 == 0) request.approvals.clear();
  for (std::size_t n = random() % 6; n > 0 && !roles.empty(); --n) {
    const auto days = static_cast<int>(random() % 34) - 2;
    request.approvals.push_back({roles[random() % roles.size()],
                                 absl::StrFormat("p-%d", random() % 3),
                                 request.time - absl::Hours(24 * days)});
  }
  if (random() % 8 == 0) request.subject_id = "p-1";
  if (random() % 6 == 0) request.recipient_organisation.clear();
  if (random() % 4 == 0) request.artikel_20_velden.reset();
  if (random() % 6 == 0) request.artikel_20_velden = {"field0", "field1", "no-field", "p-naam"};
  if (random() % 5 == 0) {
    for (const std::string& field : pack.FieldIds()) {
      if (random() % 2 == 0 && std::count(request.fields.begin(), request.fields.end(), field) == 0)
        request.fields.push_back(field);
    }
  }
}

struct Comparison {
  std::map<Outcome, std::uint64_t> seen;
  std::uint64_t requests = 0, emergencies = 0, lowered = 0;
};

// Stops at the first difference, so that a failing run says one thing.
bool Compare(const CompiledPack& compiled, CompiledPack::Room& room,
             const EvaluationRequest& request, const std::string& where, Comparison& comparison) {
  const Decision expected = Evaluate(compiled.pack(), request);
  const Decision decision = compiled.Evaluate(request);
  const Outcome outcome = compiled.Judge(request, room);
  ++comparison.requests;
  ++comparison.seen[expected.outcome];
  comparison.emergencies += expected.emergency ? 1 : 0;
  EXPECT_EQ(OutcomeName(outcome), OutcomeName(expected.outcome)) << where;
  EXPECT_EQ(AuthzenResponse(decision), AuthzenResponse(expected)) << where;
  EXPECT_TRUE(decision == expected) << where;
  return decision == expected && outcome == expected.outcome;
}

bool CompareMany(const CompiledPack& compiled, unsigned seed, std::uint64_t requests,
                 Comparison& comparison) {
  RandomRequests source(compiled.pack(), seed);
  std::mt19937 random(seed);
  CompiledPack::Room room(compiled);
  for (std::uint64_t i = 0; i < requests; ++i) {
    EvaluationRequest request = source.Next();
    if (random() % 2 == 0) Shuffle(random, compiled.pack(), request);
    if (random() % 12 == 0) Spoil(random, request);
    const std::string where = absl::StrFormat("seed %d, request %d", seed, i);
    if (!Compare(compiled, room, request, where, comparison)) return false;
  }
  return true;
}

void ExpectEveryOutcome(Comparison& comparison) {
  for (const Outcome outcome :
       {Outcome::kPermitted, Outcome::kNeedsApproval, Outcome::kDeniedNoBasis,
        Outcome::kDeniedProhibited, Outcome::kInvalid}) {
    EXPECT_GT(comparison.seen[outcome], comparison.requests / 200) << OutcomeName(outcome);
  }
  EXPECT_GT(comparison.emergencies, comparison.requests / 1000);
}

TEST(DifferentialTest, OverThePackOfThisRepository) {
  const CompiledPack compiled(Shared(ThePack()));
  Comparison comparison;
  EXPECT_TRUE(CompareMany(compiled, 7, 20'000, comparison));
  ExpectEveryOutcome(comparison);
}

TEST(DifferentialTest, OverRandomPacks) {
  const std::uint64_t wanted = FromEnvironment("SLUIS_DIFFERENTIAL_REQUESTS", 200'000);
  const auto start = static_cast<unsigned>(FromEnvironment("SLUIS_DIFFERENTIAL_SEED", 1));
  constexpr std::uint64_t kPerPack = 500;
  Comparison comparison;
  for (unsigned seed = start; comparison.requests < wanted; ++seed) {
    std::mt19937 random(seed);
    const CompiledPack compiled(RandomPack(RandomShape(random), seed));
    ASSERT_TRUE(CompareMany(compiled, seed, kPerPack, comparison)) << "pack of seed " << seed;
  }
  ExpectEveryOutcome(comparison);
}

TEST(DifferentialTest, ARoomThatWasUsedForAnotherRequestRemembersNothingOfIt) {
  const CompiledPack compiled(Shared(ThePack()));
  CompiledPack::Room used(compiled);
  RandomRequests source(ThePack(), 11);
  for (int i = 0; i < 2000; ++i) {
    const EvaluationRequest request = source.Next();
    CompiledPack::Room fresh(compiled);
    ASSERT_EQ(compiled.Judge(request, used), compiled.Judge(request, fresh)) << i;
  }
}

TEST(DifferentialTest, ManyThreadsShareOnePack) {
  const CompiledPack compiled(Shared(ThePack()));
  std::atomic<int> different{0};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      RandomRequests source(ThePack(), 20 + t);
      for (int i = 0; i < 300; ++i) {
        const EvaluationRequest request = source.Next();
        if (!(compiled.Evaluate(request) == Evaluate(ThePack(), request))) ++different;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(different, 0);
}

TEST(DifferentialTest, APackWithTheFewestWordsCompiles) {
  testing::PackShape shape;
  shape.actions = shape.groups = shape.leaves = shape.kinds = shape.departments = 1;
  shape.bases = shape.regimes = shape.categories = shape.phases = shape.fields = 1;
  shape.permits = shape.prohibitions = shape.conditions = shape.emergencies = 1;
  const CompiledPack compiled(RandomPack(shape, 3));
  Comparison comparison;
  EXPECT_TRUE(CompareMany(compiled, 3, 500, comparison));
}

TEST(DifferentialTest, MoreApprovalsThanAnybodySendsAreJudgedAlike) {
  const CompiledPack compiled(Shared(ThePack()));
  EvaluationRequest request = testing::PoliceRequest();
  for (int i = 0; i < 300; ++i) {
    for (const std::string& role : ThePack().ApprovalRoleIds())
      request.approvals.push_back({role, absl::StrFormat("p-%d", i % 90), request.time});
  }
  EXPECT_TRUE(compiled.Evaluate(request) == Evaluate(ThePack(), request));
  EXPECT_EQ(compiled.Evaluate(request).outcome, Outcome::kPermitted);
}

TEST(SampledPolicyTest, ComparesTheShareThatItIsToldAndFindsNoDifference) {
  const auto compiled = std::make_shared<const CompiledPack>(Shared(ThePack()));
  int told = 0;
  const SampledPolicy every(compiled, {1, [&](const Difference&) { ++told; }});
  const SampledPolicy some(compiled, {10, {}}), none(compiled, {0, {}});
  RandomRequests source(ThePack(), 5);
  for (int i = 0; i < 200; ++i) {
    const EvaluationRequest request = source.Next();
    const Decision expected = Evaluate(ThePack(), request);
    EXPECT_TRUE(every.Evaluate(request) == expected);
    EXPECT_TRUE(some.Evaluate(request) == expected);
    EXPECT_TRUE(none.Evaluate(request) == expected);
  }
  EXPECT_EQ(every.compared(), 200U);
  EXPECT_EQ(some.compared(), 20U);
  EXPECT_EQ(none.compared(), 0U);
  EXPECT_EQ(every.differed(), 0U);
  EXPECT_EQ(told, 0);
}

TEST(SampledPolicyTest, WhereTheTwoDifferTheWorseOutcomeCounts) {
  Decision open, waits, closed;
  open.outcome = Outcome::kPermitted;
  open.fields = {{"p-naam", "exact"}};
  waits.outcome = Outcome::kNeedsApproval;
  closed.outcome = Outcome::kDeniedProhibited;
  EXPECT_EQ(Stricter(open, closed).outcome, Outcome::kDeniedProhibited);
  EXPECT_EQ(Stricter(closed, open).outcome, Outcome::kDeniedProhibited);
  EXPECT_EQ(Stricter(waits, open).outcome, Outcome::kNeedsApproval);
  Decision other = open;
  other.fields = {{"p-naam", "category"}};
  EXPECT_TRUE(Stricter(open, other) == other) << "of equal outcomes the plain scan's decision";
}

}  // namespace
}  // namespace sluis::policy
