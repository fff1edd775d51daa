// From arguments to exit code: what is typed wrong, hostile or in the wrong place.
#include <gtest/gtest.h>

#include <set>

#include "clients/cli/frame/argument_guard.h"
#include "clients/cli/nouns.h"
#include "lib/base/json.h"
#include "tests/clients/cli/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using sluis::testing::HasReason;
using testing::Outcome;
using testing::World;

TEST(CommandLineTest, NothingTypedShowsTheHelpAsTalk) {
  World world;
  const Outcome outcome = world.Run({});
  EXPECT_EQ(outcome.exit, ExitCode::kUsage);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("Opdrachten:"));
}

TEST(CommandLineTest, HelpThatWasAskedForIsData) {
  World world;
  for (const char* line : {"sluis --help", "sluis log --help", "sluis log check-receipt --help",
                           "sluis log check-receipt -h", "sluis --lang nl log --help"}) {
    const Outcome outcome = world.Type(line);
    EXPECT_EQ(outcome.exit, ExitCode::kOk) << line;
    EXPECT_THAT(outcome.out, HasSubstr("Voorbeelden:")) << line;
    EXPECT_EQ(outcome.err, "") << line;
  }
}

TEST(CommandLineTest, WhatDoesNotExistIsAUsageErrorThatSaysWhatWasMeant) {
  World world;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"sluis lgo verify", "sluis log"},
      {"sluis log chek-receipt", "sluis log check-receipt"},
      {"sluis key generate --tipe signing --out x", "--type"},
      {"sluis key generate --type sining --out x", "signing"},
      {"sluis key genrate --help", "sluis key generate"},
      {"sluis log check-receipt a --trust b --outptu json", "--output"}};
  for (const auto& [line, meant] : cases) {
    const Outcome outcome = world.Type(line);
    EXPECT_EQ(outcome.exit, ExitCode::kUsage) << line;
    EXPECT_EQ(outcome.out, "") << line;
    EXPECT_THAT(outcome.err, HasSubstr("Bedoelde u: " + meant)) << line;
  }
}

TEST(CommandLineTest, AnErrorSaysWhatWhyWhatToDoAndCode) {
  World world;
  const Outcome dutch = world.Type("sluis key generate --type signing");
  EXPECT_EQ(dutch.err,
            "Fout: er ontbreekt een optie\n"
            "  Waarom: --out FILE ontbreekt\n"
            "  Doe dit: vul haar aan; --help achter de opdracht geeft een voorbeeld\n"
            "  Code: OPTION_MISSING\n");
  const Outcome english = world.Type("sluis --lang en key generate --type signing");
  EXPECT_EQ(english.err,
            "Error: an option is missing\n"
            "  Why: --out FILE is missing\n"
            "  Do this: add it; --help behind the command gives an example\n"
            "  Code: OPTION_MISSING\n");
}

TEST(CommandLineTest, TheLanguageComesFromOptionThenEnvironmentThenDutch) {
  World world;
  EXPECT_THAT(world.Type("sluis --help").out, HasSubstr("Opdrachten"));
  world.environment["SLUIS_LANG"] = "en";
  EXPECT_THAT(world.Type("sluis --help").out, HasSubstr("Commands"));
  EXPECT_THAT(world.Type("sluis --help --lang nl").out, HasSubstr("Opdrachten"));
  EXPECT_THAT(world.Type("sluis --help --lang=nl").out, HasSubstr("Opdrachten"));
  EXPECT_EQ(world.Type("sluis key generate --type signing --out k --lang fr").exit, ExitCode::kUsage);
}

TEST(CommandLineTest, ErrorsInJsonKeepTheirKeysInEveryLanguage) {
  World world;
  for (const char* language : {"nl", "en"}) {
    const Outcome outcome = world.Run({"log", "check-receipt", "none", "--trust", "none", "--output", "json",
                                       "--lang", language});
    EXPECT_EQ(outcome.exit, ExitCode::kNotFound);
    const Json error = Json::parse(outcome.err).at("error");
    EXPECT_EQ(error.at("code"), "FILE_NOT_FOUND");
    EXPECT_EQ(error.at("exit"), 5);
    for (const char* key : {"message", "what", "do", "violations", "metadata"}) {
      EXPECT_TRUE(error.contains(key)) << key;
    }
  }
}

