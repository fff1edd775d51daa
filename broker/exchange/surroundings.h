// What every act looks at besides the database: the policy and the directory in force, and the
// clock.
#pragma once

#include <memory>

#include "lib/base/bytes.h"
#include "lib/base/clock.h"
#include "lib/identity/directory.h"
#include "policy/engine/pack.h"
#include "policy/engine/sampled_policy.h"

namespace sluis::exchange {

// One immutable pack, what decides by it and its digest; an act sees one of them from start to end.
struct PolicyInForce {
  std::shared_ptr<const policy::Pack> pack;
  Digest digest{};
  // Made from `pack`; never null.
  std::shared_ptr<const policy::SampledPolicy> decider;
  // First moment at which the pack is older than its maximum age: nothing is decided by it any
  // more.
  absl::Time stale_after = absl::InfiniteFuture();
};

// Thread-safe; what it returns stays valid after a change.
class PolicySource {
 public:
  virtual ~PolicySource() = default;
  virtual PolicyInForce Current() const = 0;
};

// Thread-safe likewise.
class DirectorySource {
 public:
  virtual ~DirectorySource() = default;
  virtual std::shared_ptr<const identity::Directory> Current() const = 0;
};

}  // namespace sluis::exchange
