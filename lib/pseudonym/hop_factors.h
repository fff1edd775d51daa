// The factors of one transcryptor for one direction (pseudonyms.md §6): from a domain and session
// to another. s = s_from^-1 * s_to, k = k_from^-1 * k_to, t = s * k^-1.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::pseudonym {

// From where to where a batch goes.
struct Route {
  Domain d_from, d_to;
  Context c_from, c_to;
  friend bool operator==(const Route&, const Route&) = default;
};

// What a hop published about the four factors of a route: S_d = s_d*G and K_c = k_c*G, each signed
// (commitment.h).
struct HopCommitments {
  GroupElement s_from, s_to, k_from, k_to;
  friend bool operator==(const HopCommitments&, const HopCommitments&) = default;
};

struct HopScalars;  // internal/hop_scalars.h

// Move-only; thread-safe as const data. Worth keeping for a route that is used again.
class HopFactors {
 public:
  // E_SAME_CONTEXT, E_SAME_DOMAIN; E_CASE_CLOSED for a case domain without its salt;
  // E_FACTOR_TRIVIAL if s or k is 1.
  static absl::StatusOr<HopFactors> Derive(const TranscryptorKeys& keys, const Route& route,
                                           const CaseSalt* salt_from, const CaseSalt* salt_to);
  // Takes ready scalars; callers outside this folder have none.
  explicit HopFactors(std::unique_ptr<const HopScalars> scalars);
  HopFactors(HopFactors&&) noexcept;
  HopFactors& operator=(HopFactors&&) noexcept;
  ~HopFactors();

  const HopCommitments& commitments() const { return commitments_; }
  // k*Y: what a ciphertext under Y is under afterwards. T2 compares it with its registry (E_YFROM).
  GroupElement Rekeyed(const GroupElement& y) const;
  const HopScalars& scalars() const { return *scalars_; }

 private:
  std::unique_ptr<const HopScalars> scalars_;
  HopCommitments commitments_;
};

}  // namespace sluis::pseudonym
