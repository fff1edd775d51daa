#include "clients/cli/frame/command.h"

#include <algorithm>

namespace sluis::cli {

void GlobalOptions::Declare(Options& options) {
  options.Value("--profile", "DIR", &profile).Is(Hint::kFolder);
  options.Value("--output", "FORMAT", &output).OneOf({"table", "json"});
  options.Value("--lang", "LANG", &language).OneOf({"nl", "en"});
  options.Switch("--no-input", &no_input);
  options.Switch("--explain", &explain);
}

std::vector<std::string> NounsOf(const CommandList& commands) {
  std::vector<std::string> nouns;
  for (const auto& command : commands) {
    if (std::ranges::find(nouns, command->noun()) == nouns.end()) nouns.push_back(command->noun());
  }
  return nouns;
}

std::vector<std::string> VerbsOf(const CommandList& commands, std::string_view noun) {
  std::vector<std::string> verbs;
  for (const auto& command : commands) {
    if (command->noun() == noun) verbs.push_back(command->verb());
  }
  return verbs;
}

Command* FindCommand(const CommandList& commands, std::string_view noun, std::string_view verb) {
  for (const auto& command : commands) {
    if (command->noun() == noun && command->verb() == verb) return command.get();
  }
  return nullptr;
}

}  // namespace sluis::cli
