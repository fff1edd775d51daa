// The facts a decision may use, each from where architecture §4 says it comes: arrangements,
// directory, case and signed headers. Never from the caller's word.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/exchange/view.h"

namespace sluis::exchange {

struct Facts {
  std::map<std::string, std::string> values;  // fact code to value code
  std::vector<std::string> article20_fields;  // union of the valid decisions' lists
};

// What the facts are about.
struct FactScope {
  PartyId provider, recipient;  // as the policy sees them
  PartyId acting;               // the party whose keys act
  bool provider_acts = false;   // disclose and recall
  std::string purpose;
  std::string subject_verified;  // yes, no or unknown, from a signed header
};

absl::StatusOr<Facts> GatherFacts(const View& view, const storage::CaseRecord& the_case,
                                  const FactScope& scope);

}  // namespace sluis::exchange
