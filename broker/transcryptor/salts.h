// The case salts of this transcryptor (pseudonyms.md §4): drawn at the first lawful use of a domain
// as a target, sealed at rest, destroyed by shredding. Without its salt no factor of a case can be
// made.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/storage/transcryptor_store.h"
#include "lib/crypto/aead.h"
#include "lib/pseudonym/domain.h"

namespace sluis::transcryptor {

inline constexpr char kWeighingPurpose[] = "riec-signaalweging";

// When the salt of a weighing table that is first used at `now` ends by itself: six months after
// the quarter of that day in Amsterdam.
absl::Time WeighingTableEnd(absl::Time now);

// Thread-safe. The store outlives it.
class SaltKeeper {
 public:
  SaltKeeper(storage::StateStore& store, AeadKey key) : store_(store), key_(std::move(key)) {}

  // The salt of a domain that must have one already; nothing for origins and indices. E_CASE_CLOSED
  // for a case that was shredded or never used here. E_OPEN for a record that was damaged.
  absl::StatusOr<std::optional<pseudonym::CaseSalt>> Find(const pseudonym::Domain& domain);
  // The same, drawing it if there is none.
  absl::StatusOr<std::optional<pseudonym::CaseSalt>> FindOrDraw(const pseudonym::Domain& domain,
                                                                absl::Time now);
  // When it was destroyed first. For ever.
  absl::StatusOr<absl::Time> Shred(const pseudonym::Domain& domain, absl::Time now);
  // How many weighing tables ended.
  absl::StatusOr<int> ShredDue(absl::Time now) { return store_.ShredDue(now); }

 private:
  absl::StatusOr<pseudonym::CaseSalt> Open(const pseudonym::Domain& domain,
                                           const storage::SaltRecord& record) const;
  storage::StateStore& store_;
  const AeadKey key_;
};

}  // namespace sluis::transcryptor
