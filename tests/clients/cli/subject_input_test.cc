#include "clients/cli/subject_input.h"

#include <gtest/gtest.h>

#include <sstream>

#include "lib/base/error.h"
#include "tests/support/status_matchers.h"

namespace sluis::cli {
namespace {

using sluis::testing::HasReason;

class SubjectInputTest : public ::testing::Test {
 protected:
  absl::StatusOr<Subject> Read(const std::string& typed, const std::string& kind) {
    std::istringstream in(typed);
    err_.str("");
    Surroundings surroundings{in, out_, err_, SystemClock(), {}, false, false, false, {}};
    Output output(surroundings, Format::kTable, Language::kDutch);
    Context context{surroundings, global_, output};
    SubjectOptions options;
    options.kind = kind;
    options.file = file_;
    return ReadSubjectInput(context, options);
  }

  GlobalOptions global_;
  std::string file_;
  std::ostringstream out_, err_;
};

TEST_F(SubjectInputTest, NumbersAsPeopleWriteThem) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"999990019", "bsn", "999990019"}, {"9999.90.019\n", "bsn", "999990019"},
      {" 999 990 019 ", "bsn", "999990019"}, {"ab-12-cd", "kenteken", "AB12CD"}, {"99123456", "kvk", "99123456"}};
  for (const char* file : {"", "-"}) {
    file_ = file;
    for (const auto& [typed, kind, value] : cases) {
      ASSERT_OK_AND_ASSIGN(const Subject subject, Read(typed, kind));
      EXPECT_EQ(subject.value(SecretAccess::ForTest()), value);
    }
  }
}

TEST_F(SubjectInputTest, AWrongNumberIsRefusedAndNeverRepeated) {
  for (const std::string typed : {"999990018", "99999001", "x", "", "9999900190", "1234567890123456789"}) {
    const auto subject = Read(typed, "bsn");
    ASSERT_FALSE(subject.ok()) << typed.size();
    if (typed.size() > 5) {
      EXPECT_EQ(MessageOf(subject.status()).find(typed), std::string::npos);
    }
  }
  EXPECT_THAT(Read("999990018", "bsn"), HasReason("E_BSN"));
}

TEST_F(SubjectInputTest, WhereNobodyCanBeAskedTheOptionIsNamed) {
  global_.no_input = true;
  const auto subject = Read("999990019", "bsn");
  EXPECT_THAT(subject, HasReason("NO_INPUT"));
  EXPECT_NE(MessageOf(subject.status()).find("--subject-file"), std::string::npos);
}

TEST_F(SubjectInputTest, TheEndOfInputIsNoAnswer) { EXPECT_FALSE(Read("", "kvk").ok()); }

}  // namespace
}  // namespace sluis::cli
