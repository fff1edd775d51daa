#include "clients/cli/release_values.h"

#include <gtest/gtest.h>

#include <sstream>

#include "lib/base/error.h"
#include "tests/support/status_matchers.h"

namespace sluis::cli {
namespace {

using sluis::testing::HasReason;

class ValuesFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<edge::ReleaseContent> Read(const std::string& json) {
    std::istringstream in(json);
    Surroundings surroundings{in, out_, out_, SystemClock(), {}, false, false, false, {}};
    Output output(surroundings, Format::kTable, Language::kDutch);
    Context context{surroundings, global_, output};
    return ReadValuesFile(context, "-", exchange_);
  }
  void Decide(const std::string& field, const std::string& form) {
    auto* decided = exchange_.mutable_decision()->add_fields();
    decided->set_field(field);
    decided->set_form(form);
  }

  edge::wire::Exchange exchange_;
  GlobalOptions global_;
  std::ostringstream out_;
};

constexpr char kGood[] = R"({"regime":"wpg-8","subject_category":"verdachte","values":{"sig-feiten":"Q"}})";

TEST_F(ValuesFileTest, TheDecisionNamesTheForm) {
  Decide("sig-feiten", "category");
  ASSERT_OK_AND_ASSIGN(const edge::ReleaseContent content, Read(kGood));
  EXPECT_EQ(content.regime, "wpg-8");
  EXPECT_EQ(content.subject_category, "verdachte");
  ASSERT_EQ(content.values.size(), 1U);
  EXPECT_EQ(content.values[0].form, "category");
  EXPECT_EQ(content.values[0].value.Reveal(SecretAccess::ForTest()), "Q");
}

TEST_F(ValuesFileTest, WithoutADecisionTheFileMustNameIt) {
  EXPECT_THAT(Read(kGood), HasReason("FORM_UNKNOWN"));
  ASSERT_OK_AND_ASSIGN(const edge::ReleaseContent content,
                       Read(R"({"regime":"a","subject_category":"b","values":{"f":{"form":"exact","value":"Q"}}})"));
  EXPECT_EQ(content.values[0].form, "exact");
}

TEST_F(ValuesFileTest, WhatThePersonMayAnswerComesBeforeADecisionThatNamesNothingYet) {
  exchange_.mutable_decision()->set_outcome(edge::wire::OUTCOME_NEEDS_APPROVAL);
  auto* answerable = exchange_.add_answerable();
  answerable->set_field("sig-feiten");
  answerable->set_form("category");
  ASSERT_OK_AND_ASSIGN(const edge::ReleaseContent content, Read(kGood));
  EXPECT_EQ(content.values[0].form, "category");
}

TEST_F(ValuesFileTest, OtherShapesAreRefusedWithoutRepeatingAValue) {
  Decide("f", "exact");
  for (const std::string json :
       {R"([])", R"({"values":[]})", R"({"regime":"a","subject_category":"b"})",
        R"({"subject_category":"b","values":{"f":"GEHEIM"}})", R"({"regime":"a","values":{"f":"GEHEIM"}})",
        R"({"regime":"a","subject_category":"b","values":{"f":1}})",
        R"({"regime":"a","subject_category":"b","values":{"f":{"form":"exact"}}})",
        R"({"regime":"a","subject_category":"b","values":{"f":null}})",
        R"({"regime":"a","subject_category":"b","values":{"f":"GEHEIM","f":"GEHEIM"}})",
        R"({"regime":"a","subject_category":"b","values":{"f":"GEHEIM)"}) {
    const auto content = Read(json);
    ASSERT_FALSE(content.ok()) << json;
    EXPECT_EQ(MessageOf(content.status()).find("GEHEIM"), std::string::npos) << json;
  }
}

TEST_F(ValuesFileTest, PeopleLeaveANumberBehindAndNothingElse) {
  Decide("f", "pseudonym");
  ASSERT_OK_AND_ASSIGN(
      const edge::ReleaseContent listed,
      Read(R"({"regime":"a","subject_category":"b","values":{"f":{"subjects":[
             {"kind":"bsn","number":"9999.90.019"},{"kind":"kenteken","number":"ab-12-cd"}]}}})"));
  ASSERT_EQ(listed.values[0].subjects.size(), 2U);
  EXPECT_TRUE(listed.values[0].value.empty());
  EXPECT_EQ(std::get<Subject>(listed.values[0].subjects[1]).value(SecretAccess::ForTest()), "AB12CD");
  ASSERT_OK_AND_ASSIGN(
      const edge::ReleaseContent inside,
      Read(R"({"regime":"a","subject_category":"b","values":{"f":{"value":
             [{"rol":"partner","wie":{"kind":"bsn","number":"999990019"}}]}}})"));
  EXPECT_EQ(inside.values[0].value.Reveal(SecretAccess::ForTest()),
            R"([{"rol":"partner","wie":{"ref":0}}])");
}

// One member more, and he would not be seen as a person: his number would leave as text.
TEST_F(ValuesFileTest, APersonWithAnythingBesideHimIsRefused) {
  Decide("f", "pseudonym");
  const auto read = [&](const std::string& person) {
    return Read(R"({"regime":"a","subject_category":"b","values":{"f":{"value":[
                {"kind":"bsn","number":"999990019"},{"wie":)" + person + "}]}}}");
  };
  EXPECT_OK(read(R"({"kind":"bsn","number":"999990020"})"));
  for (const std::string person :
       {R"({"kind":"bsn","number":"999990020","rol":"neef"})",
        R"({"kind":"bsn","number":"999990020","pseudonym":"P-7F3K-92QD"})",
        R"({"pseudonym":"P-7F3K-92QD","rol":"neef"})", R"({"ref":0})", R"({"ref":1,"rol":"neef"})"}) {
    const auto content = read(person);
    EXPECT_THAT(content, HasReason("FIELD_INVALID")) << person;
    EXPECT_EQ(MessageOf(content.status()).find("999990020"), std::string::npos);
  }
}

TEST_F(ValuesFileTest, AWrongNumberIsRefusedUnderItsOwnCodeWithoutBeingRepeated) {
  Decide("f", "pseudonym");
  const auto refuse = [&](const std::string& kind, const std::string& number) {
    const auto content = Read(R"({"regime":"a","subject_category":"b","values":{"f":{"subjects":[{"kind":")" +
                              kind + R"(","number":")" + number + R"("}]}}})");
    EXPECT_EQ(MessageOf(content.status()).find(number), std::string::npos);
    return ReasonOf(content.status());
  };
  EXPECT_EQ(refuse("bsn", "999990018"), "E_BSN");
  EXPECT_EQ(refuse("rsin", "999990018"), "E_SUBJECT");
  EXPECT_EQ(refuse("kvk", "123456789"), "E_SUBJECT");
  EXPECT_EQ(refuse("kenteken", "AB-12-CDE"), "E_SUBJECT");
  EXPECT_EQ(refuse("bag", "036301000000000"), "E_SUBJECT");
  EXPECT_EQ(refuse("naam", "999990019"), "E_SUBJECT");
  EXPECT_THAT(Read(R"({"regime":"a","subject_category":"b","values":{"f":{"subjects":["GEHEIM"]}}})"),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(Read(R"({"regime":"a","subject_category":"b","values":{"f":{"subjects":[{"pseudonym":"P-1"}]}}})"),
              HasReason("FIELD_INVALID"));
}

}  // namespace
}  // namespace sluis::cli
