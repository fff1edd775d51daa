// How several rules combine, over small packs: what the rules of this repository never do together
// today.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/engine/evaluate.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::PackOf;
using testing::SignalInside;

std::string Head(const std::string& id) {
  return absl::StrFormat(
      R"(head { id: "%s" title: "t" law: "l" reason { nl: "Regel %s." en: "Rule %s." } review: VERIFIED })",
      id, id, id);
}

// A permit for SignalInside with this release and these obligations.
std::string Permit(const std::string& id, const std::string& release,
                   const std::string& obligations) {
  return absl::StrCat("permit {", Head(id), R"(box { action: "disclose" purpose: "signaal-intake"
      provider: "gemeente/toezicht" recipient: "gemeente/oov" basis: "avg-6-1-e+gemeentewet-172" regime: "avg"
      subject_category: "bewoner" case_phase: "signaal" })",
                      release, " obligations {", obligations, "} }\n");
}

std::string Condition(const std::string& id, const std::string& rest) {
  return absl::StrCat("condition {", Head(id), R"(box { action: "disclose" } )", rest, "}\n");
}

constexpr char kBoth[] = R"(release { form: "exact" field: ["p-naam", "p-adres"] })";
constexpr char kPlain[] = R"(retention: "P1Y" onward: "within-case" handling: "intern")";

Decision Decide(const std::string& rules, std::vector<std::string> fields = {"p-naam"}) {
  EvaluationRequest request = SignalInside();
  request.fields = std::move(fields);
  return Evaluate(*PackOf(rules), request);
}

TEST(Combining, TheLeastRevealingOfSeveralPermitsCounts) {
  const std::string pseudonym = R"(release { form: "pseudonym" field: "p-naam" })";
  for (const auto& [first, second] : {std::pair("P-01", "P-02"), std::pair("P-02", "P-01")}) {
    const Decision decision =
        Decide(Permit(first, kBoth, kPlain) + Permit(second, pseudonym, kPlain));
    EXPECT_EQ(decision.fields.at("p-naam"), "pseudonym");
    EXPECT_THAT(decision.deciding_rules, ElementsAre("P-01", "P-02"));
  }
}

TEST(Combining, ACapLowersToTheNextFormTheFieldHas) {
  const std::string permit = Permit("P-01", kBoth, kPlain);
  const auto form_under = [&](const char* field, const char* cap) {
    return Decide(
               permit + Condition("C-01", absl::StrFormat(R"(max_form { form: "%s" field: "%s" })",
                                                          cap, field)),
               {field})
        .fields.at(field);
  };
  EXPECT_EQ(form_under("p-naam", "pseudonym"), "pseudonym");
  EXPECT_EQ(form_under("p-naam", "presence"), "presence");
  EXPECT_EQ(form_under("p-adres", "generalised"), "generalised");
  EXPECT_EQ(form_under("p-naam", "exact"), "exact");
}

TEST(Combining, ACapNeverRaises) {
  const std::string presence = R"(release { form: "presence" field: "p-naam" })";
  const Decision decision =
      Decide(Permit("P-01", presence, kPlain) +
             Condition("C-01", R"(max_form { form: "exact" field: "p-naam" })"));
  EXPECT_EQ(decision.fields.at("p-naam"), "presence");
}

TEST(Combining, ObligationsMergeToTheStrictest) {
  const Decision decision = Decide(
      Permit("P-01", kBoth,
             R"(retention: "P1Y" onward: "within-case" handling: "intern" feedback_due: "P6W")") +
      Condition("C-01", R"(obligations { retention: "P3M" onward: "none" handling: "vertrouwelijk"
                           feedback_due: "P30D" notify: "korpschef" mark: "oordeel" min_cell: 5 })") +
      Condition(
          "C-02",
          R"(obligations { retention: "P5Y" handling: "openbaar" notify: ["burgemeester", "korpschef"]
                           mark: "gevoelig" min_cell: 10 })"));
  EXPECT_EQ(decision.retention, "P3M");
  EXPECT_EQ(decision.onward, "none");
  EXPECT_EQ(decision.handling, "vertrouwelijk");
  EXPECT_EQ(decision.feedback_due, "P30D");
  EXPECT_THAT(decision.notify, ElementsAre("burgemeester", "korpschef"));
  EXPECT_THAT(decision.marks, ElementsAre("gevoelig", "oordeel"));
  EXPECT_EQ(decision.min_cell, 10);
  EXPECT_THAT(decision.deciding_rules, ElementsAre("C-01", "C-02", "P-01"));
}

