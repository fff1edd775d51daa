#include "lib/pseudonym/hop_factors.h"

#include "lib/base/status_macros.h"
#include "lib/pseudonym/internal/hop_scalars.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {

absl::StatusOr<HopScalars> HopScalars::Combine(SecretScalar s_from, SecretScalar s_to,
                                               SecretScalar k_from, SecretScalar k_to) {
  SecretScalar s = s_from.Inverse().Times(s_to);
  SecretScalar k = k_from.Inverse().Times(k_to);
  if (s.IsOne() || k.IsOne()) {
    return Refuse("E_FACTOR_TRIVIAL", "a factor of one changes nothing");
  }
  SecretScalar t = s.Times(k.Inverse());
  return HopScalars{std::move(s_from), std::move(s_to), std::move(k_from), std::move(k_to),
                    std::move(s),      std::move(k),    std::move(t)};
}

absl::StatusOr<HopFactors> HopFactors::Derive(const TranscryptorKeys& keys, const Route& route,
                                              const CaseSalt* salt_from, const CaseSalt* salt_to) {
  if (route.c_from == route.c_to) return Refuse("E_SAME_CONTEXT", "both sessions are the same");
  if (route.d_from == route.d_to) return Refuse("E_SAME_DOMAIN", "both domains are the same");
  SLUIS_ASSIGN_OR_RETURN(SecretScalar s_from, keys.ReshuffleFactor(route.d_from, salt_from));
  SLUIS_ASSIGN_OR_RETURN(SecretScalar s_to, keys.ReshuffleFactor(route.d_to, salt_to));
  SLUIS_ASSIGN_OR_RETURN(HopScalars scalars, HopScalars::Combine(std::move(s_from), std::move(s_to),
                                                                 keys.RekeyFactor(route.c_from),
                                                                 keys.RekeyFactor(route.c_to)));
  return HopFactors(std::make_unique<const HopScalars>(std::move(scalars)));
}

HopFactors::HopFactors(std::unique_ptr<const HopScalars> scalars)
    : scalars_(std::move(scalars)),
      commitments_{MultiplyBase(scalars_->s_from), MultiplyBase(scalars_->s_to),
                   MultiplyBase(scalars_->k_from), MultiplyBase(scalars_->k_to)} {}
HopFactors::HopFactors(HopFactors&&) noexcept = default;
HopFactors& HopFactors::operator=(HopFactors&&) noexcept = default;
HopFactors::~HopFactors() = default;

GroupElement HopFactors::Rekeyed(const GroupElement& y) const { return Multiply(scalars_->k, y); }

}  // namespace sluis::pseudonym
