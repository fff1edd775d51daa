// A question to the engine: the AuthZEN evaluation request in its own types (exports.md §5.3).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace sluis::policy {

struct Approval {
  std::string role;
  std::string person;  // same naming as EvaluationRequest::subject_id, so that one is never both
  absl::Time time;
};

struct EvaluationRequest {
  std::string subject_id, subject_organisation, subject_unit;
  std::string action, purpose, basis;
  bool emergency = false;
  std::string resource_id;
  std::string provider_organisation, provider_unit;
  // recipient_organisation may be empty where the requester is the recipient: then it is his own.
  std::string recipient_organisation, recipient_unit;
  std::string regime, subject_category, case_phase;
  std::vector<std::string> fields;
  bool subset = false;  // release what may be released, instead of all or nothing
  absl::Time time;
  std::map<std::string, std::string>
      facts;  // those left out are unknown; derived ones may not be sent
  // Fields that the article 20 decision names; absent is not the same as empty (rulebook §2.4).
  std::optional<std::vector<std::string>> artikel_20_velden;
  std::vector<Approval> approvals;
};

}  // namespace sluis::policy
