#include "lib/pseudonym/internal/nonces.h"

#include <numeric>
#include <utility>

#include "lib/crypto/random.h"

namespace sluis::pseudonym {

std::array<std::uint8_t, 16> RandomNonces::Nonce() { return RandomArray<16>(); }

std::vector<std::uint32_t> RandomNonces::Permutation(std::size_t size) {
  std::vector<std::uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t i = size; i-- > 1;) {
    std::swap(order[i], order[RandomUniform(static_cast<std::uint32_t>(i + 1))]);
  }
  return order;
}

}  // namespace sluis::pseudonym
