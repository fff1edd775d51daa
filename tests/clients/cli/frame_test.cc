// Texts, tables, exit codes.
#include <gtest/gtest.h>

#include <set>

#include "clients/cli/frame/failure.h"
#include "clients/cli/frame/output.h"
#include "clients/cli/frame/table.h"
#include "clients/cli/frame/text.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"

namespace sluis::cli {
namespace {

std::set<char> Places(std::string_view text) {
  std::set<char> places;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '$') places.insert(text[i + 1]);
  }
  return places;
}

TEST(TextTest, EveryKeyOnceAndBothLanguagesAlike) {
  std::set<std::string_view> seen;
  for (const auto& part : Catalogue()) {
    for (const Entry& entry : part) {
      EXPECT_TRUE(seen.insert(entry.key).second) << entry.key << " stands here twice";
      EXPECT_FALSE(entry.dutch.empty() || entry.english.empty()) << entry.key;
      EXPECT_TRUE(IsValidUtf8(entry.dutch) && IsValidUtf8(entry.english)) << entry.key;
      EXPECT_EQ(Places(entry.dutch), Places(entry.english)) << entry.key;
    }
  }
  EXPECT_GT(seen.size(), 150U);
}

TEST(TextTest, EveryErrorSaysWhatToDo) {
  for (const auto& part : Catalogue()) {
    for (const Entry& entry : part) {
      const std::string key(entry.key);
      if (!key.starts_with("error.") || key.ends_with(".do") || key.ends_with(".why")) continue;
      EXPECT_TRUE(HasText(key + ".do")) << key;
    }
  }
}

TEST(TextTest, PlacesAreFilledAndMissingOnesLeftEmpty) {
  EXPECT_EQ(Text(Language::kEnglish, "talk.directory_verified", {"noord", "3"}),
            "Both officers signed directory noord, version 3.");
  EXPECT_EQ(Text(Language::kEnglish, "talk.directory_verified"), "Both officers signed directory , version .");
  EXPECT_EQ(Text(Language::kDutch, "no.such.key"), "no.such.key");
}

TEST(TableTest, ColumnsAreAsWideAsWhatATerminalShows) {
  Table table({"A", "B"});
  table.Add({"caf\xC3\xA9", "1"});
  table.Add({"e\xCC\x81", "2"});    // e and a combining accent
  table.Add({"\xE6\xBC\xA2", "3"});  // a wide character
  EXPECT_EQ(table.Format(false), "A     B\ncaf\xC3\xA9  1\ne\xCC\x81     2\n\xE6\xBC\xA2    3\n");
}

TEST(TableTest, NothingInACellSteersTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[31mb\nc\x7f"), "a?[31mb?c?");
  EXPECT_EQ(Printable("\xC2\x9B" "31m"), "?31m") << "CSI as C1";
  EXPECT_EQ(Printable("a\xE2\x80\xAE" "b"), "a?b") << "right-to-left override";
  EXPECT_EQ(Printable("a\xff" "b"), "a?b");
}

TEST(FailureTest, ExitCodesFollowReasonThenCode) {
  const std::vector<std::tuple<ErrorCode, std::string, ExitCode>> cases = {
      {ErrorCode::kInternal, "INCIDENT", ExitCode::kFault},
      {ErrorCode::kPrecondition, "EXCHANGE_CLOSED", ExitCode::kFault},
      {ErrorCode::kInvalid, "FIELD_INVALID", ExitCode::kUsage},
      {ErrorCode::kDenied, "RESOURCE_NOT_ACCESSIBLE", ExitCode::kDenied},
      {ErrorCode::kUnauthenticated, "ASSERTION_EXPIRED", ExitCode::kLogIn},
      {ErrorCode::kNotFound, "RESOURCE_NOT_FOUND", ExitCode::kNotFound},
      {ErrorCode::kDataLoss, "LOG_INCONSISTENT", ExitCode::kVerification},
      {ErrorCode::kInvalid, "E_SIGNATURE", ExitCode::kVerification},
      {ErrorCode::kInvalid, "DIRECTORY_NOT_SIGNED", ExitCode::kVerification},
      {ErrorCode::kPrecondition, "DIRECTORY_ROLLBACK", ExitCode::kVerification},
      {ErrorCode::kUnavailable, "STARTING", ExitCode::kUnreachable},
      {ErrorCode::kDeadline, "DEADLINE_TOO_SHORT", ExitCode::kUnreachable}};
  for (const auto& [code, reason, exit] : cases) {
    EXPECT_EQ(ExitCodeOf(Error(code, reason, "x")), exit) << reason;
  }
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
}

TEST(FailureTest, TheBrokersOwnDutchComesFirstAndTheTraceLast) {
  const absl::Status status = Error(ErrorCode::kDenied, "PARTNER_SUSPENDED", "this partner is suspended",
                                    {{"localizedNl", "Uw organisatie is geschorst."}, {"traceId", "abc"}});
  const std::string dutch = FailureText(status, Language::kDutch);
  EXPECT_TRUE(dutch.starts_with("Uw organisatie is geschorst.\n")) << dutch;
  EXPECT_TRUE(dutch.ends_with("abc\n")) << dutch;
  EXPECT_FALSE(FailureText(status, Language::kEnglish).starts_with("Uw")) << "English for the English";
}

TEST(FailureTest, AllViolationsAreNamed) {
  const absl::Status status = InvalidFields("FIELD_INVALID", {{"a", "must be x"}, {"b[2]", "must be y"}});
  const std::string text = FailureText(status, Language::kEnglish);
  EXPECT_NE(text.find("a: must be x; b[2]: must be y"), std::string::npos) << text;
}

TEST(OutputTest, CellsShowEveryKindOfValue) {
  EXPECT_EQ(CellText(Json::parse(R"(["a",1,true])"), Language::kDutch), "a, 1, ja");
  EXPECT_EQ(CellText(Json::parse(R"({"b":2,"a":"x"})"), Language::kEnglish), "a=x, b=2");
  EXPECT_EQ(CellText(nullptr, Language::kDutch), "");
}

}  // namespace
}  // namespace sluis::cli
