// Byte strings. A std::string holds raw bytes here, as protobuf's `bytes` does; a view never owns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluis {

using Bytes = std::string;
using BytesView = std::string_view;

// SHA-256 digests and other 32-byte public values.
using Digest = std::array<std::uint8_t, 32>;

template <std::size_t N>
BytesView AsView(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

template <std::size_t N>
Bytes ToBytes(const std::array<std::uint8_t, N>& bytes) {
  return Bytes(AsView(bytes));
}

inline const std::uint8_t* Data(BytesView bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

}  // namespace sluis
