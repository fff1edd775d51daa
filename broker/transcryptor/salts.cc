#include "broker/transcryptor/salts.h"

#include "lib/base/clock.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::transcryptor {
namespace {

using pseudonym::CaseSalt;
using pseudonym::Domain;
using pseudonym::DomainKind;

absl::Status Closed() {
  return pseudonym::Refuse("E_CASE_CLOSED", "the case was closed for good, or was never used here");
}

}  // namespace

absl::Time WeighingTableEnd(absl::Time now) {
  const absl::CivilMonth month = absl::ToCivilMonth(now, AmsterdamZone());
  const absl::CivilMonth next_quarter =
      absl::CivilMonth(month.year(), (month.month() - 1) / 3 * 3 + 1) + 3;
  return absl::FromCivil(next_quarter + 6, AmsterdamZone());
}

absl::StatusOr<CaseSalt> SaltKeeper::Open(const Domain& domain,
                                          const storage::SaltRecord& record) const {
  if (record.destroyed) return Closed();
  SLUIS_ASSIGN_OR_RETURN(SecretBytes salt, key_.OpenRandom(domain.bytes(), record.sealed));
  return CaseSalt::FromBytes(std::move(salt));
}

absl::StatusOr<std::optional<CaseSalt>> SaltKeeper::Find(const Domain& domain) {
  if (domain.kind() != DomainKind::kCase) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::SaltRecord> record,
                         store_.FindSalt(domain.bytes()));
  if (!record) return Closed();
  return Open(domain, *record);
}

absl::StatusOr<std::optional<CaseSalt>> SaltKeeper::FindOrDraw(const Domain& domain,
                                                               absl::Time now) {
  if (domain.kind() != DomainKind::kCase) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::SaltRecord> known,
                         store_.FindSalt(domain.bytes()));
  if (known) return Open(domain, *known);
  const CaseSalt drawn = CaseSalt::Draw();
  storage::SaltRecord record;
  record.sealed = key_.SealRandom(domain.bytes(), drawn.bytes(SecretAccess::ForStorage()));
  if (domain.purpose() == kWeighingPurpose) record.shred_after = WeighingTableEnd(now);
  // Another thread may have been first: the one in the store counts.
  SLUIS_ASSIGN_OR_RETURN(const storage::SaltRecord kept, store_.AddSalt(domain.bytes(), record));
  return Open(domain, kept);
}

absl::StatusOr<absl::Time> SaltKeeper::Shred(const Domain& domain, absl::Time now) {
  return store_.Shred(domain.bytes(), now);
}

}  // namespace sluis::transcryptor
