// Completion scripts, made from the command list itself, so that they never lag behind it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "clients/cli/frame/command.h"

namespace sluis::cli {

// `shell`: bash, zsh or fish; INVALID_ARGUMENT otherwise. To be sourced by that shell.
absl::StatusOr<std::string> CompletionScript(const CommandList& commands, std::string_view shell,
                                             Language language);

}  // namespace sluis::cli
