#include "clients/cli/frame/completion.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "lib/base/error.h"

namespace sluis::cli {
namespace {

std::vector<Option> OptionsOf(Command& command) {
  GlobalOptions global;
  Options own(command.key()), everywhere("global");
  command.Declare(own);
  global.Declare(everywhere);
  std::vector<Option> all(own.all().begin(), own.all().end());
  all.insert(all.end(), everywhere.all().begin(), everywhere.all().end());
  std::erase_if(all, [](const Option& option) { return option.positional(); });
  return all;
}

std::string Names(const std::vector<Option>& options) {
  return absl::StrJoin(options, " ", [](std::string* out, const Option& option) { *out += option.name; });
}

// What may stand behind the command: its options, and the choices of an argument without dashes.
std::string WordsBehind(Command& command) {
  Options options(command.key());
  command.Declare(options);
  std::string words;
  for (const Option& option : options.all()) {
    if (option.positional() && !option.choices.empty()) words += absl::StrJoin(option.choices, " ") + " ";
  }
  return words + Names(OptionsOf(command));
}

// Single quotes of a POSIX shell.
std::string Quoted(std::string_view text) {
  return absl::StrFormat("'%s'", absl::StrReplaceAll(std::string(text), {{"'", "'\\''"}}));
}

std::string BashValues(const Option& option) {
  if (!option.choices.empty()) {
    return absl::StrFormat("compgen -W '%s' -- \"$word\"", absl::StrJoin(option.choices, " "));
  }
  return option.hint == Hint::kFolder ? "compgen -d -- \"$word\"" : "compgen -f -- \"$word\"";
}

std::string Bash(const CommandList& commands) {
  std::string values, words;
  for (const std::string& noun : NounsOf(commands)) {
    if (FindCommand(commands, noun, "") != nullptr) continue;
    words += absl::StrFormat("    '%s ') words='%s' ;;\n", noun, absl::StrJoin(VerbsOf(commands, noun), " "));
  }
  for (const auto& command : commands) {
    words += absl::StrFormat("    '%s %s') words='%s' ;;\n", command->noun(), command->verb(),
                             WordsBehind(*command));
    for (const Option& option : OptionsOf(*command)) {
      if (option.value.empty()) continue;
      values += absl::StrFormat("    '%s %s %s') COMPREPLY=($(%s)); return ;;\n", command->noun(),
                                command->verb(), option.name, BashValues(option));
    }
  }
  return absl::StrFormat(
      "_sluis() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  local noun=\"${COMP_WORDS[1]}\" verb=\"${COMP_WORDS[2]}\" words='%s'\n"
      "  ((COMP_CWORD > 2)) || verb=''\n"
      "  case \"$noun $verb $before\" in\n%s  esac\n"
      "  ((COMP_CWORD < 2)) || case \"$noun $verb\" in\n%s  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "  [[ ${#COMPREPLY[@]} -gt 0 || $word == -* ]] || COMPREPLY=($(compgen -f -- \"$word\"))\n"
      "}\ncomplete -o filenames -F _sluis sluis\n",
      absl::StrJoin(NounsOf(commands), " "), values, words);
}

std::string Zsh(const CommandList& commands) {
  return "#compdef sluis\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(commands);
}

std::string FishLine(const Command& command, const Option& option, Language language) {
  std::string line = absl::StrFormat(
      "complete -c sluis -n '__fish_seen_subcommand_from %s; and __fish_seen_subcommand_from %s' -l %s",
      command.noun(), command.verb().empty() ? command.noun() : command.verb(), option.name.substr(2));
  if (!option.value.empty()) line += " -r";
  if (!option.choices.empty()) line += absl::StrFormat(" -f -a '%s'", absl::StrJoin(option.choices, " "));
  return line + absl::StrFormat(" -d %s\n", Quoted(Text(language, option.text_key)));
}

std::string Fish(const CommandList& commands, Language language) {
  std::string text;
  for (const std::string& noun : NounsOf(commands)) {
    text += absl::StrFormat("complete -c sluis -f -n '__fish_use_subcommand' -a %s -d %s\n", noun,
                            Quoted(Text(language, noun)));
  }
  for (const auto& command : commands) {
    if (!command->verb().empty()) {
      text += absl::StrFormat(
          "complete -c sluis -f -n '__fish_seen_subcommand_from %s; and not __fish_seen_subcommand_from %s'"
          " -a %s -d %s\n",
          command->noun(), absl::StrJoin(VerbsOf(commands, command->noun()), " "), command->verb(),
          Quoted(Text(language, command->key())));
    }
    for (const Option& option : OptionsOf(*command)) text += FishLine(*command, option, language);
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> CompletionScript(const CommandList& commands, std::string_view shell,
                                             Language language) {
  if (shell == "bash") return Bash(commands);
  if (shell == "zsh") return Zsh(commands);
  if (shell == "fish") return Fish(commands, language);
  return InvalidField("OPTION_INVALID", "SHELL", "must be bash, zsh or fish");
}

}  // namespace sluis::cli
