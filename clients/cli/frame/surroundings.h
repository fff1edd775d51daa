// What the command finds around it: streams, clock, environment, terminal. main.cc gives the real ones,
// tests their own, so that both run the same program.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>

#include "lib/base/clock.h"

namespace sluis::cli {

struct Surroundings {
  std::istream& in;
  std::ostream& out;  // data
  std::ostream& err;  // talk
  const Clock& clock;
  std::map<std::string, std::string> environment;  // those of kKnownVariables that are set
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  // Reads one line without showing it; nullopt at the end of input. Empty function: `in` is read.
  std::function<std::optional<std::string>()> read_hidden;
};

// The variables that the command looks at.
inline constexpr const char* kKnownVariables[] = {"NO_COLOR", "SLUIS_PROFILE", "SLUIS_LANG", "TERM"};

}  // namespace sluis::cli
