// The demo registers, read by the edge's own reader through their mappings: every row usable, every mapped form given.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "clients/lib/register/register.h"
#include "lib/base/file.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge {
namespace {

std::filesystem::path Registers() {
  const char* folder = std::getenv("SLUIS_DEMO_REGISTERS");
  return folder == nullptr ? "/nowhere: run through ctest" : folder;
}

std::vector<std::filesystem::path> Mappings() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator("deploy/demo/mappings")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class DemoRegisters : public ::testing::Test {
 protected:
  absl::StatusOr<Register> Load(const std::string& name) {
    const auto text = ReadFile(std::filesystem::path("deploy/demo/mappings") / (name + ".txtpb"));
    if (!text.ok()) return text.status();
    auto mapping = ParseMapping(*text);
    if (!mapping.ok()) return mapping.status();
    return Register::Load(*std::move(mapping), Registers(), clock_);
  }

  // A member of the manifest's story, for example "subject_bsn": the text between its quotes.
  static Subject Cast(SubjectKind kind, const std::string& member) {
    const auto manifest = ReadFile(Registers() / "manifest.json");
    EXPECT_OK(manifest);
    const std::string key = "\"" + member + "\": \"";
    const std::size_t begin = manifest->find(key);
    EXPECT_NE(begin, std::string::npos) << member;
    const std::size_t value = begin + key.size();
    return *Subject::Create(kind, manifest->substr(value, manifest->find('"', value) - value));
  }

  absl::StatusOr<RowGroup> Group(const Register& reg, const Subject& subject, const std::string& regime,
                                 const std::string& category) {
    const auto groups = reg.Find(subject);
    if (!groups.ok()) return groups.status();
    for (const RowGroup& group : *groups) {
      if (group.labels == RowLabels{regime, category}) return group;
    }
    return Error(ErrorCode::kNotFound, "NO_GROUP", "no rows with these labels");
  }

  static std::string Text(const absl::StatusOr<FieldValue>& value) {
    EXPECT_OK(value);
    return value.ok() ? std::string(value->text.Reveal(SecretAccess::ForTest())) : "";
  }

  ManualClock clock_{*ParseRfc3339("2026-11-23T09:00:00+01:00")};
};

TEST_F(DemoRegisters, EveryRegisterLoadsWithoutARefusedRow) {
  ASSERT_EQ(Mappings().size(), 18u);
  std::uint64_t rows = 0;
  for (const auto& path : Mappings()) {
    const auto reg = Load(path.stem().string());
    ASSERT_OK(reg) << path;
    EXPECT_EQ(reg->name(), path.stem().string());
    EXPECT_EQ(reg->report().refused, 0u) << path;
    rows += reg->report().rows;
  }
  EXPECT_GE(rows, 20'000u);
}

// Reads every field in every form for a number of subjects of each kind; the only failures allowed are
// those that say that there is nothing, or that it is about somebody else.
TEST_F(DemoRegisters, EveryMappedFormCanBeGiven) {
  constexpr int kSubjects = 12;
  for (const auto& path : Mappings()) {
    ASSERT_OK_AND_ASSIGN(const Register reg, Load(path.stem().string()));
    std::map<std::string, bool> given;
    for (SubjectKind kind : {SubjectKind::kBsn, SubjectKind::kKvk, SubjectKind::kRsin,
                             SubjectKind::kKenteken, SubjectKind::kBag}) {
      std::vector<Subject> subjects;
      ASSERT_OK(reg.ForEachSubject(kind, [&](const Subject& subject) {
        if (subjects.size() < kSubjects) subjects.push_back(subject.Clone());
        return absl::OkStatus();
      }));
      for (const Subject& subject : subjects) {
        ASSERT_OK_AND_ASSIGN(const auto groups, reg.Find(subject));
        ASSERT_FALSE(groups.empty()) << path;
        for (const RowGroup& group : groups) {
          for (const std::string& field : reg.Fields()) {
            for (const std::string& form : reg.FormsOf(field)) {
              const auto value = reg.ValueOf(group, field, form);
              given[field + "/" + form] |= value.ok();
              const std::string reason = ReasonOf(value.status());
              EXPECT_TRUE(value.ok() || reason == "NO_VALUE" || reason == "OTHER_SUBJECT")
                  << path << " " << field << " " << form << ": " << value.status();
            }
          }
        }
      }
    }
    for (const auto& [what, ok] : given) EXPECT_TRUE(ok) << path << " never gives " << what;
  }
}

TEST_F(DemoRegisters, SupervisionTellsPublicOrderAsTheStoryDoes) {
  ASSERT_OK_AND_ASSIGN(const Register reg, Load("waterveen-toezicht"));
  const Subject subject = Cast(SubjectKind::kBsn, "subject_bsn");
  ASSERT_OK_AND_ASSIGN(const RowGroup group, Group(reg, subject, "avg", "bewoner"));
  ASSERT_OK_AND_ASSIGN(const FieldValue name, reg.ValueOf(group, "p-naam", "pseudonym"));
  ASSERT_EQ(name.subjects.size(), 1u);
  EXPECT_TRUE(name.subjects[0].Equals(subject));
  EXPECT_TRUE(Text(reg.ValueOf(group, "sig-locatie", "generalised")).starts_with("BU9901"));
  EXPECT_FALSE(Text(reg.ValueOf(group, "sig-feiten", "exact")).empty());
}

TEST_F(DemoRegisters, PermitsAnswerAboutABuilding) {
  ASSERT_OK_AND_ASSIGN(const Register reg, Load("waterveen-vergunningen"));
  const Subject premises = Cast(SubjectKind::kBag, "premises_bag");
  ASSERT_OK_AND_ASSIGN(const RowGroup group, Group(reg, premises, "avg", "pand"));
  EXPECT_FALSE(Text(reg.ValueOf(group, "vrg-soort-status", "exact")).empty());
  EXPECT_FALSE(Text(reg.ValueOf(group, "pand-gebruik", "exact")).empty());
  const std::string measure = Text(reg.ValueOf(group, "pand-maatregel", "generalised"));
  EXPECT_EQ(measure.substr(7, 2), ": ") << measure;
  EXPECT_THAT(reg.ValueOf(group, "p-naam", "exact"), testing::HasReason("OTHER_SUBJECT"));
}

TEST_F(DemoRegisters, PoliceAndProsecutionKnowOneRelationInCommon) {
  const Subject subject = Cast(SubjectKind::kBsn, "subject_bsn");
  const Subject both = Cast(SubjectKind::kBsn, "related_at_police_and_om");
  ASSERT_OK_AND_ASSIGN(const Register police, Load("politie-informatie"));
  ASSERT_OK_AND_ASSIGN(const Register prosecution, Load("om-parket"));
  ASSERT_OK_AND_ASSIGN(const RowGroup reports, Group(police, subject, "wpg-8", "verdachte"));
  ASSERT_OK_AND_ASSIGN(const RowGroup cases, Group(prosecution, subject, "wjsg-strafvorderlijk", "verdachte"));
  ASSERT_OK_AND_ASSIGN(const FieldValue here, police.ValueOf(reports, "net-relaties", "pseudonym"));
  ASSERT_OK_AND_ASSIGN(const FieldValue there, prosecution.ValueOf(cases, "net-relaties", "pseudonym"));
  int common = 0;
  for (const Subject& one : here.subjects) {
    for (const Subject& other : there.subjects) {
      if (one.Equals(other)) common += one.Equals(both) ? 1 : 100;
    }
  }
  EXPECT_EQ(common, 1);
  EXPECT_EQ(here.subjects.size(), 2u);
  EXPECT_EQ(there.subjects.size(), 2u);
  const std::string per_month = Text(police.ValueOf(reports, "ant-politiemelding", "generalised"));
  EXPECT_NE(per_month.find(": 1 "), std::string::npos) << per_month;
  EXPECT_EQ(per_month.find("-2026-"), std::string::npos);
}

TEST_F(DemoRegisters, TheOldSystemsNamesArriveInUtf8) {
  ASSERT_OK_AND_ASSIGN(const Register reg, Load("zilverland-burgerzaken"));
  bool accent = false;
  ASSERT_OK(reg.ForEachSubject(SubjectKind::kBsn, [&](const Subject& subject) {
    const auto groups = reg.Find(subject);
    if (!groups.ok()) return groups.status();
    const std::string name = Text(reg.ValueOf(groups->front(), "p-naam", "exact"));
    accent |= name.find("\xC3") != std::string::npos;
    return absl::OkStatus();
  }));
  EXPECT_TRUE(accent);
}

}  // namespace
}  // namespace sluis::edge
