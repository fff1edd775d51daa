// The secret side of HopFactors.
#pragma once

#include "absl/status/statusor.h"
#include "lib/crypto/ristretto255.h"

namespace sluis::pseudonym {

struct HopScalars {
  SecretScalar s_from, s_to, k_from, k_to;
  SecretScalar s, k, t;

  // E_FACTOR_TRIVIAL if s or k is 1.
  static absl::StatusOr<HopScalars> Combine(SecretScalar s_from, SecretScalar s_to,
                                            SecretScalar k_from, SecretScalar k_to);
};

}  // namespace sluis::pseudonym