TEST(CommandLineTest, ColourOnlyOnATerminalThatWantsIt) {
  World world;
  EXPECT_THAT(world.Type("sluis nothing").err, Not(HasSubstr("\x1b")));
  world.terminal = true;
  EXPECT_THAT(world.Type("sluis nothing").err, HasSubstr("\x1b[31m"));
  world.environment["NO_COLOR"] = "";
  EXPECT_THAT(world.Type("sluis nothing").err, HasSubstr("\x1b[31m")) << "empty does not count";
  world.environment["NO_COLOR"] = "1";
  EXPECT_THAT(world.Type("sluis nothing").err, Not(HasSubstr("\x1b")));
  world.environment.clear();
  world.environment["TERM"] = "dumb";
  EXPECT_THAT(world.Type("sluis nothing").err, Not(HasSubstr("\x1b")));
}

TEST(CommandLineTest, ACitizenServiceNumberIsRefusedAndNotRepeated) {
  World world;
  for (const std::string number : {"999990019", "999.990.019", "9999-90-019", "999 990 019"}) {
    for (const std::string form : {"", "--subject=", "subject/", "bsn:"}) {
      const Outcome outcome = world.Run({"key", "generate", form + number});
      EXPECT_EQ(outcome.exit, ExitCode::kUsage) << form << number;
      EXPECT_THAT(outcome.err, HasSubstr("IDENTIFIER_ON_COMMAND_LINE")) << form << number;
      EXPECT_THAT(outcome.err, Not(HasSubstr(number))) << form << number;
    }
  }
}

TEST(CommandLineTest, OtherNumbersMayBeTyped) {
  for (const std::string argument :
       {"00000099100000001000/gemeente/oov", "2026-11-24", "2026-11-24T09:00:00Z", "12345678",
        "999990018", "cases/a999990019b0000000000000000000ff", "127.0.0.1:8443",
        "0000000000000000000000000000000000000000000000000000000999990019"}) {
    EXPECT_OK(CheckArguments({argument})) << argument;
  }
  EXPECT_THAT(CheckArguments({"--case", "999990019"}), HasReason("IDENTIFIER_ON_COMMAND_LINE"));
}

TEST(CommandLineTest, HostileArgumentsAreErrorsAndNeverReachTheTerminalAsTheyAre) {
  World world;
  world.terminal = true;
  world.environment["NO_COLOR"] = "1";
  const std::vector<std::vector<std::string>> lines = {
      {"\x1b[2J"}, {"log", "\x1b]0;title\x07"}, {"log", "show-receipt", "\x1b[31mred"},
      {""}, {"", ""}, {"log", ""}, {"--"}, {"-"}, {"--="}, {"=", "="}, {"--output"}, {"--output", ""},
      {"log", "show-receipt", std::string(100000, 'a')}, {"\xff\xfe"}, {"log", "show-receipt", "\xff"},
      {"key", "generate", "--type", "signing", "--type", "sealing", "--out", "k"},
      {"key", "generate", "--type=signing", "--out"}, {"key", "generate", "--out", "--type"},
      {"log", "show-receipt", "--", "--trust"}, {"--profile"}, {"--lang", "nl", "--lang"}};
  for (const auto& line : lines) {
    const Outcome outcome = world.Run(line);
    EXPECT_NE(outcome.exit, ExitCode::kOk);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, Not(HasSubstr("\x1b")));
    EXPECT_THAT(outcome.err, Not(HasSubstr("\x07")));
  }
}

// Prevents a key that nobody translated, and options that do not explain themselves.
TEST(CommandLineTest, EveryCommandAndOptionHasItsWords) {
  const CommandList commands = AllCommands();
  GlobalOptions global;
  Options everywhere("global");
  global.Declare(everywhere);
  for (const Option& option : everywhere.all()) EXPECT_TRUE(HasText(option.text_key)) << option.text_key;
  for (const auto& command : commands) {
    EXPECT_TRUE(HasText(command->noun())) << command->noun();
    EXPECT_TRUE(HasText(command->key())) << command->key();
    Options options(command->key());
    command->Declare(options);
    for (const Option& option : options.all()) EXPECT_TRUE(HasText(option.text_key)) << option.text_key;
  }
}

TEST(CommandLineTest, NoCommandTakesANameOfTheFrameForItself) {
  GlobalOptions global;
  Options everywhere("global");
  global.Declare(everywhere);
  std::set<std::string> taken{"--help"};
  for (const Option& option : everywhere.all()) taken.insert(option.name);
  for (const auto& command : AllCommands()) {
    Options options(command->key());
    command->Declare(options);
    for (const Option& option : options.all()) {
      EXPECT_FALSE(taken.contains(option.name)) << command->key() << " " << option.name;
    }
  }
}

}  // namespace
}  // namespace sluis::cli
