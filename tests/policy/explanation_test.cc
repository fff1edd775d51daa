// Explanations: golden files for each outcome, sentences that people can read, and nothing that
// they must not say. SLUIS_UPDATE_GOLDEN=1 writes the files anew.
#include "policy/engine/explanation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "lib/base/file.h"
#include "policy/engine/evaluate.h"
#include "tests/policy/random_requests.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::RandomRequests;
using testing::ThePack;

Explanation ExplanationOf(const EvaluationRequest& request) {
  return ExplainInFull(ThePack(), request, Evaluate(ThePack(), request));
}

std::string Written(const EvaluationRequest& request) {
  const Decision decision = Evaluate(ThePack(), request);
  const Explanation explanation = ExplainInFull(ThePack(), request, decision);
  const Text text = ForEmployee(explanation);
  std::string all = absl::StrCat(std::string(OutcomeName(decision.outcome)), "\n\nnl: ", text.nl,
                                 "\nen: ", text.en, "\n\n");
  for (const Consideration& one : explanation.considered) {
    absl::StrAppend(&all, one.rule, " ", one.field, ": ",
                    one.matched() ? "matches" : absl::StrJoin(one.outside, ", "),
                    one.in_force ? "" : " (not in force)", "\n");
  }
  return all;
}

EvaluationRequest Approved() {
  EvaluationRequest request = testing::PoliceRequest();
  request.approvals = {{"politie-verstrekker", "p-1", request.time}};
  return request;
}

EvaluationRequest Prohibited() {
  EvaluationRequest request = testing::PoliceRequest();
  request.regime = "wpg-12";
  return request;
}

EvaluationRequest WithoutBasis() {
  EvaluationRequest request = testing::SignalInside();
  request.subject_category = "pand";
  request.provider_unit = request.subject_unit = "gemeente/belastingen";
  return request;
}

EvaluationRequest Partly() {
  EvaluationRequest request = testing::SignalInside();
  request.fields.push_back("p-geboortedatum");
  request.subset = true;
  return request;
}

EvaluationRequest Wrong() {
  EvaluationRequest request = testing::SignalInside();
  request.purpose = "riec";
  return request;
}

class ExplanationGolden
    : public ::testing::TestWithParam<std::pair<const char*, EvaluationRequest (*)()>> {};

