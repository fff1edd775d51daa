#include "clients/lib/register/register.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "lib/base/encoding.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::edge {
namespace {

constexpr std::string_view kMapping = R"(
name: "politie" file: "p.csv" encoding: ENCODING_UTF_8 delimiter: ";"
keys { kind: "bsn" column: "bsn" } keys { kind: "kenteken" column: "kenteken" subject_category: "voertuig" }
regime { by_column { column: "artikel" entries { text: "8" code: "wpg-8" } entries { text: "9" code: "wpg-9" } } }
subject_category { constant: "verdachte" }
fields { field: "p-naam" about: "bsn" forms { form: "exact" columns: "naam" copy {} }
                         forms { form: "pseudonym" columns: "bsn" subjects { kind: "bsn" } } }
fields { field: "ant-politiemelding" forms { form: "generalised" columns: "datum" columns: "soort" per_month {} } }
fields { field: "p-geboortedatum" forms { form: "category" columns: "geboren" majority {} } }
fields { field: "sig-treffer" forms { form: "presence" present {} } }
)";
constexpr std::string_view kHeader = "bsn;kenteken;artikel;naam;datum;soort;geboren\n";

class RegisterTest : public ::testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "p.csv"; }
  void Write(std::string_view rows) {
    std::ofstream file(path(), std::ios::binary | std::ios::trunc);
    file << kHeader << rows;
  }
  absl::StatusOr<Register> Load() {
    auto mapping = ParseMapping(kMapping);
    EXPECT_OK(mapping);
    return Register::Load(*std::move(mapping), folder_.path(), clock_);
  }
  static Subject Person(BytesView bsn) { return *Subject::Create(SubjectKind::kBsn, bsn); }
  static std::string TextOf(const absl::StatusOr<FieldValue>& value) {
    EXPECT_OK(value);
    return value.ok() ? std::string(value->text.Reveal(SecretAccess::ForTest())) : "";
  }

  testing::TempDir folder_;
  ManualClock clock_{*ParseRfc3339("2026-11-23T23:30:00Z")};  // the 24th in Amsterdam
};

TEST_F(RegisterTest, FindsASubjectsRowsAndGivesThemInTheFormAsked) {
  Write("999990019;;8;Jan Bos;2026-03-14;inbraak;2008-11-24\n"
        "999990020;1-BD-234;8;Els Vos;2026-03-15;inbraak;1980-01-01\n"
        "999990019;;8;Jan Bos;2026-03-20;overlast;2008-11-24\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  EXPECT_EQ(reg.report().rows, 3u);
  ASSERT_OK_AND_ASSIGN(const auto groups, reg.Find(Person("999990019")));
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].labels, (RowLabels{"wpg-8", "verdachte"}));
  EXPECT_EQ(TextOf(reg.ValueOf(groups[0], "p-naam", "exact")), "Jan Bos");
  EXPECT_EQ(TextOf(reg.ValueOf(groups[0], "ant-politiemelding", "generalised")),
            "2026-03: 1 inbraak, 1 overlast");
  EXPECT_EQ(TextOf(reg.ValueOf(groups[0], "p-geboortedatum", "category")), "meerderjarig");
  ASSERT_OK_AND_ASSIGN(const auto pseudonym, reg.ValueOf(groups[0], "p-naam", "pseudonym"));
  EXPECT_TRUE(pseudonym.text.empty());
  EXPECT_EQ(pseudonym.subjects.size(), 1u);
}

TEST_F(RegisterTest, FindsByAPlateWithDashes) {
  Write("999990020;1-BD-234;8;Els Vos;2026-03-15;inbraak;1980-01-01\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  ASSERT_OK_AND_ASSIGN(const auto groups, reg.Find(*Subject::Create(SubjectKind::kKenteken, "1BD234")));
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].labels, (RowLabels{"wpg-8", "voertuig"}));
}

TEST_F(RegisterTest, TextAboutSomebodyElseIsNotGiven) {
  Write("999990020;1-BD-234;8;Els Vos;2026-03-15;inbraak;1980-01-01\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  ASSERT_OK_AND_ASSIGN(const auto groups, reg.Find(*Subject::Create(SubjectKind::kKenteken, "1BD234")));
  EXPECT_THAT(reg.ValueOf(groups[0], "p-naam", "exact"), testing::HasReason("OTHER_SUBJECT"));
  EXPECT_EQ(reg.ValueOf(groups[0], "p-naam", "pseudonym")->subjects.size(), 1u);
  EXPECT_OK(reg.ValueOf(groups[0], "ant-politiemelding", "generalised"));
}

TEST_F(RegisterTest, RegimesNeverMix) {
  Write("999990019;;8;Jan Bos;2026-03-14;inbraak;1980-01-01\n"
        "999990019;;9;Jan Bos;2026-04-14;moord;1980-01-01\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  ASSERT_OK_AND_ASSIGN(const auto groups, reg.Find(Person("999990019")));
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].labels.regime, "wpg-8");
  EXPECT_EQ(TextOf(reg.ValueOf(groups[0], "ant-politiemelding", "generalised")), "2026-03: 1 inbraak");
  EXPECT_EQ(TextOf(reg.ValueOf(groups[1], "ant-politiemelding", "generalised")), "2026-04: 1 moord");
}

