// Where provers and transcryptors take their fresh scalars from. Outside tests there is one source,
// the random generator; the public functions take it themselves, so that no caller can choose.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lib/crypto/ristretto255.h"

namespace sluis::pseudonym {

class Nonces {
 public:
  virtual ~Nonces() = default;
  virtual SecretScalar Next() = 0;
  // The nonce or id that a head carries.
  virtual std::array<std::uint8_t, 16> Nonce() = 0;
  // A permutation of 0..size-1 for the shuffle of a batch.
  virtual std::vector<std::uint32_t> Permutation(std::size_t size) = 0;
};

class RandomNonces : public Nonces {
 public:
  SecretScalar Next() override { return SecretScalar::Random(); }
  std::array<std::uint8_t, 16> Nonce() override;
  // Fisher-Yates from the top, uniform.
  std::vector<std::uint32_t> Permutation(std::size_t size) override;
};

}  // namespace sluis::pseudonym
