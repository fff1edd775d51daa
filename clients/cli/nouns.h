// Every command there is. A noun is one file of its own that adds its verbs.
#pragma once

#include "clients/cli/frame/command.h"

namespace sluis::cli {

CommandList AllCommands();

void AddDeskCommand(CommandList& commands);
void AddPartyCommands(CommandList& commands);
void AddCaseCommands(CommandList& commands);
void AddAskCommands(CommandList& commands);
void AddExchangeCommands(CommandList& commands);
void AddAnswerCommand(CommandList& commands);
void AddInquiryCommands(CommandList& commands);
void AddSessionCommands(CommandList& commands);
void AddIndexCommands(CommandList& commands);
void AddPseudonymCommands(CommandList& commands);
void AddInboxCommands(CommandList& commands);
void AddAuditCommands(CommandList& commands);
void AddPolicyCommands(CommandList& commands);
void AddPolicyAnalysisCommands(CommandList& commands);
void AddPolicyQuestionCommands(CommandList& commands);
void AddPolicyDocsCommand(CommandList& commands);
void AddPolicySigningCommands(CommandList& commands);
void AddLogCommand(CommandList& commands);
void AddReceiptCommands(CommandList& commands);
void AddKeyCommands(CommandList& commands);
void AddDirectoryCommands(CommandList& commands);
void AddArrangementCommands(CommandList& commands);
void AddCompletionCommand(CommandList& commands);

}  // namespace sluis::cli
