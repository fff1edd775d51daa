// The property of most wire structures: what is accepted is exactly its own encoding.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "lib/base/bytes.h"

namespace sluis::fuzz {

inline void Require(bool holds) {
  if (!holds) std::abort();
}

inline BytesView View(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

template <typename T>
void RoundTrip(BytesView input) {
  const auto decoded = T::Decode(input);
  if (decoded.ok()) Require(decoded->Encode() == input);
}

}  // namespace sluis::fuzz
