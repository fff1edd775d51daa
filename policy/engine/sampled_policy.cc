#include "policy/engine/sampled_policy.h"

#include <utility>

#include "policy/engine/evaluate.h"

namespace sluis::policy {

Decision Stricter(Decision compiled, Decision reference) {
  return compiled.outcome > reference.outcome ? std::move(compiled) : std::move(reference);
}

Decision SampledPolicy::Evaluate(const EvaluationRequest& request) const {
  Decision decision = pack_->Evaluate(request);
  if (options_.one_in == 0) return decision;
  if (decided_.fetch_add(1, std::memory_order_relaxed) % options_.one_in != 0) return decision;
  Decision reference = policy::Evaluate(pack_->pack(), request);
  compared_.fetch_add(1, std::memory_order_relaxed);
  if (decision == reference) return decision;
  differed_.fetch_add(1, std::memory_order_relaxed);
  if (options_.on_difference) {
    options_.on_difference({decision.outcome, reference.outcome, pack_->pack().version()});
  }
  return Stricter(std::move(decision), std::move(reference));
}

}  // namespace sluis::policy
