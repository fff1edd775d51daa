#include "clients/cli/frame/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

void Declare(CLI::App& app, Option& option) {
  if (auto* flag = std::get_if<bool*>(&option.target)) {
    app.add_flag(option.name, **flag);
  } else if (auto* text = std::get_if<std::string*>(&option.target)) {
    app.add_option(option.name, **text);
  } else {
    auto* added = app.add_option(option.name, *std::get<std::vector<std::string>*>(option.target));
    if (!option.positional()) added->take_all()->expected(1)->allow_extra_args(false);
  }
}

std::vector<std::string> ValuesOf(const Option& option) {
  if (const auto* text = std::get_if<std::string*>(&option.target)) {
    return (*text)->empty() ? std::vector<std::string>{} : std::vector<std::string>{**text};
  }
  if (const auto* list = std::get_if<std::vector<std::string>*>(&option.target)) return **list;
  return {};
}

// The value behind `=` may be anything and is not repeated.
std::string OptionName(std::string_view argument) {
  return std::string(argument.substr(0, argument.find('=')));
}

absl::Status UnknownOption(const CLI::App& app, const std::deque<Option>& known) {
  for (const std::string& extra : app.remaining()) {
    if (!extra.starts_with("-")) continue;
    std::vector<std::string> names{"--help"};
    for (const Option& option : known) names.push_back(option.name);
    const std::string nearest = Nearest(OptionName(extra), names);
    const std::string hint = nearest.empty() ? "" : absl::StrFormat("; did you mean %s?", nearest);
    return Error(ErrorCode::kInvalid, "UNKNOWN_OPTION",
                 absl::StrFormat("there is no option %s%s", OptionName(extra), hint),
                 {{"about", OptionName(extra)}, {"nearest", nearest}});
  }
  const std::string about = absl::StrFormat("%d argument(s)", static_cast<int>(app.remaining_size()));
  return Error(ErrorCode::kInvalid, "UNKNOWN_OPTION", about + " too many", {{"about", about}});
}

}  // namespace

Option& Option::Required() {
  required = true;
  return *this;
}

Option& Option::Is(Hint kind) {
  hint = kind;
  return *this;
}

Option& Option::OneOf(std::vector<std::string> values) {
  choices = std::move(values);
  return *this;
}

Option& Options::Switch(std::string name, bool* target) { return Add(std::move(name), "", target); }

Option& Options::Value(std::string name, std::string value, std::string* target) {
  return Add(std::move(name), std::move(value), target);
}

Option& Options::Values(std::string name, std::string value, std::vector<std::string>* target) {
  return Add(std::move(name), std::move(value), target);
}

Option& Options::Add(std::string name, std::string value, decltype(Option::target) target) {
  const std::string bare = name.substr(name.find_first_not_of('-'));
  Option option;
  option.text_key = absl::StrFormat("%s.%s", prefix_, bare);
  option.name = std::move(name);
  option.value = std::move(value);
  option.target = target;
  all_.push_back(std::move(option));
  return all_.back();
}

absl::Status Options::Parse(const std::vector<std::string>& arguments) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (Option& option : all_) Declare(app, option);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    const std::string what = error.what();
    return Error(ErrorCode::kInvalid, "OPTION_INVALID",
                 absl::StrFormat("%s needs exactly one value", what.substr(0, what.find_first_of(":= "))));
  }
  if (app.remaining_size() > 0) return UnknownOption(app, all_);
  SLUIS_RETURN_IF_ERROR(CheckRequired());
  return CheckChoices();
}

absl::Status Options::CheckRequired() const {
  for (const Option& option : all_) {
    if (option.required && ValuesOf(option).empty()) {
      return Error(ErrorCode::kInvalid, "OPTION_MISSING",
                   absl::StrFormat("%s %s is missing", option.name, option.value),
                   {{"about", option.name + " " + option.value}});
    }
  }
  return absl::OkStatus();
}

absl::Status Options::CheckChoices() const {
  for (const Option& option : all_) {
    for (const std::string& value : ValuesOf(option)) {
      if (option.choices.empty() || std::ranges::find(option.choices, value) != option.choices.end()) {
        continue;
      }
      return Error(ErrorCode::kInvalid, "OPTION_INVALID",
                   absl::StrFormat("%s must be one of: %s", option.name,
                                   absl::StrJoin(option.choices, ", ")),
                   {{"about", option.name}, {"nearest", Nearest(value, option.choices)}});
    }
  }
  return absl::OkStatus();
}

bool Options::AsksHelp(const std::vector<std::string>& arguments) {
  return std::ranges::any_of(arguments, [](const std::string& argument) {
    return argument == "--help" || argument == "-h";
  });
}

}  // namespace sluis::cli