TEST_F(RegisterTest, AnUnknownSubjectHasNoRowsAndPresenceSaysNo) {
  Write("999990019;;8;Jan Bos;2026-03-14;inbraak;1980-01-01\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  ASSERT_OK_AND_ASSIGN(const auto groups, reg.Find(Person("999990020")));
  EXPECT_TRUE(groups.empty());
  EXPECT_EQ(TextOf(reg.ValueOf({}, "sig-treffer", "presence")), "nee");
  EXPECT_THAT(reg.ValueOf({}, "p-naam", "exact"), testing::HasReason("NO_VALUE"));
}

TEST_F(RegisterTest, AnotherFormIsNeverGivenInstead) {
  Write("999990019;;8;Jan Bos;2026-03-14;inbraak;1980-01-01\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  ASSERT_OK_AND_ASSIGN(const auto groups, reg.Find(Person("999990019")));
  EXPECT_THAT(reg.ValueOf(groups[0], "p-naam", "presence"), testing::HasReason("FORM_NOT_MAPPED"));
  EXPECT_THAT(reg.ValueOf(groups[0], "p-adres", "exact"), testing::HasReason("FIELD_NOT_MAPPED"));
  EXPECT_EQ(reg.FormsOf("p-naam"), (std::vector<std::string>{"exact", "pseudonym"}));
  EXPECT_TRUE(reg.FormsOf("p-adres").empty());
}

TEST_F(RegisterTest, ABadNumberRefusesItsRowAndNoOther) {
  Write("999990018;;8;Geheim;2026-03-14;inbraak;1980-01-01\n"
        "999990019;te-lang-1;8;Geheim;2026-03-14;inbraak;1980-01-01\n"
        ";;8;Onbekend;2026-03-14;inbraak;1980-01-01\n"
        "999990020;;8;Els Vos;2026-03-14;inbraak;1980-01-01\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  const LoadReport& report = reg.report();
  EXPECT_EQ(report.rows, 4u);
  EXPECT_EQ(report.without_key, 1u);
  ASSERT_EQ(report.refused, 2u);
  EXPECT_EQ(report.first_refused[0].line, 2u);
  EXPECT_EQ(report.first_refused[0].column, "bsn");
  EXPECT_EQ(report.first_refused[0].reason, "E_BSN");
  EXPECT_EQ(report.first_refused[1].column, "kenteken");
  EXPECT_TRUE(reg.Find(Person("999990019"))->empty());
  EXPECT_EQ(reg.Find(Person("999990020"))->size(), 1u);
}

TEST_F(RegisterTest, AnUnknownLabelIsNoAnswer) {
  Write("999990019;;12;Informant;2026-03-14;x;1980-01-01\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  const auto groups = reg.Find(Person("999990019"));
  ASSERT_THAT(groups, testing::HasReason("REGISTER_VALUE"));
  EXPECT_TRUE(MessageOf(groups.status()).starts_with("line 2, column \"artikel\""));
}

TEST_F(RegisterTest, EverySubjectOnceForEnrolment) {
  Write("999990019;;8;a;;;\n999990020;;8;b;;;\n999990019;;9;c;;;\n999990018;;8;d;;;\n;1-BD-234;8;e;;;\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  std::vector<std::string> seen;
  const auto collect = [&](const Subject& subject) {
    seen.emplace_back(subject.value(SecretAccess::ForTest()));
    return absl::OkStatus();
  };
  ASSERT_OK(reg.ForEachSubject(SubjectKind::kBsn, collect));
  EXPECT_EQ(seen, (std::vector<std::string>{"999990019", "999990020"}));
  const auto stop = [](const Subject&) { return Error(ErrorCode::kAborted, "STOP", "stop"); };
  EXPECT_THAT(reg.ForEachSubject(SubjectKind::kBsn, stop), testing::HasReason("STOP"));
}

TEST_F(RegisterTest, AChangedFileIsNotRead) {
  Write("999990019;;8;Jan Bos;2026-03-14;inbraak;1980-01-01\n");
  ASSERT_OK_AND_ASSIGN(const Register reg, Load());
  ASSERT_OK_AND_ASSIGN(const auto groups, reg.Find(Person("999990019")));
  Write("999990020;;8;Els Vos;2026-03-14;inbraak;1980-01-01\n999990019;;8;Jan Bos;2026-03-14;x;\n");
  EXPECT_THAT(reg.Find(Person("999990019")), testing::HasReason("REGISTER_CHANGED"));
  EXPECT_THAT(reg.ValueOf(groups[0], "p-naam", "exact"), testing::HasReason("REGISTER_CHANGED"));
}

TEST_F(RegisterTest, AHeaderIsNamedOnceAndHoldsWhatTheMappingNeeds) {
  std::ofstream(path()) << "bsn;bsn\n";
  EXPECT_THAT(Load(), testing::HasReason("REGISTER_FORMAT"));
  std::ofstream(path()) << "bsn;\n";
  EXPECT_THAT(Load(), testing::HasReason("REGISTER_FORMAT"));
  std::ofstream(path()) << "";
  EXPECT_THAT(Load(), testing::HasReason("REGISTER_FORMAT"));
  std::ofstream(path()) << "bsn;kenteken;artikel;naam;datum;soort\n";
  const auto reg = Load();
  ASSERT_THAT(reg, testing::HasReason("MAPPING_INVALID"));
  EXPECT_EQ(DetailOf(reg.status()).violations[0].field, "fields[2].forms[0].columns");
}

TEST_F(RegisterTest, OnlyARegularFile) {
  EXPECT_THAT(Load(), testing::HasReason("FILE_NOT_FOUND"));
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_THAT(Load(), testing::HasReason("FILE_NOT_USABLE"));
}

TEST_F(RegisterTest, ABrokenTableIsRefusedWhole) {
  Write("999990019;;8;Jan Bos;2026-03-14;inbraak;1980-01-01\n999990020;;8;\"Els\n");
  EXPECT_THAT(Load(), testing::HasReason("REGISTER_FORMAT"));
}

// A reader that kept rows would need the file's 20 MB; the index needs 24 bytes a row.
}  // namespace
}  // namespace sluis::edge
