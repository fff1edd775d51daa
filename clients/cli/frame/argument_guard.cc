#include "clients/cli/frame/argument_guard.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "lib/base/error.h"
#include "lib/base/ids.h"

namespace sluis::cli {
namespace {

bool IsHexId(std::string_view word) {
  return (word.size() == 32 || word.size() == 64) && std::ranges::all_of(word, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// The argument with its hex ids left out.
std::string WithoutIds(std::string_view argument) {
  std::string kept;
  for (std::size_t at = 0; at < argument.size();) {
    std::size_t end = at;
    while (end < argument.size() && absl::ascii_isalnum(static_cast<unsigned char>(argument[end]))) ++end;
    if (!IsHexId(argument.substr(at, end - at))) kept += argument.substr(at, end - at);
    if (end < argument.size()) kept += argument[end];
    at = end + 1;
  }
  return kept;
}

// 999.99.0019 and 9999 90 019 are numbers too; dates (2026-11-24) are not long enough to be one.
std::string WithoutSeparators(std::string_view argument) {
  std::string joined;
  for (const char c : argument) {
    if (c != '.' && c != ' ' && c != '-') joined += c;
  }
  return joined;
}

}  // namespace

absl::Status CheckArguments(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    const std::string text = WithoutIds(argument);
    if (!ContainsBsnLikeRun(text) && !ContainsBsnLikeRun(WithoutSeparators(text))) continue;
    return Error(ErrorCode::kInvalid, "IDENTIFIER_ON_COMMAND_LINE",
                 "an argument looks like a citizen service number; others on this machine can read it");
  }
  return absl::OkStatus();
}

}  // namespace sluis::cli
