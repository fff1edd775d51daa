#include "lib/crypto/random.h"

#include <sodium.h>

#include "lib/crypto/internal/sodium.h"

namespace sluis {

void RandomFill(std::span<std::uint8_t> out) {
  EnsureSodium();
  randombytes_buf(out.data(), out.size());
}

Bytes RandomBytes(std::size_t size) {
  Bytes out(size, '\0');
  RandomFill({reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
  return out;
}

std::uint32_t RandomUniform(std::uint32_t bound) {
  EnsureSodium();
  return randombytes_uniform(bound);
}

}  // namespace sluis
