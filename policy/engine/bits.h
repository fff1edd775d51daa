// Sets as 64-bit words. Lengths are in words; callers keep both sides equally long.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace sluis::policy {

inline constexpr std::size_t WordsFor(std::size_t bits) { return bits == 0 ? 1 : (bits + 63) / 64; }

inline void SetBit(std::uint64_t* set, std::size_t bit) {
  set[bit / 64] |= std::uint64_t{1} << (bit % 64);
}
inline void ClearBit(std::uint64_t* set, std::size_t bit) {
  set[bit / 64] &= ~(std::uint64_t{1} << (bit % 64));
}
inline bool HasBit(const std::uint64_t* set, std::size_t bit) {
  return (set[bit / 64] >> (bit % 64) & 1) != 0;
}

// Every member of `inner` is one of `outer`.
inline bool Includes(const std::uint64_t* outer, const std::uint64_t* inner, std::size_t words) {
  std::uint64_t missing = 0;
  for (std::size_t w = 0; w < words; ++w) missing |= inner[w] & ~outer[w];
  return missing == 0;
}

inline bool IsEmpty(const std::uint64_t* set, std::size_t words) {
  std::uint64_t any = 0;
  for (std::size_t w = 0; w < words; ++w) any |= set[w];
  return any == 0;
}

// How many members are smaller than `bit`.
inline std::size_t RankOf(const std::uint64_t* set, std::size_t bit) {
  std::size_t rank = 0;
  for (std::size_t w = 0; w < bit / 64; ++w)
    rank += static_cast<std::size_t>(std::popcount(set[w]));
  const std::uint64_t below = (std::uint64_t{1} << (bit % 64)) - 1;
  return rank + static_cast<std::size_t>(std::popcount(set[bit / 64] & below));
}

// Calls `visit` with every member, in ascending order.
template <typename Visit>
void ForEachBit(const std::uint64_t* set, std::size_t words, Visit&& visit) {
  for (std::size_t w = 0; w < words; ++w) {
    for (std::uint64_t left = set[w]; left != 0; left &= left - 1) {
      visit(w * 64 + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }
}

}  // namespace sluis::policy
