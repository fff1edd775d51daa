// Why, in plain words: Dutch at level B1 for the employee, and English.
#pragma once

#include "policy/engine/decision.h"
#include "policy/engine/pack.h"

namespace sluis::policy {

// Of a decision whose outcome, fields, approvals and deciding rules are filled. The words of the
// rules themselves come from the pack.
Text Explain(const Pack& pack, const Decision& decision);

}  // namespace sluis::policy
