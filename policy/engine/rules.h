// Rules as boxes (rulebook §2.1): products of finite sets and a time interval.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "policy/engine/period.h"
#include "policy/engine/vocabulary.h"

namespace sluis::policy {

using CodeSet = std::set<std::string, std::less<>>;

// An empty set stands for any value.
struct Box {
  CodeSet actions, purposes, providers, recipients, bases, regimes, subject_categories, case_phases;
  CodeSet fields;                        // prohibitions, conditions and invariants
  std::map<std::string, CodeSet> facts;  // fact to the values that match
};

// What every rule has.
struct Rule {
  std::string id, title, law;
  Text reason;
  Review review = Review::kToBeConfirmed;
  absl::Time valid_from = absl::InfinitePast();     // inclusive
  absl::Time valid_until = absl::InfiniteFuture();  // exclusive
  Box box;

  bool IsInForce(absl::Time now) const { return valid_from <= now && now < valid_until; }
};

struct Obligations {
  std::optional<Period> retention;
  std::string onward;  // empty: says nothing
  CodeSet onward_to;   // for `named`
  std::string handling;
  std::optional<Period> feedback_due;
  CodeSet notify;
  std::string mark;
  std::optional<int> min_cell;
};

using FieldForms = std::map<std::string, std::string, std::less<>>;

struct Permit : Rule {
  FieldForms fields;
  Obligations obligations;
  bool inherits_down = false;
};

struct Prohibition : Rule {
  bool absolute = false;
};

// `count` different persons with different roles of `roles`, none of them the requester.
struct ApprovalDemand {
  int count = 0;
  std::vector<std::string> roles;  // as the pack orders them: that is how people see them
  Period max_age;
};

struct Condition : Rule {
  std::optional<ApprovalDemand> approval;
  Obligations obligations;
  FieldForms max_form;
  bool has_obligation = false;  // an obligation or a max_form
};

struct Emergency : Rule {
  FieldForms fields;
  Obligations obligations;
  Period max_use, review_within;
  CodeSet review_roles;
};

struct Invariant : Rule {
  std::string min_form;
  bool unless_approved = false;
};

// Sorted by id.
struct Rules {
  std::vector<Permit> permits;
  std::vector<Prohibition> prohibitions;
  std::vector<Condition> conditions;
  std::vector<Emergency> emergencies;
  std::vector<Invariant> invariants;
};

}  // namespace sluis::policy
