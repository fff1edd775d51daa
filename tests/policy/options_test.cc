#include "policy/engine/options.h"

#include <gmock/gmock.h>

#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::At;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ThePack;

OptionsQuery Query(const std::string& unit) {
  OptionsQuery query;
  query.unit = unit;
  query.time = At("2026-11-23T10:00:00+01:00");
  return query;
}

std::vector<std::string> RulesOf(const OptionsQuery& query) {
  std::vector<std::string> rules;
  for (const Option& option : ListOptions(ThePack(), query)) rules.push_back(option.rule);
  return rules;
}

TEST(Options, NarrowToTheQuery) {
  OptionsQuery query = Query("gemeente/oov");
  query.action = "request";
  query.purpose = "openbare-orde";
  query.provider_unit = "politie/informatie";
  query.subject_category = "verdachte";
  query.case_phase = "casus";
  const std::vector<Option> options = ListOptions(ThePack(), query);
  ASSERT_EQ(options.size(), 2u);
  EXPECT_EQ(options[0].rule, "E-01");
  EXPECT_TRUE(options[0].emergency);
  EXPECT_THAT(options[0].approvals, IsEmpty());
  const Option& option = options[1];
  EXPECT_EQ(option.rule, "P-11");
  EXPECT_FALSE(option.emergency);
  EXPECT_THAT(option.actions, ElementsAre("request"));
  EXPECT_THAT(option.purposes, ElementsAre("openbare-orde"));
  EXPECT_THAT(option.provider_units, ElementsAre("politie/informatie"));
  EXPECT_THAT(option.recipient_units, ElementsAre("gemeente/oov"));
  EXPECT_THAT(option.subject_categories, ElementsAre("verdachte"));
  EXPECT_THAT(option.case_phases, ElementsAre("casus"));
  EXPECT_EQ(option.fields.at("ant-politiemelding"), "generalised");
  EXPECT_THAT(option.facts.at("zaak-open"), ElementsAre("yes"));
  EXPECT_EQ(option.approvals.count("C-01"), 1u);
  EXPECT_EQ(option.retention, "P1Y");
  EXPECT_NE(option.law, "");
  EXPECT_NE(option.reason_nl, "");
  EXPECT_NE(option.reason_en, "");
}

TEST(Options, TellTheSides) {
  OptionsQuery query = Query("gemeente/toezicht");
  query.purpose = "drugspand-13b";
  query.provider_unit = "gemeente/toezicht";
  EXPECT_THAT(RulesOf(query), ElementsAre("P-03"));
  // Supervision gives the file under P-03 and never asks for it.
  for (const Option& option : ListOptions(ThePack(), query)) {
    EXPECT_THAT(option.actions, ElementsAre("disclose"));
    EXPECT_THAT(option.provider_units, ElementsAre("gemeente/toezicht"));
    EXPECT_THAT(option.recipient_units, ElementsAre("gemeente/burgemeester", "gemeente/oov"));
  }
  query.unit = "gemeente/oov";
  EXPECT_THAT(RulesOf(query), ElementsAre("P-03"));
  for (const Option& option : ListOptions(ThePack(), query))
    EXPECT_THAT(option.actions, Not(Contains("disclose")));
}

TEST(Options, LeaveOutWhatAProhibitionClosesWhole) {
  OptionsQuery query = Query("riec/bureau");
  EXPECT_THAT(RulesOf(query), Not(Contains("P-35"))) << "N-23 holds until 2027";
  query.time = At("2027-01-01T00:00:00+01:00");
  EXPECT_THAT(RulesOf(query), Contains("P-35"));
}

TEST(Options, KeepToValidity) {
  OptionsQuery query = Query("sport/bond");
  EXPECT_THAT(RulesOf(query), Contains("P-54"));
  query.time = At("2027-07-01T00:00:00+02:00");
  EXPECT_THAT(RulesOf(query), Not(Contains("P-54")));
}

TEST(Options, NothingForUnitsAndFiltersOutsideTheRules) {
  EXPECT_THAT(RulesOf(Query("gemeente/niets")), IsEmpty());
  EXPECT_THAT(RulesOf(Query("")), IsEmpty());
  OptionsQuery query = Query("gemeente/oov");
  query.purpose = "bestuurlijke-handhaving";
  EXPECT_THAT(RulesOf(query), IsEmpty());
}

}  // namespace
}  // namespace sluis::policy
