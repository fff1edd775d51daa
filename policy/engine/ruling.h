// The decision in numbers: what judging a request leaves behind, without a word of text. Internal
// to the engine; policy/engine/compiled_pack.h is what others use.
#pragma once

#include <cstdint>
#include <vector>

#include "policy/engine/compiled_rules.h"
#include "policy/engine/decision.h"
#include "policy/engine/request.h"

namespace sluis::policy {

// A rule that matches, with the asked fields that it matches for at the same place in `masks`.
struct Match {
  std::uint32_t row = 0;
  bool unmet = false;  // a condition whose approval is missing
};
struct Matches {
  std::vector<Match> list;
  std::vector<std::uint64_t> masks;  // match * field_words
  void Clear() {
    list.clear();
    masks.clear();
  }
};

// Obligations of the released fields, merged.
struct MergedObligations {
  CompiledObligations terms;  // its sets are not used
  std::vector<std::uint64_t> onward_to, notify, marks, reviewers;
  bool emergency = false;
};

// Room for one decision at a time, used again for the next: after a few requests judging allocates
// nothing. Not thread-safe; one a thread.
struct Ruling {
  explicit Ruling(const CompiledRules& rules);

  Outcome outcome = Outcome::kInvalid;
  std::vector<std::uint32_t> fields;  // in the order of the request
  std::vector<std::uint16_t> forms;   // by place in `fields`, if released

  // Sets of fields, field_words each.
  std::vector<std::uint64_t> asked;
  std::vector<std::uint64_t> permitted;     // normally
  std::vector<std::uint64_t> by_emergency;  // permitted by an emergency rule
  std::vector<std::uint64_t> needs_approval;
  std::vector<std::uint64_t> prohibited;  // and not by_emergency
  std::vector<std::uint64_t> absolutely;  // an absolute prohibition matches
  Matches permits, prohibitions, conditions, emergencies;
  MergedObligations obligations;

  // The request in numbers.
  Codes codes{};
  std::uint32_t epoch = 0;
  bool emergency = false;
  std::vector<std::uint64_t> facts;          // bits for the fields of `named`
  std::vector<std::uint64_t> facts_unnamed;  // bits for all others
  std::vector<std::uint64_t> named;          // fields that the article 20 decision names
  bool by_field = false;                     // facts differ by field

  // Memory of the approvals met in this request.
  struct Standing {
    std::uint32_t role = 0;
    std::uint32_t person = 0;
    absl::Duration age;
  };
  std::vector<std::uint32_t> approval_roles;  // by place in the request
  bool approvals_counted = false;
  std::vector<Standing> approvals;  // that count: not by the requester, not from later
  std::vector<std::int8_t> demand_met;
  std::vector<std::int32_t> role_of;  // by person, while roles are handed out
  std::vector<std::uint32_t> demands_seen;
  std::vector<std::uint32_t>
      merged_in;  // by obligations: the last release that they were merged in
  std::uint32_t release = 0;
  std::vector<bool> tried;
};

// Puts the request into numbers; false if it is INVALID (rulebook §2.6).
bool Intern(const CompiledRules& rules, const EvaluationRequest& request, Ruling& ruling);

// Decides the interned request.
void Judge(const CompiledRules& rules, const EvaluationRequest& request, Ruling& ruling);

// Fills `approvals` of an interned request.
void CountApprovals(const EvaluationRequest& request, Ruling& ruling);

// Does the request bring what the demand asks (rulebook §2.11)? Precondition: approvals counted.
bool IsMet(const CompiledDemand& demand, Ruling& ruling);

}  // namespace sluis::policy
