// What is allowed in a pack but looks like a mistake. Checked exactly, over all requests.
#pragma once

#include <string>
#include <vector>

#include "policy/engine/pack.h"
#include "policy/engine/region.h"

namespace sluis::policy {

enum class Lint {
  kExpired,        // valid_until has passed
  kVacuous,        // no request there can be lies in its box
  kShadowed,       // a permit or emergency rule that prohibitions close whole
  kRedundant,      // permits of the same form and obligations, or prohibitions, cover it whole
  kOverridden,     // a permit or emergency rule whose form for some field never leaves
  kNeverFires,     // a condition that meets no permit and no emergency rule
  kGuard,          // a prohibition that meets no permit and no emergency rule: it guards the future
  kOverlap,        // two permits carry one request with different obligations
  kUnusedPurpose,  // a purpose that no permit or emergency rule names
  kUncovered,      // a rule that no case of the tests decides by
};

// `expired`, `vacuous`, ...
std::string_view LintName(Lint lint);
// Guards are told, all others are wrong.
bool IsMistake(Lint lint);

struct Finding {
  Lint lint = Lint::kExpired;
  std::string about;                // rule, or purpose
  std::vector<std::string> others;  // rules that make it so; for kOverridden the fields
};

struct Findings {
  std::vector<Finding> list;  // by `about`
  bool complete = true;       // false: the steps were used up
};

// `now` is for kExpired. kUncovered is not among them: it needs cases (policy/engine/cases.h).
Findings LintPack(const Pack& pack, absl::Time now, Steps& steps);

}  // namespace sluis::policy
