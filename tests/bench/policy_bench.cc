// How long a decision takes, by number of rules and kind of pack; load and compile apart. What was
// measured, on what, stands in tests/bench/policy.md.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <vector>

#include "absl/strings/str_format.h"
#include "policy/engine/compiled_pack.h"
#include "policy/engine/evaluate.h"
#include "tests/policy/grown_packs.h"
#include "tests/policy/pack_writer.h"
#include "tests/policy/random_packs.h"
#include "tests/policy/random_requests.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::PackShape;

enum Kind { kRulebook, kRandom, kThinned, kOnePair, kWildcards, kDeepTrees };
constexpr const char* kKindNames[] = {"rulebook", "random",    "thinned",
                                      "one-pair", "wildcards", "deep-trees"};

// As many words as the pack of this repository has, and its mix of sorts.
PackShape LargeShape(std::size_t rules) {
  PackShape shape;
  shape.actions = 7;
  shape.groups = 8;
  shape.leaves = 4;
  shape.kinds = 12;
  shape.departments = 4;
  shape.bases = 41;
  shape.regimes = 18;
  shape.categories = 18;
  shape.phases = 7;
  shape.fields = 62;
  shape.roles = 12;
  shape.named = 4;
  shape.open = 20;
  shape.loadable = true;
  shape.permits = rules * 60 / 100;
  shape.prohibitions = rules * 20 / 100;
  shape.conditions = rules * 17 / 100;
  shape.emergencies = rules * 3 / 100;
  return shape;
}

std::shared_ptr<const Pack> MakePack(Kind kind, std::size_t rules) {
  PackShape shape = LargeShape(rules);
  switch (kind) {
    case kRulebook:
      return testing::RepeatedPack(testing::ThePack(), rules);
    case kThinned:
      return testing::ThinnedPack(testing::ThePack(), rules, 1);
    case kRandom:
      break;
    case kOnePair:
      shape.one_pair = true;
      break;
    case kWildcards:
      shape.open = 85;
      shape.named = 8;
      break;
    case kDeepTrees:
      shape.kinds = 40;
      shape.departments = 25;
      shape.groups = 20;
      shape.leaves = 15;
      shape.whole_trees = true;
      break;
  }
  return testing::RandomPack(shape, 1);
}

struct Subject {
  std::shared_ptr<const Pack> pack;
  std::unique_ptr<const CompiledPack> compiled;
  std::vector<EvaluationRequest> requests;
};

const Subject& SubjectOf(Kind kind, std::size_t rules) {
  static auto* subjects = new std::map<std::pair<Kind, std::size_t>, Subject>;
  Subject& subject = (*subjects)[{kind, rules}];
  if (subject.pack != nullptr) return subject;
  subject.pack = MakePack(kind, rules);
  subject.compiled = std::make_unique<const CompiledPack>(subject.pack);
  testing::RandomRequests source(*subject.pack, 3);
  for (int i = 0; i < 2048; ++i) subject.requests.push_back(source.Next());
  return subject;
}

double Percentile(std::vector<double>& times, double share) {
  const auto place = static_cast<std::ptrdiff_t>(static_cast<double>(times.size() - 1) * share);
  std::nth_element(times.begin(), times.begin() + place, times.end());
  return times[static_cast<std::size_t>(place)];
}

// Each call timed by itself, the two readings of the clock included. Every request counts with the
// fastest of three, so that what else the machine does is not taken for the engine.
void CountPercentiles(const Subject& subject, CompiledPack::Room& room, benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times(subject.requests.size(), 1e9);
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < times.size(); ++i) {
      const auto start = Clock::now();
      benchmark::DoNotOptimize(subject.compiled->Judge(subject.requests[i], room));
      const std::chrono::duration<double, std::nano> took = Clock::now() - start;
      times[i] = std::min(times[i], took.count());
    }
  }
  state.counters["p50_ns"] = Percentile(times, 0.5);
  state.counters["p99_ns"] = Percentile(times, 0.99);
}

void BM_Decide(benchmark::State& state) {
  const auto kind = static_cast<Kind>(state.range(0));
  const Subject& subject = SubjectOf(kind, static_cast<std::size_t>(state.range(1)));
  CompiledPack::Room room(*subject.compiled);
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(subject.compiled->Judge(subject.requests[next], room));
    next = next + 1 == subject.requests.size() ? 0 : next + 1;
  }
  CountPercentiles(subject, room, state);
  state.SetLabel(kKindNames[kind]);
}

// The whole decision in words, with the reasons.
void BM_DecideAndExplain(benchmark::State& state) {
  const auto kind = static_cast<Kind>(state.range(0));
  const Subject& subject = SubjectOf(kind, static_cast<std::size_t>(state.range(1)));
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(subject.compiled->Evaluate(subject.requests[next]));
    next = next + 1 == subject.requests.size() ? 0 : next + 1;
  }
  state.SetLabel(kKindNames[kind]);
}

void BM_PlainScan(benchmark::State& state) {
  const auto kind = static_cast<Kind>(state.range(0));
  const Subject& subject = SubjectOf(kind, static_cast<std::size_t>(state.range(1)));
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Evaluate(*subject.pack, subject.requests[next]));
    next = next + 1 == subject.requests.size() ? 0 : next + 1;
  }
  state.SetLabel(kKindNames[kind]);
}

void BM_Compile(benchmark::State& state) {
  const auto kind = static_cast<Kind>(state.range(0));
  const Subject& subject = SubjectOf(kind, static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    const CompiledPack compiled(subject.pack);
    benchmark::DoNotOptimize(&compiled);
  }
  state.SetLabel(kKindNames[kind]);
}

// From the text of the files to a checked pack.
void BM_Load(benchmark::State& state) {
  const auto kind = static_cast<Kind>(state.range(0));
  const auto texts =
      testing::WritePack(*SubjectOf(kind, static_cast<std::size_t>(state.range(1))).pack);
  for (auto _ : state) {
    auto pack = LoadPackTexts(texts);
    if (!pack.ok()) {
      state.SkipWithError(std::string(pack.status().message()).c_str());
      return;
    }
    benchmark::DoNotOptimize(pack);
  }
  state.SetLabel(kKindNames[kind]);
}

const std::vector<std::int64_t> kKinds = {kRulebook, kRandom,    kThinned,
                                          kOnePair,  kWildcards, kDeepTrees};

BENCHMARK(BM_Decide)->ArgsProduct({kKinds, {100, 1000, 10'000, 100'000}});
BENCHMARK(BM_DecideAndExplain)->ArgsProduct({{kRulebook, kRandom}, {100, 1000, 10'000}});
BENCHMARK(BM_PlainScan)->ArgsProduct({{kRulebook, kRandom}, {100, 1000, 10'000}});
BENCHMARK(BM_Compile)
    ->ArgsProduct({{kRulebook, kRandom}, {100, 1000, 10'000, 100'000}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Load)
    ->ArgsProduct({{kRulebook, kRandom}, {100, 1000, 10'000}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sluis::policy

BENCHMARK_MAIN();
