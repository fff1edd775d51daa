// The scripts are given to the shells themselves where these are installed; bash always is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/str_format.h"
#include "clients/cli/nouns.h"
#include "tests/clients/cli/world.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using testing::World;

std::string OutputOf(const std::string& program) {
  FILE* pipe = ::popen(program.c_str(), "r");
  std::string text;
  for (int c = 0; pipe != nullptr && (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  if (pipe != nullptr) ::pclose(pipe);
  return text;
}

// What bash offers after these words, the last of which is being typed.
std::string Offered(World& world, const std::string& words, int current) {
  world.Write("offer.sh", absl::StrFormat("source ./completion.bash\nCOMP_WORDS=(%s)\nCOMP_CWORD=%d\n_sluis\n"
                                          "printf '%%s ' \"${COMPREPLY[@]}\"\n", words, current));
  return OutputOf("bash --norc offer.sh 2>&1");
}

TEST(CompletionTest, BashOffersNounsVerbsOptionsAndChoices) {
  World world;
  world.Write("completion.bash", world.Type("sluis completion bash").out);
  EXPECT_EQ(Offered(world, "sluis arr", 1), "arrangement ");
  EXPECT_EQ(Offered(world, "sluis log check", 2), "check-receipt ");
  EXPECT_EQ(Offered(world, "sluis key generate --ty", 3), "--type ");
  EXPECT_EQ(Offered(world, "sluis key generate --type se", 4), "sealing ");
  EXPECT_EQ(Offered(world, "sluis log check-receipt --trust trust", 4), "trust.policy ");
  EXPECT_EQ(Offered(world, "sluis log check-receipt 1-RE", 3), "1-REQUEST.tlog-proof ");
  EXPECT_EQ(Offered(world, "sluis completion z", 2), "zsh ");
}

TEST(CompletionTest, FishKnowsEveryCommandAndOption) {
  World world;
  const std::string script = world.Type("sluis completion fish --lang en").out;
  for (const auto& command : AllCommands()) {
    EXPECT_THAT(script, HasSubstr("-a " + command->noun() + " "));
    if (!command->verb().empty()) {
      EXPECT_THAT(script, HasSubstr("-a " + command->verb() + " "));
    }
    Options options(command->key());
    command->Declare(options);
    for (const Option& option : options.all()) {
      if (option.positional()) continue;
      EXPECT_THAT(script, HasSubstr("-l " + option.name.substr(2)));
    }
  }
}

TEST(CompletionTest, ZshUsesTheSameList) {
  World world;
  const std::string zsh = world.Type("sluis completion zsh").out;
  EXPECT_TRUE(zsh.starts_with("#compdef sluis\n"));
  EXPECT_THAT(zsh, HasSubstr(world.Type("sluis completion bash").out));
}

TEST(CompletionTest, AnotherShellIsAUsageError) {
  World world;
  EXPECT_EQ(world.Type("sluis completion powershell").exit, ExitCode::kUsage);
  EXPECT_EQ(world.Type("sluis completion").exit, ExitCode::kUsage);
}

}  // namespace
}  // namespace sluis::cli
