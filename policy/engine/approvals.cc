#include "policy/engine/approvals.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace sluis::policy {
namespace {

using PersonsByRole = std::map<std::string, std::set<std::string>>;

PersonsByRole CountingApprovals(const ApprovalDemand& demand, const EvaluationRequest& request) {
  PersonsByRole persons;
  for (const Approval& approval : request.approvals) {
    if (std::find(demand.roles.begin(), demand.roles.end(), approval.role) == demand.roles.end())
      continue;
    if (approval.person == request.subject_id) continue;
    if (approval.time > request.time || request.time - approval.time > demand.max_age.length)
      continue;
    persons[approval.role].insert(approval.person);
  }
  return persons;
}

// One augmenting path of bipartite matching: gives `role` a person, moving others to another of
// theirs.
bool Assign(const std::string& role, const PersonsByRole& persons,
            std::map<std::string, std::string>& role_of, std::set<std::string>& tried) {
  for (const std::string& person : persons.at(role)) {
    if (!tried.insert(person).second) continue;
    const auto taken = role_of.find(person);
    if (taken == role_of.end() || Assign(std::string(taken->second), persons, role_of, tried)) {
      role_of[person] = role;
      return true;
    }
  }
  return false;
}

}  // namespace

bool IsMet(const ApprovalDemand& demand, const EvaluationRequest& request) {
  const PersonsByRole persons = CountingApprovals(demand, request);
  std::map<std::string, std::string> role_of;
  int roles_filled = 0;
  for (const auto& [role, unused] : persons) {
    std::set<std::string> tried;
    if (Assign(role, persons, role_of, tried)) ++roles_filled;
  }
  return roles_filled >= demand.count;
}

bool CanGive(const Pack& pack, std::string_view role, const Giver& giver) {
  const ApprovalRole* known = pack.FindApprovalRole(role);
  if (known == nullptr) return false;
  switch (known->given_by) {
    case GivenBy::kKinds:
      return std::find(known->kinds.begin(), known->kinds.end(), giver.kind) != known->kinds.end();
    case GivenBy::kCaseHolder:
      return giver.holds_case;
    case GivenBy::kSource:
      return giver.provides;
    case GivenBy::kRequester:
      return giver.asks;
  }
  return false;
}

bool CanGiveAll(const Pack& pack, const std::map<std::string, ApprovalNeed>& needs,
                const Giver& giver) {
  return std::all_of(needs.begin(), needs.end(), [&](const auto& line) {
    const ApprovalNeed& need = line.second;
    const auto givable =
        std::count_if(need.roles.begin(), need.roles.end(),
                      [&](const std::string& role) { return CanGive(pack, role, giver); });
    return givable >= need.k;
  });
}

}  // namespace sluis::policy
