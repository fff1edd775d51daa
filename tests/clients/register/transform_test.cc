#include "clients/lib/register/transform.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace sluis::edge {
namespace {

constexpr absl::CivilDay kToday(2026, 11, 23);

v1::FormRule RuleOf(const std::string& text) {
  v1::FormRule rule;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rule));
  return rule;
}

// Rows from line 2 on.
absl::StatusOr<FieldValue> Apply(const std::string& rule, std::vector<std::vector<std::string>> rows) {
  std::vector<RuleCells> cells;
  for (auto& row : rows) {
    RuleCells next;
    next.line = cells.size() + 2;
    next.cells = std::move(row);
    cells.push_back(std::move(next));
  }
  return Transform(RuleOf(rule), cells, kToday);
}

std::string Text(const absl::StatusOr<FieldValue>& value) {
  EXPECT_OK(value);
  return value.ok() ? std::string(value->text.Reveal(SecretAccess::ForTest())) : "";
}

TEST(Transform, CopyJoinsColumnsAndCountsEqualTextsOnce) {
  EXPECT_EQ(Text(Apply("columns: 'a' columns: 'b' copy {}", {{"Jan", "Bos"}, {"Jan", "Bos"}, {"", "Vos"}})),
            "Jan Bos; Vos");
  EXPECT_EQ(Text(Apply("columns: 'a' columns: 'b' copy { join: ', waarvan ' }", {{"4", "1"}})), "4, waarvan 1");
}

TEST(Transform, DatesLoseWhatTheFormHides) {
  EXPECT_EQ(Text(Apply("columns: 'd' year {}", {{"1984-02-29"}})), "1984");
  EXPECT_EQ(Text(Apply("columns: 'd' month {}", {{"2026-03-14"}, {"2026-03-30"}})), "2026-03");
}

TEST(Transform, MajorityComesOnTheBirthday) {
  EXPECT_EQ(Text(Apply("columns: 'd' majority {}", {{"2008-11-23"}})), "meerderjarig");
  EXPECT_EQ(Text(Apply("columns: 'd' majority {}", {{"2008-11-24"}})), "minderjarig");
}

TEST(Transform, WrongDatesAreRefusedWithTheirPlace) {
  for (const char* date : {"14-03-2026", "2026-02-29", "2026-13-01", "2026-3-14", "20260314", "0000-01-01",
                           "2026-03-14T00:00", "geheim", "2026-00-10", "2026-04-31"}) {
    const auto value = Apply("columns: 'd' year {}", {{"2026-01-01"}, {date}});
    ASSERT_THAT(value, testing::HasReason("REGISTER_VALUE")) << date;
    EXPECT_TRUE(MessageOf(value.status()).starts_with("line 3, column \"d\":"));
    EXPECT_EQ(MessageOf(value.status()).find("geheim"), std::string::npos);
  }
}

TEST(Transform, ATableKnowsEveryTextOrSaysSo) {
  const std::string table = "columns: 'a' table { entries { text: 'NL' code: 'NL' }";
  EXPECT_EQ(Text(Apply(table + " }", {{"NL"}})), "NL");
  EXPECT_THAT(Apply(table + " }", {{"MA"}}), testing::HasReason("REGISTER_VALUE"));
  EXPECT_EQ(Text(Apply(table + " otherwise: 'overig' }", {{"MA"}, {"TR"}})), "overig");
}

TEST(Transform, BandsHideTheAmount) {
  const std::string band = "columns: 'b' band { from: 1000 from: 5000 }";
  EXPECT_EQ(Text(Apply(band, {{"-20"}})), "tot 1000");
  EXPECT_EQ(Text(Apply(band, {{"999"}})), "tot 1000");
  EXPECT_EQ(Text(Apply(band, {{"1000"}})), "1000 tot 5000");
  EXPECT_EQ(Text(Apply(band, {{"5000"}})), "5000 of meer");
  for (const char* amount : {"1.000", "1000,00", "x", "99999999999999999999", "10 00", "+5"}) {
    EXPECT_THAT(Apply(band, {{amount}}), testing::HasReason("REGISTER_VALUE")) << amount;
  }
}

