// Every example of the help runs, in both languages, and what it prints is kept as a file: a change in any
// word or key shows in review. SLUIS_UPDATE_GOLDEN=1 writes the files anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

#include "absl/strings/str_format.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/frame/help.h"
#include "clients/cli/nouns.h"
#include "lib/base/file.h"
#include "tests/clients/cli/world.h"

namespace sluis::cli {
namespace {

using testing::Outcome;
using testing::World;

// Fresh keys differ with every run; everything else must not.
std::string WithoutKeys(std::string text) {
  text = std::regex_replace(text, std::regex("-----BEGIN[^-]*-----[^-]*-----END[^-]*-----"), "<pem>");
  text = std::regex_replace(text, std::regex("\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]{44}"), "+<vkey>");
  text = std::regex_replace(text, std::regex("[A-Za-z0-9+/]{43}="), "<32 bytes>");
  return std::regex_replace(text, std::regex("[0-9a-f]{64}"), "<digest>");
}

std::string Transcript(Command& command, const std::string& language) {
  std::string text;
  for (const Example& example : command.Examples()) {
    World world;
    const Outcome outcome = world.Type(example.line + " --lang " + language);
    EXPECT_EQ(outcome.exit, example.exit) << example.line << "\n" << outcome.err;
    text += absl::StrFormat("$ %s\n%s--- stderr\n%s--- exit %d\n\n", example.line, outcome.out, outcome.err,
                            static_cast<int>(outcome.exit));
  }
  return command.noun() == "key" ? WithoutKeys(text) : text;
}

void ExpectGolden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::current_path() / "tests/clients/cli/golden" / name;
  if (std::getenv("SLUIS_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    ASSERT_TRUE(WriteFileAtomic(file, text, 0644).ok());
    return;
  }
  const auto kept = ReadFile(file);
  ASSERT_TRUE(kept.ok()) << name << ": run once with SLUIS_UPDATE_GOLDEN=1 and look at what it wrote";
  EXPECT_EQ(text, *kept) << name;
}

bool NeedsBroker(const Command& command) { return dynamic_cast<const EdgeCommand*>(&command) != nullptr; }

// Their examples run against a real broker in the tests of the whole; here every one gets as far as the
// profile, so that no example names an option that is not there.
TEST(ExamplesTest, WithoutAProfileAnOnlineExampleStopsAtTheProfile) {
  World world;
  int seen = 0;
  for (const auto& command : AllCommands()) {
    if (!NeedsBroker(*command)) continue;
    ASSERT_FALSE(command->Examples().empty()) << command->key();
    for (const Example& example : command->Examples()) {
      const Outcome outcome = world.Type(example.line + " --lang en");
      EXPECT_EQ(outcome.exit, ExitCode::kUsage) << example.line;
      EXPECT_NE(outcome.err.find("PROFILE_MISSING"), std::string::npos) << example.line << outcome.err;
      ++seen;
    }
  }
  EXPECT_GT(seen, 25);
}

TEST(ExamplesTest, EveryCommandHasExamplesThatRun) {
  const CommandList commands = AllCommands();
  for (const auto& command : commands) {
    ASSERT_FALSE(command->Examples().empty()) << command->key();
    if (NeedsBroker(*command)) continue;
    if (command->noun() == "completion") continue;  // completion_test runs the scripts in their shells
    for (const std::string language : {"nl", "en"}) {
      const std::string transcript = Transcript(*command, language);
      // What the pack says changes with the law, not with this command.
      if (command->noun() == "policy") continue;
      ExpectGolden(absl::StrFormat("%s.%s.txt", command->key(), language), transcript);
    }
  }
}

TEST(ExamplesTest, HelpStartsWithTheExamples) {
  const CommandList commands = AllCommands();
  for (const auto& command : commands) {
    for (const auto& [language, code] : {std::pair{Language::kDutch, "nl"}, {Language::kEnglish, "en"}}) {
      const std::string help = CommandHelp(*command, language);
      EXPECT_LT(help.find(command->Examples().front().line), help.find("--profile")) << command->key();
      ExpectGolden(absl::StrFormat("help.%s.%s.txt", command->key(), code), help);
    }
  }
}

}  // namespace
}  // namespace sluis::cli
