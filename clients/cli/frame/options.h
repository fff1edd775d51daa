// The options of one command, declared once: parsing, help and shell completion all read this list.
// CLI11 does the parsing and is seen in options.cc only.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"

namespace sluis::cli {

enum class Hint { kNone, kFile, kFolder };

struct Option {
  std::string name;   // `--pack`, or `file` for one without dashes
  std::string value;  // how the value is called in the help, `DIR`; empty for a switch
  std::string text_key;
  std::variant<bool*, std::string*, std::vector<std::string>*> target;
  bool required = false;
  Hint hint = Hint::kNone;
  std::vector<std::string> choices;

  bool positional() const { return !name.starts_with("--"); }
  Option& Required();
  Option& Is(Hint kind);
  Option& OneOf(std::vector<std::string> values);
};

// Targets must outlive it. Not thread-safe.
class Options {
 public:
  // Text keys become `<prefix>.<name without dashes>`.
  explicit Options(std::string prefix) : prefix_(std::move(prefix)) {}

  // The references stay valid while the list grows.
  Option& Switch(std::string name, bool* target);
  Option& Value(std::string name, std::string value, std::string* target);
  // May be given several times, each time with one value.
  Option& Values(std::string name, std::string value, std::vector<std::string>* target);

  // UNKNOWN_OPTION (with the nearest known one), OPTION_MISSING, OPTION_INVALID; each names the option
  // and never repeats a value.
  absl::Status Parse(const std::vector<std::string>& arguments);
  const std::deque<Option>& all() const { return all_; }
  // `--help` was among the arguments.
  static bool AsksHelp(const std::vector<std::string>& arguments);

 private:
  Option& Add(std::string name, std::string value, decltype(Option::target) target);
  absl::Status CheckChoices() const;
  absl::Status CheckRequired() const;
  std::string prefix_;
  std::deque<Option> all_;
};

}  // namespace sluis::cli
