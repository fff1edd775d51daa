// Help: examples first, then what it does, then the options.
#pragma once

#include <string>
#include <string_view>

#include "clients/cli/frame/command.h"

namespace sluis::cli {

std::string GeneralHelp(const CommandList& commands, Language language);
std::string NounHelp(const CommandList& commands, std::string_view noun, Language language);
std::string CommandHelp(Command& command, Language language);

}  // namespace sluis::cli
