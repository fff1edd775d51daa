// What a unit may ask or give, and of whom: the rules read the other way round.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "policy/engine/decision.h"
#include "policy/engine/pack.h"

namespace sluis::policy {

// Empty members of the filter mean all.
struct OptionsQuery {
  std::string unit;  // who would act; required
  std::string action, purpose, provider_unit, case_phase, subject_category;
  absl::Time time;
};

// One flow that one rule could permit, narrowed to the query. Lists are sorted.
struct Option {
  std::string rule, title;
  std::vector<std::string> actions, purposes, legal_bases, provider_units, recipient_units, regimes,
      subject_categories, case_phases;
  std::map<std::string, std::string> fields;              // field to form
  std::map<std::string, std::vector<std::string>> facts;  // fact to the values that help
  std::map<std::string, ApprovalNeed> approvals;          // conditions that can come on top
  std::string retention, law, reason_nl, reason_en;
  bool emergency = false;  // only with the emergency path, reviewed afterwards
};

// Complete: every request of this unit that Evaluate can permit or hold for approval at `time` lies
// in one of these. An option is a possibility, not a promise: facts, approvals and prohibitions
// that cover a part of it are judged when the request is made. What a single prohibition closes
// whole is left out. Ordered by rule id, emergencies first, as their ids sort.
std::vector<Option> ListOptions(const Pack& pack, const OptionsQuery& query);

}  // namespace sluis::policy
