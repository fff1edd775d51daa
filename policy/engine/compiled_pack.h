// The pack compiled for speed. Decides what the plain scan of policy/engine/evaluate.h decides, to
// the letter; that scan stays the reference, and tests and SampledPolicy compare the two.
#pragma once

#include <memory>

#include "policy/engine/decision.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy {

struct CompiledRules;
struct Ruling;

// Thread-safe: nothing changes after construction. Hold it by shared_ptr for the length of a
// request, so that the request sees one pack from start to end.
class CompiledPack {
 public:
  // One decision at a time, used again for the next, so that Judge allocates nothing once it is
  // warm. Not thread-safe: one a thread. The pack must outlive it.
  class Room {
   public:
    explicit Room(const CompiledPack& pack);
    Room(Room&&) noexcept;
    Room& operator=(Room&&) = delete;
    ~Room();

   private:
    friend class CompiledPack;
    std::unique_ptr<Ruling> ruling_;
  };

  explicit CompiledPack(std::shared_ptr<const Pack> pack);
  CompiledPack(const CompiledPack&) = delete;
  CompiledPack& operator=(const CompiledPack&) = delete;
  ~CompiledPack();

  // As policy::Evaluate.
  Decision Evaluate(const EvaluationRequest& request) const;
  // The outcome alone, with forms and obligations worked out but not put into words.
  Outcome Judge(const EvaluationRequest& request, Room& room) const;

  const Pack& pack() const { return *pack_; }
  const std::shared_ptr<const Pack>& shared_pack() const { return pack_; }

 private:
  const std::shared_ptr<const Pack> pack_;
  const std::unique_ptr<const CompiledRules> rules_;
};

}  // namespace sluis::policy
