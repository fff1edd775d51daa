// Is a demand for approval met (rulebook §2.11)?
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "policy/engine/decision.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"
#include "policy/engine/rules.h"

namespace sluis::policy {

// True if `demand.count` different persons, none of them the requester, hold as many different
// roles of the list, by approvals given no later than the request's time and no longer before it
// than `max_age`.
bool IsMet(const ApprovalDemand& demand, const EvaluationRequest& request);

// What an organisation is in a request, as far as it says which roles its persons can give.
struct Giver {
  std::string_view kind;  // of partner
  bool holds_case = false;
  bool provides = false;
  bool asks = false;
};

// May persons of `giver` give this role (rulebook §3.10)? False for a role that the pack does not
// know.
bool CanGive(const Pack& pack, std::string_view role, const Giver& giver);

// Could `giver` alone meet every one of these?
bool CanGiveAll(const Pack& pack, const std::map<std::string, ApprovalNeed>& needs,
                const Giver& giver);

}  // namespace sluis::policy
