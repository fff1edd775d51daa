#include "clients/cli/nouns.h"

namespace sluis::cli {

CommandList AllCommands() {
  CommandList commands;
  AddDeskCommand(commands);
  AddPartyCommands(commands);
  AddCaseCommands(commands);
  AddAskCommands(commands);
  AddExchangeCommands(commands);
  AddInboxCommands(commands);
  AddSessionCommands(commands);
  AddIndexCommands(commands);
  AddPseudonymCommands(commands);
  AddAuditCommands(commands);
  AddPolicyCommands(commands);
  AddPolicyAnalysisCommands(commands);
  AddPolicyQuestionCommands(commands);
  AddPolicyDocsCommand(commands);
  AddPolicySigningCommands(commands);
  AddLogCommand(commands);
  AddReceiptCommands(commands);
  AddArrangementCommands(commands);
  AddDirectoryCommands(commands);
  AddKeyCommands(commands);
  AddCompletionCommand(commands);
  return commands;
}

}  // namespace sluis::cli
