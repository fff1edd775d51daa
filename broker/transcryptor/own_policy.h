// A transcryptor's own look at the policy (pseudonyms.md §8.2): the broker's decision counts only
// when this pack, on the very bytes that the broker evaluated, permits as much. Arrangements count
// only as far as this process holds the statement that their parties signed.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/identity/arrangement.h"
#include "lib/identity/directory.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::transcryptor {

// What the broker says it decided.
struct StatedDecision {
  policy::EvaluationRequest request;
  std::map<std::string, std::string> fields;  // field to form
  // An inquiry that waits for the decision of the one who answers it.
  bool awaits_provider = false;
};

// What this process knows by itself.
struct OwnKnowledge {
  const policy::Pack& pack;
  const identity::Directory& directory;
  std::span<const identity::Arrangement> arrangements;  // newest of each that names a party
  absl::Time now;
};

// E_MANDATE unless `knowledge` permits every stated field in at least that form, with no approval
// outstanding; of one that awaits its provider, approvals that persons of the provider's own
// organisation can give may be outstanding, and nothing else. `time` of the request may not be
// later than a minute from now, nor older than an exchange may wait (three days).
absl::Status CheckOwnPolicy(const StatedDecision& stated, const OwnKnowledge& knowledge);

// The request as CheckOwnPolicy evaluates it: an arrangement fact that is not proven here is left
// out, so that it is unknown; the region comes from the own directory.
policy::EvaluationRequest WithOwnFacts(const policy::EvaluationRequest& request,
                                       const OwnKnowledge& knowledge);

}  // namespace sluis::transcryptor
