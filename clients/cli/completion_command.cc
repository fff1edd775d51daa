// `sluis completion SHELL`.
#include "clients/cli/frame/completion.h"
#include "clients/cli/nouns.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

class Completion : public Command {
 public:
  Completion() : Command("completion", "") {}
  std::vector<Example> Examples() const override {
    return {{"sluis completion bash"}, {"sluis completion zsh"}, {"sluis completion fish"}};
  }
  void Declare(Options& options) override {
    options.Value("shell", "SHELL", &shell_).Required().OneOf({"bash", "zsh", "fish"});
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const std::string script,
                           CompletionScript(AllCommands(), shell_, context.output.language()));
    context.output.Raw(script);
    return ExitCode::kOk;
  }

 private:
  std::string shell_;
};

}  // namespace

void AddCompletionCommand(CommandList& commands) {
  commands.push_back(std::make_unique<Completion>());
}

}  // namespace sluis::cli
