// Every command there is. A noun is one file of its own that adds its verbs.
#pragma once

#include "clients/cli/frame/command.h"

namespace sluis::cli {

CommandList AllCommands();

void AddPolicyCommands(CommandList& commands);
void AddReceiptCommands(CommandList& commands);
void AddKeyCommands(CommandList& commands);
void AddDirectoryCommands(CommandList& commands);
void AddArrangementCommands(CommandList& commands);
void AddCompletionCommand(CommandList& commands);

}  // namespace sluis::cli
