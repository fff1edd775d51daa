#include "clients/cli/frame/help.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/frame/table.h"

namespace sluis::cli {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string Indented(const Lines& lines) {
  std::size_t width = 0;
  for (const auto& line : lines) width = std::max(width, DisplayWidth(line.first));
  std::string text;
  for (const auto& [left, right] : lines) {
    text += absl::StrFormat("  %s%s%s\n", left, std::string(width + 2 - DisplayWidth(left), ' '), right);
  }
  return text;
}

std::string Label(const Option& option) {
  if (option.positional()) return option.value;
  return option.value.empty() ? option.name : absl::StrFormat("%s %s", option.name, option.value);
}

std::string Explanation(const Option& option, Language language) {
  std::string text = Text(language, option.text_key);
  if (!option.choices.empty()) text += absl::StrFormat(" (%s)", absl::StrJoin(option.choices, "|"));
  if (option.required) text += absl::StrFormat(" [%s]", Text(language, "frame.required"));
  return text;
}

std::string OptionLines(const Options& options, Language language) {
  Lines lines;
  for (const Option& option : options.all()) {
    lines.emplace_back(Label(option), Explanation(option, language));
  }
  return Indented(lines);
}

std::string GlobalLines(Language language) {
  GlobalOptions global;
  Options options("global");
  global.Declare(options);
  return absl::StrFormat("%s:\n%s", Text(language, "frame.everywhere"), OptionLines(options, language));
}

std::string ExampleLines(const std::vector<Example>& examples, Language language) {
  std::string text = absl::StrFormat("%s:\n", Text(language, "frame.examples"));
  for (const Example& example : examples) text += absl::StrFormat("  %s\n", example.line);
  return text;
}

std::string Usage(const Command& command, const Options& options) {
  std::string usage = "sluis " + command.noun();
  if (!command.verb().empty()) usage += " " + command.verb();
  for (const Option& option : options.all()) {
    if (option.required) usage += " " + Label(option);
  }
  return usage;
}

}  // namespace

std::string GeneralHelp(const CommandList& commands, Language language) {
  Lines lines;
  for (const std::string& noun : NounsOf(commands)) {
    lines.emplace_back(noun, Text(language, noun));
  }
  return absl::StrFormat("%s\n\n%s:\n  sluis key --help\n  sluis log check-receipt --help\n\n%s:\n%s\n%s",
                         Text(language, "frame.about"), Text(language, "frame.examples"),
                         Text(language, "frame.commands"), Indented(lines), GlobalLines(language));
}

std::string NounHelp(const CommandList& commands, std::string_view noun, Language language) {
  std::vector<Example> examples;
  Lines lines;
  for (const auto& command : commands) {
    if (command->noun() != noun) continue;
    if (const auto its = command->Examples(); !its.empty()) examples.push_back(its.front());
    lines.emplace_back(command->verb(), Text(language, command->key()));
  }
  return absl::StrFormat("%s\n%s:\n%s\n%s", ExampleLines(examples, language),
                         Text(language, "frame.commands"), Indented(lines), GlobalLines(language));
}

std::string CommandHelp(Command& command, Language language) {
  Options options(command.key());
  command.Declare(options);
  std::string text = ExampleLines(command.Examples(), language);
  text += absl::StrFormat("\n%s\n\n%s: %s\n", Text(language, command.key()),
                          Text(language, "frame.usage"), Usage(command, options));
  if (!options.all().empty()) {
    text += absl::StrFormat("\n%s:\n%s", Text(language, "frame.options"), OptionLines(options, language));
  }
  return text + "\n" + GlobalLines(language);
}

}  // namespace sluis::cli
