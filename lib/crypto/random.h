// Random bytes of the operating system. The process ends if it gives none: there is no fallback.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "lib/base/bytes.h"

namespace sluis {

// All thread-safe.
void RandomFill(std::span<std::uint8_t> out);
Bytes RandomBytes(std::size_t size);
// Uniform in [0, bound), without bias. Precondition: bound > 0.
std::uint32_t RandomUniform(std::uint32_t bound);

template <std::size_t N>
std::array<std::uint8_t, N> RandomArray() {
  std::array<std::uint8_t, N> out;
  RandomFill(out);
  return out;
}

}  // namespace sluis