TEST(Transform, CountsInTheClassesOfTheVocabulary) {
  const std::string count = "columns: 'l' list_separator: '|' count { from: 1 from: 3 from: 6 }";
  EXPECT_EQ(Text(Apply(count, {{""}})), "0");
  EXPECT_EQ(Text(Apply(count, {{"a| b"}})), "1-2");
  EXPECT_EQ(Text(Apply(count, {{"a|b|c|d|e"}})), "3-5");
  EXPECT_EQ(Text(Apply(count, {{"a|b|c"}, {"d|e|f"}})), "meer");
  EXPECT_EQ(Text(Apply("columns: 'l' list_separator: '|' count {}", {{"a||b|"}})), "2");
}

TEST(Transform, PerMonthTellsKindAndNumberButNoDay) {
  const std::vector<std::vector<std::string>> rows = {
      {"2026-03-14", "inbraak"}, {"2026-03-02", "overlast"}, {"2026-03-30", "inbraak"}, {"2025-12-31", "inbraak"}};
  EXPECT_EQ(Text(Apply("columns: 'd' columns: 's' per_month {}", rows)),
            "2025-12: 1 inbraak; 2026-03: 2 inbraak, 1 overlast");
  EXPECT_EQ(Text(Apply("columns: 'd' columns: 's' per_month { omit_counts: true }", rows)),
            "2025-12: inbraak; 2026-03: inbraak, overlast");
  EXPECT_EQ(Text(Apply("columns: 'd' per_month {}", {{"2026-03-14"}})), "2026-03: 1");
}

TEST(Transform, PresenceIsOnlyYesOrNo) {
  EXPECT_EQ(Text(Apply("columns: 'a' present {}", {{"geheim"}})), "ja");
  EXPECT_EQ(Text(Apply("columns: 'a' present {}", {{"  "}})), "nee");
  EXPECT_EQ(Text(Apply("present {}", {{}})), "ja");
  EXPECT_EQ(Text(Apply("present {}", {})), "nee");
}

TEST(Transform, NothingToSayIsAnErrorOfItsOwn) {
  EXPECT_THAT(Apply("columns: 'a' copy {}", {{""}}), testing::HasReason("NO_VALUE"));
  EXPECT_THAT(Apply("columns: 'a' subjects { kind: 'bsn' }", {{" "}}), testing::HasReason("NO_VALUE"));
}

TEST(Transform, SubjectsAreNeverText) {
  const auto value = Apply("columns: 'r' list_separator: '|' subjects { kind: 'bsn' }",
                         {{"999990019|999990020"}, {"999990019"}});
  ASSERT_OK(value);
  EXPECT_TRUE(value->text.empty());
  ASSERT_EQ(value->subjects.size(), 2u);
  EXPECT_EQ(value->subjects[0].value(SecretAccess::ForTest()), "999990019");
  const auto wrong = Apply("columns: 'r' subjects { kind: 'bsn' }", {{"999990018"}});
  ASSERT_THAT(wrong, testing::HasReason("REGISTER_VALUE"));
  EXPECT_EQ(MessageOf(wrong.status()).find("99999"), std::string::npos);
}

TEST(SubjectOfCell, OnlyThePlateMayHaveDashes) {
  EXPECT_OK(SubjectOfCell(SubjectKind::kKenteken, " 1-BD-234 "));
  EXPECT_OK(SubjectOfCell(SubjectKind::kKvk, "99000017"));
  EXPECT_THAT(SubjectOfCell(SubjectKind::kBsn, "999-990-019"), testing::HasReason("E_BSN"));
  EXPECT_THAT(SubjectOfCell(SubjectKind::kBsn, "99999001"), testing::HasReason("E_BSN"));
  EXPECT_THAT(SubjectOfCell(SubjectKind::kKenteken, "1-bd-234"), testing::HasReason("E_SUBJECT"));
}

}  // namespace
}  // namespace sluis::edge