TEST_P(ExplanationGolden, IsAsKept) {
  const std::string file = absl::StrCat("tests/policy/golden/explain.", GetParam().first, ".txt");
  const std::string text = Written(GetParam().second());
  if (std::getenv("SLUIS_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories("tests/policy/golden");
    ASSERT_TRUE(WriteFileAtomic(file, text, 0644).ok());
    return;
  }
  EXPECT_EQ(text, testing::ReadText(file));
}

INSTANTIATE_TEST_SUITE_P(Outcomes, ExplanationGolden,
                         ::testing::Values(std::pair("permitted", &testing::SignalInside),
                                           std::pair("permitted-approved", &Approved),
                                           std::pair("permitted-partly", &Partly),
                                           std::pair("needs-approval", &testing::PoliceRequest),
                                           std::pair("no-basis", &WithoutBasis),
                                           std::pair("prohibited", &Prohibited),
                                           std::pair("invalid", &Wrong)));

// --- readable ---

// Words that stand in letters of an office and not in the language of level B1.
const char* const kHardWords[] = {"derhalve",  "middels",        "conform",   "teneinde",
                                  "inzake",    "indien",         "ingevolge", "krachtens",
                                  "voornoemd", "desbetreffende", "aldus",     "geschieden",
                                  "omtrent",   "alsmede",        "jegens",    "thans",
                                  "zulks",     "mitsdien",       "hetgeen",   "dienaangaande"};
constexpr std::size_t kMostWords = 20;

std::vector<std::string> Sentences(const std::string& text) {
  return absl::StrSplit(text, absl::ByAnyChar(".?!:;"), absl::SkipWhitespace());
}

void ExpectReadable(const std::string& text, const std::string& what) {
  for (const std::string& sentence : Sentences(text)) {
    const std::vector<std::string> words = absl::StrSplit(sentence, ' ', absl::SkipEmpty());
    EXPECT_LE(words.size(), kMostWords) << what << ": " << sentence;
    for (const std::string& word : words) {
      EXPECT_EQ(std::count(std::begin(kHardWords), std::end(kHardWords), word), 0)
          << what << ": " << word;
    }
  }
}

TEST(ReadabilityTest, EveryReasonOfThePackIsShortAndPlain) {
  const Rules& rules = ThePack().rules();
  const auto check = [](const auto& list) {
    for (const Rule& rule : list) ExpectReadable(rule.reason.nl, rule.id);
  };
  check(rules.permits);
  check(rules.prohibitions);
  check(rules.conditions);
  check(rules.emergencies);
}

TEST(ReadabilityTest, AListOfHardWordsIsFound) {
  std::vector<std::string> found;
  for (const char* word : kHardWords) found.emplace_back(word);
  EXPECT_EQ(Sentences("Een. Twee? Drie").size(), 3U);
  EXPECT_GT(found.size(), 10U);
}

// --- what it says, over many requests ---

TEST(ExplanationTest, SaysWhatHoldsForAnyRequest) {
  RandomRequests requests(ThePack(), 31);
  for (int i = 0; i < 1500; ++i) {
    const EvaluationRequest request = requests.Next();
    const Decision decision = Evaluate(ThePack(), request);
    const Explanation explanation = ExplainInFull(ThePack(), request, decision);
    ExpectReadable(ForEmployee(explanation).nl, "request");
    EXPECT_FALSE(explanation.outcome.nl.empty());
    EXPECT_FALSE(explanation.reason.nl.empty()) << OutcomeName(decision.outcome);
    EXPECT_FALSE(explanation.todo.en.empty());
    // No purpose or basis is named, least of all the one that would have done. The reason is the
    // rule's own, about what was asked.
    Explanation own = explanation;
    own.reason = {};
    for (const std::string& purpose : ThePack().PurposeIds())
      EXPECT_EQ(ForEmployee(own).nl.find(purpose), std::string::npos) << purpose;
    for (const std::string& basis : ThePack().BasisIds())
      EXPECT_EQ(ForEmployee(explanation).nl.find(basis), std::string::npos) << basis;
  }
}

TEST(ExplanationTest, ARuleThatDecidedIsAmongThoseThatMatched) {
  RandomRequests requests(ThePack(), 32);
  for (int i = 0; i < 1500; ++i) {
    const EvaluationRequest request = requests.Next();
    const Decision decision = Evaluate(ThePack(), request);
    const Explanation explanation = ExplainInFull(ThePack(), request, decision);
    for (const std::string& id : decision.deciding_rules) {
      const bool matched =
          std::any_of(explanation.considered.begin(), explanation.considered.end(),
                      [&](const Consideration& one) { return one.rule == id && one.matched(); });
      EXPECT_TRUE(matched) << id;
    }
    if (decision.outcome != Outcome::kDeniedNoBasis || request.subset) continue;
    // Some field that no permit carries.
    const bool some = std::any_of(request.fields.begin(), request.fields.end(), [&](const auto& f) {
      return std::none_of(explanation.considered.begin(), explanation.considered.end(),
                          [&](const Consideration& one) {
                            return one.field == f && one.rule.front() == 'P' && one.matched();
                          });
    });
    EXPECT_TRUE(some);
  }
}

TEST(ExplanationTest, TheFailingDimensionIsNamed) {
  EvaluationRequest request = testing::PoliceRequest();
  request.facts["zaak-open"] = "no";
  request.regime = "avg";
  bool found = false;
  for (const Consideration& one : ExplanationOf(request).considered) {
    if (one.rule != "P-11" || one.field != "p-naam") continue;
    found = true;
    EXPECT_THAT(one.outside, ::testing::ElementsAre("regime", "zaak-open"));
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace sluis::policy
