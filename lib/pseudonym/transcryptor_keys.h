// What one transcryptor holds for good (pseudonyms.md §5), and the factors made from it. Nobody
// else ever sees any of it; ceremony.h makes the public side.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/hash_to_group.h"
#include "lib/crypto/ristretto255.h"
#include "lib/crypto/secret.h"
#include "lib/pseudonym/domain.h"

namespace sluis::pseudonym {

// T1 comes first in every transcryption, T2 second.
enum class Hop : std::uint8_t { kFirst = 1, kSecond = 2 };

inline constexpr std::size_t kLongSecretSize = 32;

// Move-only; thread-safe as const data.
class TranscryptorKeys {
 public:
  static TranscryptorKeys Generate();
  // E_LENGTH unless PS and ES have 32 bytes; E_FACTOR_TRIVIAL if x is 1.
  static absl::StatusOr<TranscryptorKeys> Create(SecretBytes ps, SecretBytes es, SecretScalar x);

  const SecretScalar& x() const { return x_; }
  const GroupElement& public_x() const { return public_x_; }  // X = x*G
  // For the wrapped file at rest.
  BytesView ps(SecretAccess access) const { return ps_.Reveal(access); }
  BytesView es(SecretAccess access) const { return es_.Reveal(access); }

  // k_c of a session; public as K_c = k_c*G.
  SecretScalar RekeyFactor(const Context& context) const;
  // s_d of a domain. E_CASE_CLOSED for a case without its salt.
  absl::StatusOr<SecretScalar> ReshuffleFactor(const Domain& domain, const CaseSalt* salt) const;

 private:
  TranscryptorKeys(SecretBytes ps, SecretBytes es, SecretScalar x)
      : ps_(std::move(ps)), es_(std::move(es)), x_(std::move(x)), public_x_(MultiplyBase(x_)) {}
  SecretBytes ps_, es_;
  SecretScalar x_;
  GroupElement public_x_;
};

}  // namespace sluis::pseudonym
