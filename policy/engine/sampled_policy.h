// Decisions by the compiled pack, a sample of them compared with the plain scan while the broker
// runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "policy/engine/compiled_pack.h"

namespace sluis::policy {

// Where the two differ. Says nothing about the request, so it may be logged.
struct Difference {
  Outcome compiled = Outcome::kInvalid, reference = Outcome::kInvalid;
  std::string pack_version;
};

struct SamplingOptions {
  // Of how many decisions one is compared: 1 compares all, 0 none.
  std::uint32_t one_in = 1000;
  // Called on the deciding thread for each difference; must be thread-safe. May be empty.
  std::function<void(const Difference&)> on_difference;
};

// Thread-safe. Where the two differ, the worse outcome counts, and of equal ones the plain scan's
// decision: a fault of the engine never opens what the rules close.
class SampledPolicy {
 public:
  SampledPolicy(std::shared_ptr<const CompiledPack> pack, SamplingOptions options)
      : pack_(std::move(pack)), options_(std::move(options)) {}

  Decision Evaluate(const EvaluationRequest& request) const;
  const CompiledPack& compiled() const { return *pack_; }
  std::uint64_t compared() const { return compared_.load(std::memory_order_relaxed); }
  std::uint64_t differed() const { return differed_.load(std::memory_order_relaxed); }

 private:
  const std::shared_ptr<const CompiledPack> pack_;
  const SamplingOptions options_;
  mutable std::atomic<std::uint64_t> decided_{0}, compared_{0}, differed_{0};
};

// What a SampledPolicy answers when the two were made for one request.
Decision Stricter(Decision compiled, Decision reference);

}  // namespace sluis::policy
