// Proof that an invariant holds for every request there can be: the regions that permits and
// emergency rules open, without those that prohibitions close, must leave nothing of it
// (rulebook §8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "policy/engine/decision.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy {

enum class Verdict {
  kProved,
  kViolated,
  kNotProved,  // the step cap was reached, or proof and plain scan disagree: never taken for proved
};

// `proved`, `violated`, `not-proved`
std::string_view VerdictName(Verdict verdict);

struct Proof {
  std::string invariant, title;
  Verdict verdict = Verdict::kNotProved;
  std::string rule;  // for kViolated: the permit or emergency rule that opens it
  // For kViolated: a request that the plain scan answers against the invariant.
  std::optional<EvaluationRequest> counterexample;
  std::uint64_t steps = 0;
};

struct ProofOptions {
  // Regions cut out of each other, for each invariant.
  std::uint64_t most_steps = 2'000'000;
};

// Every invariant of the pack, in the order of their ids. Exact: what is proved holds for every
// request inside the vocabulary at every time at which the invariant is in force.
std::vector<Proof> ProveAll(const Pack& pack, const ProofOptions& options);

// Does this decision break the invariant? `request` names the one field it is about. What waits for
// approval breaks it when it is approved: ask again with every approval given.
bool Breaks(const Pack& pack, const Invariant& invariant, const EvaluationRequest& request,
            const Decision& decision);

// FAILED_PRECONDITION with reason PACK_NOT_PROVED and the invariants, unless all are proved.
absl::Status RequireProved(const Pack& pack, const ProofOptions& options);

// A request about one field as a sentence, Dutch and English: who asks whom for what, why.
Text InWords(const Pack& pack, const EvaluationRequest& request);

}  // namespace sluis::policy
