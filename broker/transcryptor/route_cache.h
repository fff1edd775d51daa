// What a transcryptor makes once per route and Y (pseudonyms.md §7.2): factors, the fixed part of
// the proofs, its four signed commitments. Holds secrets; emptied when a domain is shredded.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "lib/base/mutex.h"
#include "lib/pseudonym/commitment.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/transcryption.h"

namespace sluis::transcryptor {

struct PreparedRoute {
  pseudonym::HopFactors factors;
  pseudonym::HeaderBase base;
  std::vector<pseudonym::Commitment> commitments;  // S_from, S_to, K_from, K_to
};

// Thread-safe, bounded: when full it starts anew.
class RouteCache {
 public:
  using Make = std::function<absl::StatusOr<PreparedRoute>()>;
  // The prepared route; `make` runs outside the lock, perhaps in two threads at once. Salts must
  // have been looked up before: this does not know that a case was closed.
  absl::StatusOr<std::shared_ptr<const PreparedRoute>> Get(const pseudonym::Route& route,
                                                           const GroupElement& y_from,
                                                           const Make& make);
  // Nothing that was begun before is kept afterwards.
  void Clear();
  // The same at the first call of a day (UTC), so that what is made once is made, and checked,
  // daily.
  void ClearDaily(absl::Time now);

 private:
  Mutex mutex_;
  std::uint64_t generation_ SLUIS_GUARDED_BY(mutex_) = 0;
  absl::CivilDay day_ SLUIS_GUARDED_BY(mutex_);
  std::map<Bytes, std::shared_ptr<const PreparedRoute>> known_ SLUIS_GUARDED_BY(mutex_);
};

// Remembers by hash which header bases of the other transcryptor were verified.
class HeaderMemory : public pseudonym::VerifiedHeaders {
 public:
  bool Contains(const Digest& digest) override;
  void Remember(const Digest& digest) override;

 private:
  Mutex mutex_;
  std::set<Digest> known_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::transcryptor
