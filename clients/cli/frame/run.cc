#include "clients/cli/frame/run.h"

#include <exception>
#include <optional>

#include "absl/strings/str_format.h"
#include "clients/cli/frame/argument_guard.h"
#include "clients/cli/frame/failure.h"
#include "clients/cli/frame/help.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

// The words of the command line: those that choose the command, and the rest for its options.
struct Split {
  std::string noun, verb;
  std::vector<std::string> rest;
};

bool TakesValue(std::string_view argument) {
  return argument == "--profile" || argument == "--output" || argument == "--lang";
}

Split SplitArguments(const std::vector<std::string>& arguments, const CommandList& commands) {
  Split split;
  bool verb_may_follow = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument.starts_with("-")) {
      split.rest.push_back(argument);
      if (TakesValue(argument) && i + 1 < arguments.size()) split.rest.push_back(arguments[++i]);
    } else if (split.noun.empty()) {
      split.noun = argument;
      verb_may_follow = FindCommand(commands, argument, "") == nullptr;
    } else if (split.verb.empty() && verb_may_follow) {
      split.verb = argument;
    } else {
      split.rest.push_back(argument);
    }
    // Behind the verb every option is the command's: its values must not be taken for words of ours.
    if (!split.noun.empty() && (!split.verb.empty() || !verb_may_follow)) {
      split.rest.insert(split.rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                        arguments.end());
      break;
    }
  }
  return split;
}

// The value of `--name VALUE` or `--name=VALUE`, before anything is parsed: errors need it too.
std::string EarlyValue(const std::vector<std::string>& arguments, const std::string& name) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == name && i + 1 < arguments.size()) return arguments[i + 1];
    if (arguments[i].starts_with(name + "=")) return arguments[i].substr(name.size() + 1);
  }
  return "";
}

Language EarlyLanguage(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  std::string code = EarlyValue(arguments, "--lang");
  const auto variable = surroundings.environment.find("SLUIS_LANG");
  if (code.empty() && variable != surroundings.environment.end()) code = variable->second;
  return ParseLanguage(code).value_or(Language::kDutch);
}

absl::Status UnknownCommand(const CommandList& commands, const Split& split) {
  const bool known_noun = !VerbsOf(commands, split.noun).empty();
  const std::string& word = known_noun ? split.verb : split.noun;
  const auto candidates = known_noun ? VerbsOf(commands, split.noun) : NounsOf(commands);
  std::string nearest = Nearest(word, candidates);
  if (!nearest.empty()) nearest = known_noun ? absl::StrFormat("sluis %s %s", split.noun, nearest)
                                             : absl::StrFormat("sluis %s", nearest);
  const std::string about = known_noun ? split.noun + " " + split.verb : split.noun;
  return Error(ErrorCode::kInvalid, "UNKNOWN_COMMAND", absl::StrFormat("there is no command `%s`", about),
               {{"about", about}, {"nearest", nearest}});
}

class Runner {
 public:
  Runner(const CommandList& commands, Surroundings& surroundings, Output& output)
      : commands_(commands), surroundings_(surroundings), output_(output) {}

  absl::StatusOr<ExitCode> Run(const std::vector<std::string>& arguments) {
    SLUIS_RETURN_IF_ERROR(CheckArguments(arguments));
    const Split split = SplitArguments(arguments, commands_);
    if (Options::AsksHelp(arguments)) return Help(split);
    if (split.noun.empty() && HasProfile(split.rest)) return RunCommand(*Desk(), split.rest);
    Command* command = FindCommand(commands_, split.noun, split.verb);
    if (command == nullptr && split.verb.empty() && (split.noun.empty() || KnownNoun(split.noun))) {
      surroundings_.err << HelpText(split);
      return ExitCode::kUsage;
    }
    if (command == nullptr) return UnknownCommand(commands_, split);
    return RunCommand(*command, split.rest);
  }

 private:
  bool KnownNoun(std::string_view noun) const { return !VerbsOf(commands_, noun).empty(); }

  // Who says only who he is begins at his desk.
  bool HasProfile(const std::vector<std::string>& arguments) const {
    return Desk() != nullptr && (surroundings_.environment.contains("SLUIS_PROFILE") ||
                                 !EarlyValue(arguments, "--profile").empty());
  }
  Command* Desk() const { return FindCommand(commands_, "desk", ""); }

  std::string HelpText(const Split& split) {
    if (Command* command = FindCommand(commands_, split.noun, split.verb)) {
      return CommandHelp(*command, output_.language());
    }
    return split.noun.empty() ? GeneralHelp(commands_, output_.language())
                              : NounHelp(commands_, split.noun, output_.language());
  }

  absl::StatusOr<ExitCode> Help(const Split& split) {
    const bool known = split.noun.empty() || (KnownNoun(split.noun) && split.verb.empty()) ||
                       FindCommand(commands_, split.noun, split.verb) != nullptr;
    if (!known) return UnknownCommand(commands_, split);
    output_.Raw(HelpText(split));
    return ExitCode::kOk;
  }

  absl::StatusOr<ExitCode> RunCommand(Command& command, const std::vector<std::string>& arguments) {
    GlobalOptions global;
    Options options(command.key());
    command.Declare(options);
    global.Declare(options);
    SLUIS_RETURN_IF_ERROR(options.Parse(arguments));
    if (global.profile.empty()) {
      const auto variable = surroundings_.environment.find("SLUIS_PROFILE");
      if (variable != surroundings_.environment.end()) global.profile = variable->second;
    }
    Context context{surroundings_, global, output_};
    return command.Run(context);
  }

  const CommandList& commands_;
  Surroundings& surroundings_;
  Output& output_;
};

}  // namespace

ExitCode RunCommandLine(const CommandList& commands, const std::vector<std::string>& arguments,
                        Surroundings& surroundings) {
  const Format format = EarlyValue(arguments, "--output") == "json" ? Format::kJson : Format::kTable;
  Output output(surroundings, format, EarlyLanguage(arguments, surroundings));
  absl::StatusOr<ExitCode> result = ExitCode::kFault;
  try {
    result = Runner(commands, surroundings, output).Run(arguments);
  } catch (const std::exception&) {
    // What a library threw may hold data of the person; it is not repeated.
    result = Error(ErrorCode::kInternal, "INCIDENT", "a part of the program failed");
  }
  if (result.ok()) return *result;
  output.Fail(result.status());
  return ExitCodeOf(result.status());
}

}  // namespace sluis::cli
