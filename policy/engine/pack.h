// A policy pack: vocabulary and rules, checked and immutable. Made by policy/engine/loader.h.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/engine/rules.h"
#include "policy/engine/vocabulary.h"

namespace sluis::policy {

// Thread-safe: nothing changes after construction. Pointers live as long as the pack.
class Pack {
 public:
  // Precondition: checked by the loader (every code known, ids unique, rules sorted by id).
  Pack(std::string bundle, std::string version, Vocabulary vocabulary, Rules rules);
  Pack(const Pack&) = delete;
  Pack& operator=(const Pack&) = delete;

  const std::string& bundle() const { return bundle_; }
  const std::string& version() const { return version_; }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  const Rules& rules() const { return rules_; }

  bool IsAction(std::string_view id) const;
  bool IsPurposeLeaf(std::string_view id) const;
  bool IsBasis(std::string_view id) const;
  bool IsUnit(std::string_view id) const;
  bool IsRegime(std::string_view id) const;
  bool IsSubjectCategory(std::string_view id) const;
  bool IsCasePhase(std::string_view id) const;
  bool IsField(std::string_view id) const;
  bool IsApprovalRole(std::string_view id) const;

  // nullptr if the pack does not know it.
  const Field* FindField(std::string_view id) const;
  const Fact* FindFact(std::string_view id) const;
  const ApprovalRole* FindApprovalRole(std::string_view id) const;
  const Basis* FindBasis(std::string_view id) const;
  // A rule of any sort.
  const Rule* FindRule(std::string_view id) const;
  std::vector<std::string> UnitsOfKind(std::string_view kind) const;

  // Place in the order of the pack; -1 if unknown. Forms: least revealing first; handling and
  // onward: light first.
  int FormRank(std::string_view form) const;
  int HandlingRank(std::string_view handling) const;
  int OnwardRank(std::string_view onward) const;

  // Every id of a list, for suggestions (Nearest in lib/base/encoding.h).
  std::vector<std::string> ActionIds() const;
  std::vector<std::string> PurposeIds() const;
  std::vector<std::string> BasisIds() const;
  std::vector<std::string> UnitIds() const;
  std::vector<std::string> RegimeIds() const;
  std::vector<std::string> SubjectCategoryIds() const;
  std::vector<std::string> CasePhaseIds() const;
  std::vector<std::string> FieldIds() const;
  std::vector<std::string> FactIds() const;
  std::vector<std::string> ApprovalRoleIds() const;

 private:
  const std::string bundle_, version_;
  const Vocabulary vocabulary_;
  const Rules rules_;
  std::map<std::string, const Rule*, std::less<>> rule_by_id_;
};

// The pack as bytes that depend on what it says alone, not on how its files are laid out: RFC 8785
// JSON with every set sorted and every time in UTC; lists whose order people see keep it. The
// digest of a pack is the SHA-256 of these bytes.
std::string CanonicalBytes(const Pack& pack);

}  // namespace sluis::policy
