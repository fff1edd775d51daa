#include "clients/cli/nouns.h"

namespace sluis::cli {

CommandList AllCommands() {
  CommandList commands;
  AddPolicyCommands(commands);
  AddReceiptCommands(commands);
  AddArrangementCommands(commands);
  AddDirectoryCommands(commands);
  AddKeyCommands(commands);
  AddCompletionCommand(commands);
  return commands;
}

}  // namespace sluis::cli
