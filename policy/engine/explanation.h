// Why a decision is what it is, in two layers out of one structure: for the employee in plain
// words, for the privacy officer with every rule that was looked at. Says nothing about data:
// whether there are any is not known to the engine.
#pragma once

#include <string>
#include <vector>

#include "policy/engine/decision.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy {

// One rule that names a field of the request, and where the request leaves it.
struct Consideration {
  std::string rule, field;
  bool in_force = true;
  // Dimensions and facts in which the request lies outside: `purpose`, `zaak-open`, ...; with none
  // of them, and in force, the rule matched.
  std::vector<std::string> outside;

  bool matched() const { return in_force && outside.empty(); }
};

// At most one sentence each; empty where there is nothing to say.
struct Explanation {
  Text outcome;                           // may it or not
  Text reason;                            // the one that decided
  Text fine;                              // what did not stand in the way
  Text todo;                              // what the employee can do now
  Text ask;                               // whom to ask
  std::vector<Consideration> considered;  // by rule, then by field
};

// `decision` must be the pack's decision on `request`. Never names another purpose or basis than
// the one asked with.
Explanation ExplainInFull(const Pack& pack, const EvaluationRequest& request,
                          const Decision& decision);

// The employee's layer as one text, empty sentences left out.
Text ForEmployee(const Explanation& explanation);

}  // namespace sluis::policy
