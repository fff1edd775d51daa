#include "policy/engine/cases.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "lib/base/error.h"
#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

using ::testing::HasSubstr;
using testing::ThePack;

const CompiledPack& Compiled() {
  static const auto* pack =
      new CompiledPack(std::shared_ptr<const Pack>(std::shared_ptr<const Pack>(), &ThePack()));
  return *pack;
}

std::vector<Case> PublicCases() {
  const std::string path = "tests/scenarios/scenarios-public.jsonl";
  return ReadCases(path, testing::ReadText(path)).value();
}

bool Has(const std::vector<Gap>& gaps, const std::string& axis, const std::string& code) {
  return std::any_of(gaps.begin(), gaps.end(),
                     [&](const Gap& gap) { return gap.axis == axis && gap.code == code; });
}

TEST(CasesTest, ThePublicScenariosPassAsCases) {
  CaseRunner runner(Compiled());
  for (const Case& one : PublicCases()) EXPECT_TRUE(runner.Run(one).mismatches.empty()) << one.id;
  EXPECT_GT(runner.rules_touched(), 60U);
}

TEST(CasesTest, ACaseThatExpectsSomethingElseSaysWhatItGot) {
  Case one = PublicCases().front();
  one.expected = R"({"outcome":"DENIED_PROHIBITED","retention":"P6M","no_member":1})";
  CaseRunner runner(Compiled());
  const CaseResult result = runner.Run(one);
  ASSERT_EQ(result.mismatches.size(), 2U);
  EXPECT_EQ(result.mismatches[0].member, "no_member");
  EXPECT_EQ(result.mismatches[0].actual, "null");
  EXPECT_EQ(result.mismatches[1].actual, "\"PERMITTED\"");
}

TEST(CasesTest, WhatNoCaseTouchesIsNamedWithTheRulesThatStandOnIt) {
  CaseRunner runner(Compiled());
  for (const Gap& gap : runner.Gaps()) {
    if (gap.axis != "rule") {
      EXPECT_FALSE(gap.rules.empty()) << gap.axis << " " << gap.code;
    }
  }
  EXPECT_TRUE(Has(runner.Gaps(), "rule", "P-01"));
  EXPECT_TRUE(Has(runner.Gaps(), "field", "sig-thema"));
  runner.Run(PublicCases().front());  // PUB-001: decided by P-01, asks for sig-thema
  EXPECT_FALSE(Has(runner.Gaps(), "rule", "P-01"));
  EXPECT_FALSE(Has(runner.Gaps(), "field", "sig-thema"));
  EXPECT_TRUE(Has(runner.Gaps(), "rule", "P-02"));
}

TEST(CasesTest, AnInvalidRequestCoversNoCode) {
  Case one = PublicCases().front();
  one.request = "{}";
  CaseRunner runner(Compiled());
  EXPECT_EQ(runner.Run(one).outcome, "INVALID");
  EXPECT_TRUE(Has(runner.Gaps(), "field", "sig-thema"));
}

TEST(CasesTest, FilesThatTestNothingAreRefusedWithTheirLine) {
  const auto refused = [](const std::string& text) {
    const auto cases = ReadCases("a.jsonl", text);
    EXPECT_THAT(cases, sluis::testing::HasReason("CASES_INVALID")) << text;
    return MessageOf(cases.status());
  };
  EXPECT_THAT(refused(""), HasSubstr("a.jsonl:1:"));
  EXPECT_THAT(refused("\n\nnull\n"), HasSubstr("a.jsonl:3:"));
  EXPECT_THAT(refused(R"({"title":"t","request":{"a":1},"expected":{"a":1}})"), HasSubstr("an id"));
  EXPECT_THAT(refused(R"({"id":"1","request":{},"expected":{"a":1}})"), HasSubstr("a request"));
  EXPECT_THAT(refused(R"({"id":"1","request":{"a":1},"expected":{}})"), HasSubstr("tests nothing"));
  const std::string one = R"({"id":"1","request":{"a":1},"expected":{"a":1}})";
  EXPECT_THAT(refused(one + "\n" + one), HasSubstr("a.jsonl:2: this id"));
}

}  // namespace
}  // namespace sluis::policy
