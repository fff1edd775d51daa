// From arguments to exit code: the guard, the language, the command, its options, its errors.
#pragma once

#include <string>
#include <vector>

#include "clients/cli/frame/command.h"
#include "clients/cli/frame/exit_code.h"
#include "clients/cli/frame/surroundings.h"

namespace sluis::cli {

// `arguments` without the name of the program. Nothing thrown leaves it.
ExitCode RunCommandLine(const CommandList& commands, const std::vector<std::string>& arguments,
                        Surroundings& surroundings);

}  // namespace sluis::cli