TEST(Combining, OnwardGoesOnlyToThoseWhomEveryRuleNames) {
  const std::string name = R"(release { form: "exact" field: "p-naam" })";
  const std::string address = R"(release { form: "exact" field: "p-adres" })";
  const std::string rules =
      Permit(
          "P-01", name,
          R"(retention: "P1Y" onward: "named" onward_to: ["rechter", "betrokkene"] handling: "intern")") +
      Permit(
          "P-02", address,
          R"(retention: "P1Y" onward: "named" onward_to: ["rechter", "om/parket"] handling: "intern")");
  EXPECT_THAT(Decide(rules, {"p-naam"}).onward_to, ElementsAre("betrokkene", "rechter"));
  const Decision both = Decide(rules, {"p-naam", "p-adres"});
  EXPECT_EQ(both.onward, "named");
  EXPECT_THAT(both.onward_to, ElementsAre("rechter"));
  const Decision closed =
      Decide(rules + Condition("C-01", R"(obligations { onward: "within-case" })"));
  EXPECT_EQ(closed.onward, "within-case");
  EXPECT_THAT(closed.onward_to, IsEmpty());
}

TEST(Combining, ObligationsOfFieldsThatStayBehindDoNotCount) {
  const std::string name = R"(release { form: "exact" field: "p-naam" })";
  const std::string address = R"(release { form: "exact" field: "p-adres" })";
  EvaluationRequest request = SignalInside();
  request.fields = {"p-naam", "p-adres"};
  request.subset = true;
  const Decision decision = Evaluate(
      *PackOf(Permit("P-01", name, kPlain) +
              Permit("P-02", address, R"(retention: "P1D" onward: "none" handling: "intern")") +
              absl::StrCat("condition {", Head("C-01"), R"(box { field: "p-adres" }
                           approval { count: 1 role: "teamleider" max_age: "P30D" } })")),
      request);
  EXPECT_EQ(decision.outcome, Outcome::kPermitted);
  EXPECT_EQ(decision.retention, "P1Y");
  EXPECT_THAT(decision.deciding_rules, ElementsAre("P-01"));
  EXPECT_EQ(decision.approvals_needed.count("C-01"), 1u);
  EXPECT_THAT(decision.reason_en, ::testing::HasSubstr("The rest waits for approval. Rule C-01."));
}

TEST(Combining, OneApprovalServesTwoConditionsAndEachIsJudgedApart) {
  const std::string rules =
      Permit("P-01", kBoth, kPlain) +
      Condition("C-01", R"(approval { count: 1 role: "teamleider" max_age: "P30D" })") +
      Condition("C-02",
                R"(approval { count: 2 role: ["teamleider", "privacy-officer"] max_age: "P30D" })");
  EvaluationRequest request = SignalInside();
  request.fields = {"p-naam"};
  request.approvals = {{"teamleider", "a-1", request.time}};
  const auto pack = PackOf(rules);
  const Decision half = Evaluate(*pack, request);
  EXPECT_EQ(half.outcome, Outcome::kNeedsApproval);
  EXPECT_THAT(half.deciding_rules, ElementsAre("C-02"));
  request.approvals.push_back({"privacy-officer", "a-2", request.time});
  EXPECT_THAT(Evaluate(*pack, request).deciding_rules, ElementsAre("C-01", "C-02", "P-01"));
}

TEST(Combining, AConditionAloneOpensNothing) {
  EXPECT_EQ(Decide(Condition("C-01", R"(obligations { onward: "none" })")).outcome,
            Outcome::kDeniedNoBasis);
}

}  // namespace
}  // namespace sluis::policy
