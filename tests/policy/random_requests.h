// Random requests that come near the rules: drawn from a rule's box and then disturbed, for a
// request drawn from the whole vocabulary is almost never about anything.
#pragma once

#include <random>

#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy::testing {

class RandomRequests {
 public:
  // The same seed gives the same requests. `pack` must outlive it.
  RandomRequests(const Pack& pack, unsigned seed) : pack_(pack), random_(seed) {}

  // A valid request in or near a permit or emergency, sometimes pulled into the box of an
  // invariant.
  EvaluationRequest Next();
  // Every approval role, each by another person, at the time of the request.
  std::vector<Approval> AllApprovals(const EvaluationRequest& request) const;
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

 private:
  bool Chance(int percent) { return Below(100) < static_cast<std::size_t>(percent); }
  std::string Pick(const CodeSet& set, const std::vector<std::string>& all);
  void DrawFrom(const Rule& rule, const FieldForms& fields, EvaluationRequest& request);
  void DrawOrganisations(EvaluationRequest& request);
  void DrawFacts(const Box& box, EvaluationRequest& request);
  void PullInto(const Box& box, EvaluationRequest& request);
  void Disturb(EvaluationRequest& request);

  const Pack& pack_;
  std::mt19937 random_;
};

}  // namespace sluis::policy::testing
