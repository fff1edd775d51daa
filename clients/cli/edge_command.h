// Commands that speak to the broker: they open the edge of the profile, run, and show what came of it.
#pragma once

#include <memory>
#include <string>

#include "clients/cli/frame/command.h"
#include "clients/lib/edge.h"

namespace sluis::cli {

class EdgeCommand : public Command {
 public:
  using Command::Command;
  // PROFILE_MISSING without --profile or SLUIS_PROFILE.
  absl::StatusOr<ExitCode> Run(Context& context) final;

 protected:
  virtual absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) = 0;
};

// `cases/<id>` or the id alone.
absl::StatusOr<CaseId> ParseCase(const std::string& text);

// Shows an exchange with its decision, hints at the next command, and gives the exit code: kDenied if the
// policy said no.
ExitCode ShowExchange(Context& context, edge::Edge& edge, const edge::wire::Exchange& exchange);
// {exchanges: [...], next_page_token}
void ShowExchanges(Context& context, const edge::wire::ListExchangesResponse& response);

// Whole number from 0; OPTION_INVALID.
absl::StatusOr<int> ParsePageSize(const std::string& text);

}  // namespace sluis::cli
