// Obligations of several rules become one set, the strictest of each (rulebook §2.10).
#pragma once

#include "policy/engine/decision.h"
#include "policy/engine/pack.h"
#include "policy/engine/rules.h"

namespace sluis::policy {

// The order in which rules are added makes no difference.
class ObligationMerge {
 public:
  // `pack` must outlive it.
  explicit ObligationMerge(const Pack& pack) : pack_(pack) {}

  void Add(const Obligations& obligations);
  void AddEmergency(const Emergency& rule);
  // Sets the obligations of the decision, and its emergency terms if an emergency rule was added.
  void WriteTo(Decision& decision) const;

 private:
  void AddOnward(const Obligations& obligations);

  const Pack& pack_;
  std::optional<Period> retention_, feedback_due_;
  std::string onward_, handling_;
  CodeSet onward_to_, notify_, marks_;
  std::optional<int> min_cell_;
  std::optional<Period> max_use_, review_within_;
  CodeSet review_roles_;
};

}  // namespace sluis::policy
