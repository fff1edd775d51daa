// What holds for every request. Fixed seeds: a failure comes back.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "policy/engine/authzen.h"
#include "policy/engine/box.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/options.h"
#include "tests/policy/random_requests.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::RandomRequests;
using testing::ThePack;

constexpr int kRequests = 1000;

std::string Describe(const EvaluationRequest& r) {
  return r.action + " " + r.purpose + " " + r.provider_unit + " " + r.recipient_unit + " " +
         r.basis + " " + r.regime + " " + r.subject_category + " " + r.case_phase + " " +
         r.fields.front();
}

// Field by field at least as closed, and no form more revealing.
void ExpectNoBetter(const Decision& than, const Decision& worse, const std::string& what) {
  ASSERT_EQ(than.field_outcomes.size(), worse.field_outcomes.size()) << what;
  for (const auto& [field, outcome] : worse.field_outcomes) {
    EXPECT_GE(outcome, than.field_outcomes.at(field)) << what << " " << field;
  }
  for (const auto& [field, form] : worse.fields) {
    const auto before = than.fields.find(field);
    if (before == than.fields.end()) continue;
    EXPECT_LE(ThePack().FormRank(form), ThePack().FormRank(before->second)) << what << " " << field;
  }
}

TEST(Properties, TheGeneratorReachesEveryOutcome) {
  RandomRequests requests(ThePack(), 1);
  std::map<Outcome, int> seen;
  int emergencies = 0;
  for (int i = 0; i < kRequests; ++i) {
    const Decision decision = Evaluate(ThePack(), requests.Next());
    ++seen[decision.outcome];
    emergencies += decision.emergency ? 1 : 0;
  }
  for (const Outcome outcome : {Outcome::kPermitted, Outcome::kNeedsApproval,
                                Outcome::kDeniedNoBasis, Outcome::kDeniedProhibited}) {
    EXPECT_GT(seen[outcome], kRequests / 100) << OutcomeName(outcome);
  }
  EXPECT_EQ(seen[Outcome::kInvalid], 0);
  EXPECT_GT(emergencies, 10);
}

TEST(Properties, UnknownNeverHelps) {
  RandomRequests requests(ThePack(), 2);
  for (int i = 0; i < kRequests; ++i) {
    const EvaluationRequest request = requests.Next();
    const Decision known = Evaluate(ThePack(), request);
    for (const auto& [fact, value] : request.facts) {
      EvaluationRequest forgotten = request;
      forgotten.facts.erase(fact);
      ExpectNoBetter(known, Evaluate(ThePack(), forgotten),
                     "without " + fact + ": " + Describe(request));
      EvaluationRequest unknown = request;
      unknown.facts[fact] = "unknown";
      EXPECT_EQ(AuthzenResponse(Evaluate(ThePack(), unknown)),
                AuthzenResponse(Evaluate(ThePack(), forgotten)));
    }
  }
}

TEST(Properties, FewerApprovalsNeverHelp) {
  RandomRequests requests(ThePack(), 3);
  for (int i = 0; i < kRequests; ++i) {
    EvaluationRequest request = requests.Next();
    request.approvals = requests.AllApprovals(request);
    const Decision all = Evaluate(ThePack(), request);
    EXPECT_NE(all.outcome, Outcome::kNeedsApproval) << "everybody approved: " << Describe(request);
    request.approvals.erase(request.approvals.begin() +
                            static_cast<std::ptrdiff_t>(requests.Below(request.approvals.size())));
    // In an emergency a missing approval leads to the emergency rule, which asks other things.
    if (!request.emergency) ExpectNoBetter(all, Evaluate(ThePack(), request), Describe(request));
  }
}

TEST(Properties, ClaimingAnEmergencyNeverClosesWhatIsOpen) {
  RandomRequests requests(ThePack(), 4);
  for (int i = 0; i < kRequests; ++i) {
    EvaluationRequest request = requests.Next();
    request.emergency = false;
    const Decision normal = Evaluate(ThePack(), request);
    request.emergency = true;
    const Decision emergency = Evaluate(ThePack(), request);
    for (const auto& [field, outcome] : normal.field_outcomes) {
      EXPECT_LE(emergency.field_outcomes.at(field), outcome) << Describe(request);
    }
  }
}

TEST(Properties, ReleasesAllOrNothingUnlessASubsetIsAsked) {
  RandomRequests requests(ThePack(), 5);
  for (int i = 0; i < kRequests; ++i) {
    const EvaluationRequest request = requests.Next();
    const Decision decision = Evaluate(ThePack(), request);
    const bool permitted = decision.outcome == Outcome::kPermitted;
    EXPECT_EQ(decision.fields.empty(), !permitted);
    EXPECT_EQ(decision.retention.empty(), !permitted);
    if (permitted && !request.subset) {
      EXPECT_EQ(decision.fields.size(), request.fields.size());
    }
    for (const auto& [field, form] : decision.fields) {
      EXPECT_EQ(decision.field_outcomes.at(field), Outcome::kPermitted);
      const std::vector<std::string>& forms = ThePack().FindField(field)->forms;
      EXPECT_NE(std::find(forms.begin(), forms.end(), form), forms.end()) << field << " " << form;
    }
  }
}

