#include "policy/engine/lint.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::ThePack;

const absl::Time kLintNow = testing::At("2026-11-23T10:00:00+01:00");

std::vector<Finding> FindingsOf(const Pack& pack, absl::Time now = kLintNow) {
  Steps steps(2'000'000);
  Findings findings = LintPack(pack, now, steps);
  EXPECT_TRUE(findings.complete);
  return std::move(findings.list);
}

bool Has(const std::vector<Finding>& findings, Lint lint, const std::string& about) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.lint == lint && finding.about == about;
  });
}

template <typename Change>
std::vector<Finding> After(Change change) {
  Rules rules = ThePack().rules();
  change(rules);
  const Pack pack("changed", "2", ThePack().vocabulary(), std::move(rules));
  return FindingsOf(pack);
}

TEST(LintTest, ThePackOfThisRepositoryHasNoMistakeThatIsNotKnown) {
  std::vector<std::string> mistakes;
  for (const Finding& finding : FindingsOf(ThePack())) {
    if (IsMistake(finding.lint))
      mistakes.push_back(std::string(LintName(finding.lint)) + " " + finding.about);
  }
  EXPECT_THAT(mistakes, ::testing::ElementsAre());
}

TEST(LintTest, ProhibitionsThatMeetNoPermitAreToldAsGuards) {
  const auto findings = FindingsOf(ThePack());
  EXPECT_GT(std::count_if(findings.begin(), findings.end(),
                          [](const Finding& f) { return f.lint == Lint::kGuard; }),
            5);
}

TEST(LintTest, APermitTwiceIsRedundantOnce) {
  const auto findings = After([](Rules& rules) {
    Permit copy = rules.permits.front();
    copy.id = "P-99";
    rules.permits.push_back(copy);
  });
  EXPECT_TRUE(Has(findings, Lint::kRedundant, "P-99"));
  EXPECT_FALSE(Has(findings, Lint::kRedundant, "P-01"));
}

TEST(LintTest, APermitWithOtherObligationsOverTheSameRequestsOverlaps) {
  const auto findings = After([](Rules& rules) {
    Permit copy = rules.permits.front();
    copy.id = "P-99";
    copy.obligations.onward = "none";
    rules.permits.push_back(copy);
  });
  EXPECT_TRUE(Has(findings, Lint::kOverlap, "P-01"));
  EXPECT_FALSE(Has(findings, Lint::kRedundant, "P-99"));
}

TEST(LintTest, APermitInsideAProhibitionIsShadowedAndAConditionOutsideNeverFires) {
  const auto findings = After([](Rules& rules) {
    Prohibition prohibition;
    prohibition.id = "N-99";
    prohibition.box = rules.permits.front().box;
    rules.prohibitions.push_back(prohibition);
    Condition condition;
    condition.id = "C-99";
    condition.box.fields = {"p-gezondheid"};
    condition.has_obligation = true;
    rules.conditions.push_back(condition);
  });
  EXPECT_TRUE(Has(findings, Lint::kShadowed, "P-01"));
  EXPECT_FALSE(Has(findings, Lint::kGuard, "N-99"));
  EXPECT_TRUE(Has(findings, Lint::kNeverFires, "C-99"));
}

TEST(LintTest, AFormThatACapAlwaysLowersIsOverridden) {
  const auto findings = After([](Rules& rules) {
    Condition condition;
    condition.id = "C-99";
    condition.box.actions = {"disclose"};
    condition.max_form = {{"p-naam", "presence"}};
    condition.has_obligation = true;
    rules.conditions.push_back(condition);
  });
  EXPECT_TRUE(Has(findings, Lint::kOverridden, "P-01"));
}

TEST(LintTest, WhatHasEndedIsExpiredAndWhatNoRequestReachesIsVacuous) {
  const auto findings = After([](Rules& rules) {
    rules.permits.front().valid_until = kLintNow - absl::Hours(1);
    // The engine never gives this fact another value than yes or no.
    rules.prohibitions.front().box.facts["zelfde-organisatie"] = {"unknown"};
  });
  EXPECT_TRUE(Has(findings, Lint::kExpired, "P-01"));
  EXPECT_TRUE(Has(findings, Lint::kVacuous, "N-01"));
}

TEST(LintTest, APurposeThatNothingNamesIsUnused) {
  Vocabulary words = ThePack().vocabulary();
  words.purposes.push_back({"nieuw-doel", {"nieuw", "new"}, words.purpose_groups.front()});
  const Pack pack("changed", "2", std::move(words), ThePack().rules());
  EXPECT_TRUE(Has(FindingsOf(pack), Lint::kUnusedPurpose, "nieuw-doel"));
}

TEST(LintTest, WithTooFewStepsItSaysThatSomeMayBeMissing) {
  Steps steps(1);
  EXPECT_FALSE(LintPack(ThePack(), kLintNow, steps).complete);
}

}  // namespace
}  // namespace sluis::policy
