// What the engine decides (rulebook §2): may this be sent, in which form, under which obligations,
// and why.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluis::policy {

// From best to worst (rulebook §2.7); kInvalid is no decision.
enum class Outcome { kPermitted, kNeedsApproval, kDeniedNoBasis, kDeniedProhibited, kInvalid };

// PERMITTED, NEEDS_APPROVAL, DENIED_NO_BASIS, DENIED_PROHIBITED, INVALID
std::string_view OutcomeName(Outcome outcome);

// `k` different persons with different roles of these.
struct ApprovalNeed {
  int k = 0;
  std::vector<std::string> roles;  // in the order of the rule
  bool operator==(const ApprovalNeed&) const = default;
};

// Why a request is INVALID.
struct Invalid {
  std::string member;   // AuthZEN path, for example `context.time`
  std::string message;  // what to do, English, without the value sent
  bool operator==(const Invalid&) const = default;
};

// Set when an emergency rule carried a field: the strictest of the rules that did.
struct EmergencyTerms {
  std::string max_access;              // ISO 8601: how long the data may be looked at
  std::string review_within;           // ISO 8601: when the review is due
  std::vector<std::string> review_by;  // roles of who reviews, sorted
  bool operator==(const EmergencyTerms&) const = default;
};

struct Decision {
  Outcome outcome = Outcome::kInvalid;
  std::map<std::string, std::string> fields;  // released field to its form; empty unless kPermitted
  std::map<std::string, Outcome> field_outcomes;  // every field that was asked
  // Obligations of the release, merged to the strictest; empty unless kPermitted.
  std::string retention;  // ISO 8601
  std::string onward;
  std::vector<std::string> onward_to;  // whom `named` names, sorted
  std::string handling;
  std::string feedback_due;         // ISO 8601, or empty
  std::vector<std::string> notify;  // sorted
  std::vector<std::string> marks;   // sorted
  std::optional<int> min_cell;
  std::map<std::string, ApprovalNeed> approvals_needed;  // by condition
  std::vector<std::string> deciding_rules;               // sorted
  std::string reason_nl, reason_en;
  bool emergency = false;
  EmergencyTerms emergency_terms;
  Invalid invalid;  // for kInvalid
  bool operator==(const Decision&) const = default;
};

}  // namespace sluis::policy