TEST(Properties, OrderMakesNoDifference) {
  Rules shuffled = ThePack().rules();
  std::mt19937 random(6);
  std::shuffle(shuffled.permits.begin(), shuffled.permits.end(), random);
  std::shuffle(shuffled.prohibitions.begin(), shuffled.prohibitions.end(), random);
  std::shuffle(shuffled.conditions.begin(), shuffled.conditions.end(), random);
  std::shuffle(shuffled.emergencies.begin(), shuffled.emergencies.end(), random);
  const Pack other(ThePack().bundle(), ThePack().version(), ThePack().vocabulary(),
                   std::move(shuffled));
  RandomRequests requests(ThePack(), 6);
  for (int i = 0; i < kRequests; ++i) {
    const EvaluationRequest request = requests.Next();
    EvaluationRequest turned = request;
    std::reverse(turned.fields.begin(), turned.fields.end());
    std::reverse(turned.approvals.begin(), turned.approvals.end());
    EXPECT_EQ(AuthzenResponse(Evaluate(other, turned)),
              AuthzenResponse(Evaluate(ThePack(), request)))
        << Describe(request);
  }
}

// Rulebook §8. With every approval given, nothing an invariant forbids may come out; where it asks
// for approval, nothing may come out without. Only normal decisions need approval: an emergency is
// reviewed afterwards.
bool Breaks(const Pack& pack, const Invariant& invariant, EvaluationRequest request,
            const RandomRequests& requests) {
  request.approvals = requests.AllApprovals(request);
  if (invariant.unless_approved) {
    request.approvals.clear();
    request.emergency = false;
  }
  const Decision decision = Evaluate(pack, request);
  const auto form = decision.fields.find(request.fields.front());
  return form != decision.fields.end() &&
         pack.FormRank(form->second) >= pack.FormRank(invariant.min_form);
}

struct Tried {
  std::map<std::string, int> reached;         // invariant to requests inside its box
  std::map<std::string, std::string> broken;  // invariant to a request that broke it
};

Tried TryInvariants(const Pack& pack, unsigned seed, int count) {
  RandomRequests requests(ThePack(), seed);
  Tried tried;
  for (int i = 0; i < count; ++i) {
    EvaluationRequest request = requests.Next();
    for (const std::string& field : std::vector<std::string>(request.fields)) {
      request.fields = {field};
      for (const Invariant& invariant : pack.rules().invariants) {
        if (!Situation(request).Matches(invariant.box, field)) continue;
        ++tried.reached[invariant.id];
        if (Breaks(pack, invariant, request, requests))
          tried.broken[invariant.id] = Describe(request);
      }
    }
  }
  return tried;
}

TEST(Properties, NoInvariantIsEverBroken) {
  Tried tried = TryInvariants(ThePack(), 7, 8 * kRequests);
  EXPECT_THAT(tried.broken, ::testing::IsEmpty());
  for (const Invariant& invariant : ThePack().rules().invariants) {
    EXPECT_GT(tried.reached[invariant.id], 20) << invariant.id << " was hardly tried";
  }
}

std::shared_ptr<const Pack> Without(const std::string& id) {
  Rules rules = ThePack().rules();
  std::erase_if(rules.prohibitions, [&](const Rule& rule) { return rule.id == id; });
  std::erase_if(rules.conditions, [&](const Rule& rule) { return rule.id == id; });
  return std::make_shared<const Pack>(ThePack().bundle(), ThePack().version(),
                                      ThePack().vocabulary(), std::move(rules));
}

// The property above can fail: a pack that lost one of these rules breaks what stands beside it.
TEST(Properties, ALostRuleBreaksItsInvariant) {
  const std::pair<const char*, const char*> guards[] = {
      {"N-19", "I-15"}, {"C-01", "I-20"}, {"C-06", "I-26"}, {"N-11", "I-09"}};
  for (const auto& [rule, invariant] : guards) {
    EXPECT_EQ(TryInvariants(*Without(rule), 9, 2 * kRequests).broken.count(invariant), 1u) << rule;
  }
}

bool Lists(const std::vector<std::string>& list, const std::string& code) {
  return std::find(list.begin(), list.end(), code) != list.end();
}

bool Offers(const Option& option, const EvaluationRequest& request, const std::string& field) {
  return Lists(option.actions, request.action) && Lists(option.purposes, request.purpose) &&
         Lists(option.legal_bases, request.basis) &&
         Lists(option.provider_units, request.provider_unit) &&
         Lists(option.recipient_units, request.recipient_unit) &&
         Lists(option.regimes, request.regime) &&
         Lists(option.subject_categories, request.subject_category) &&
         Lists(option.case_phases, request.case_phase) && option.fields.count(field) > 0;
}

// Options are complete: what is open to a unit stands in its list.
TEST(Properties, WhateverMayBeAskedIsAnOption) {
  RandomRequests requests(ThePack(), 8);
  int compared = 0;
  for (int i = 0; i < kRequests; ++i) {
    const EvaluationRequest request = requests.Next();
    const Decision decision = Evaluate(ThePack(), request);
    OptionsQuery query;
    query.unit = request.subject_unit;
    query.time = request.time;
    if (requests.Below(2) == 0) query.purpose = request.purpose;
    if (requests.Below(2) == 0) query.provider_unit = request.provider_unit;
    const std::vector<Option> options = ListOptions(ThePack(), query);
    for (const auto& [field, outcome] : decision.field_outcomes) {
      if (outcome > Outcome::kNeedsApproval) continue;
      ++compared;
      EXPECT_TRUE(
          std::any_of(options.begin(), options.end(),
                      [&, f = field](const Option& option) { return Offers(option, request, f); }))
          << Describe(request) << " " << field;
    }
  }
  EXPECT_GT(compared, 100);
}

}  // namespace
}  // namespace sluis::policy
