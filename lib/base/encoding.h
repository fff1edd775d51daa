// Strict text encodings: what a decoder here accepts has exactly one spelling.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"

namespace sluis {

std::string HexEncode(BytesView bytes);  // lower case
// Lower-case hex of even length, else INVALID_ARGUMENT.
absl::StatusOr<Bytes> HexDecode(std::string_view text);

// RFC 4648 §4 with padding; decoding refuses white space, missing padding and non-zero trailing bits.
std::string Base64Encode(BytesView bytes);
absl::StatusOr<Bytes> Base64Decode(std::string_view text);
// RFC 4648 §5 without padding (JOSE), equally strict.
std::string Base64UrlEncode(BytesView bytes);
absl::StatusOr<Bytes> Base64UrlDecode(std::string_view text);

bool IsValidUtf8(std::string_view text);

// Decimal without sign or leading zero, at most `max`; else INVALID_ARGUMENT.
absl::StatusOr<std::uint64_t> ParseDecimal(std::string_view text, std::uint64_t max);

// The candidate with the smallest edit distance to `word`, or "" if none is near (did-you-mean).
template <typename Range>
std::string Nearest(std::string_view word, const Range& candidates);

std::size_t EditDistance(std::string_view a, std::string_view b);

template <typename Range>
std::string Nearest(std::string_view word, const Range& candidates) {
  std::string best;
  std::size_t best_distance = word.size() / 3 + 2;
  for (const auto& candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = std::string(candidate);
    }
  }
  return best;
}

}  // namespace sluis
