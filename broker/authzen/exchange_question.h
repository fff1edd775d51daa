// An AuthZEN question as the exchange would be asked it (exports.md §5.3). Who asks is known from
// certificate and assertion; phase, facts, approvals and labels are never taken from a request.
#pragma once

#include <optional>
#include <string>

#include "broker/authzen/question.h"
#include "broker/exchange/caller.h"
#include "broker/exchange/commands.h"

namespace sluis::authzen {

inline constexpr char kFunctionary[] = "functionary";
inline constexpr char kCaseSignal[] = "case-signal";

struct ExchangeQuestion {
  exchange::CreateExchange ask;
  std::optional<std::string> phase;  // what the request says of it, only to be compared
  bool takes_obligations = true;     // the caller can carry out ours, or does not say
  std::optional<std::string> approval;  // id of the approval that the request brings
  bool subject_mismatch = false;     // the subject claims to be another than who calls
  Fault fault;                       // first thing that is outside our mapping
};

// Is it the provider that acts (rulebook §2.2)?
bool ProviderActsIn(std::string_view action);

ExchangeQuestion MapToExchange(const Question& question, const exchange::Caller& caller);

}  // namespace sluis::authzen
