#include "policy/engine/pack.h"

#include <algorithm>
#include <utility>

namespace sluis::policy {
namespace {

template <typename T>
const T* FindById(const std::vector<T>& list, std::string_view id) {
  const auto found =
      std::find_if(list.begin(), list.end(), [id](const T& item) { return item.id == id; });
  return found == list.end() ? nullptr : &*found;
}

template <typename T>
int RankOf(const std::vector<T>& list, std::string_view id) {
  const T* found = FindById(list, id);
  return found == nullptr ? -1 : static_cast<int>(found - list.data());
}

template <typename T>
std::vector<std::string> IdsOf(const std::vector<T>& list) {
  std::vector<std::string> ids;
  for (const T& item : list) ids.push_back(item.id);
  return ids;
}

template <typename T>
void IndexRules(const std::vector<T>& rules,
                std::map<std::string, const Rule*, std::less<>>& index) {
  for (const T& rule : rules) index.emplace(rule.id, &rule);
}

}  // namespace

Pack::Pack(std::string bundle, std::string version, Vocabulary vocabulary, Rules rules)
    : bundle_(std::move(bundle)),
      version_(std::move(version)),
      vocabulary_(std::move(vocabulary)),
      rules_(std::move(rules)) {
  IndexRules(rules_.permits, rule_by_id_);
  IndexRules(rules_.prohibitions, rule_by_id_);
  IndexRules(rules_.conditions, rule_by_id_);
  IndexRules(rules_.emergencies, rule_by_id_);
  IndexRules(rules_.invariants, rule_by_id_);
}

bool Pack::IsAction(std::string_view id) const {
  return FindById(vocabulary_.actions, id) != nullptr;
}
bool Pack::IsPurposeLeaf(std::string_view id) const {
  return FindById(vocabulary_.purposes, id) != nullptr;
}
bool Pack::IsBasis(std::string_view id) const { return FindBasis(id) != nullptr; }
bool Pack::IsUnit(std::string_view id) const {
  return std::find(vocabulary_.units.begin(), vocabulary_.units.end(), id) !=
         vocabulary_.units.end();
}
bool Pack::IsRegime(std::string_view id) const {
  return FindById(vocabulary_.regimes, id) != nullptr;
}
bool Pack::IsSubjectCategory(std::string_view id) const {
  return FindById(vocabulary_.subject_categories, id) != nullptr;
}
bool Pack::IsCasePhase(std::string_view id) const {
  return FindById(vocabulary_.case_phases, id) != nullptr;
}
bool Pack::IsField(std::string_view id) const { return FindField(id) != nullptr; }
bool Pack::IsApprovalRole(std::string_view id) const { return FindApprovalRole(id) != nullptr; }

const Field* Pack::FindField(std::string_view id) const { return FindById(vocabulary_.fields, id); }
const Fact* Pack::FindFact(std::string_view id) const { return FindById(vocabulary_.facts, id); }
const ApprovalRole* Pack::FindApprovalRole(std::string_view id) const {
  return FindById(vocabulary_.approval_roles, id);
}
const Basis* Pack::FindBasis(std::string_view id) const { return FindById(vocabulary_.bases, id); }

const Rule* Pack::FindRule(std::string_view id) const {
  const auto found = rule_by_id_.find(id);
  return found == rule_by_id_.end() ? nullptr : found->second;
}

std::vector<std::string> Pack::UnitsOfKind(std::string_view kind) const {
  std::vector<std::string> units;
  for (const std::string& unit : vocabulary_.units) {
    if (unit.size() > kind.size() && unit[kind.size()] == '/' &&
        unit.compare(0, kind.size(), kind) == 0) {
      units.push_back(unit);
    }
  }
  return units;
}

int Pack::FormRank(std::string_view form) const { return RankOf(vocabulary_.forms, form); }
int Pack::HandlingRank(std::string_view handling) const {
  return RankOf(vocabulary_.handling, handling);
}
int Pack::OnwardRank(std::string_view onward) const { return RankOf(vocabulary_.onward, onward); }

std::vector<std::string> Pack::ActionIds() const { return IdsOf(vocabulary_.actions); }
std::vector<std::string> Pack::PurposeIds() const { return IdsOf(vocabulary_.purposes); }
std::vector<std::string> Pack::BasisIds() const { return IdsOf(vocabulary_.bases); }
std::vector<std::string> Pack::UnitIds() const { return vocabulary_.units; }
std::vector<std::string> Pack::RegimeIds() const { return IdsOf(vocabulary_.regimes); }
std::vector<std::string> Pack::SubjectCategoryIds() const {
  return IdsOf(vocabulary_.subject_categories);
}
std::vector<std::string> Pack::CasePhaseIds() const { return IdsOf(vocabulary_.case_phases); }
std::vector<std::string> Pack::FieldIds() const { return IdsOf(vocabulary_.fields); }
std::vector<std::string> Pack::FactIds() const { return IdsOf(vocabulary_.facts); }
std::vector<std::string> Pack::ApprovalRoleIds() const { return IdsOf(vocabulary_.approval_roles); }

}  // namespace sluis::policy
