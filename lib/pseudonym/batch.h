// Batches on the wire as libpep 0.14 lays them out (pseudonyms.md §6). Identifiers are any UTF-8
// here; that they are domains and contexts is checked where a request is (request_check.h).
//
//   BatchRequest  = u8 type || lp2(d_from) || lp2(d_to) || lp2(c_from) || lp2(c_to) || Y_from ||
//                   u32 count || count*(B || C)
//   BatchResponse = Y_to || u32 count || count*(B || C)
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/elgamal.h"

namespace sluis::pseudonym {

inline constexpr std::size_t kMaxBatch = 4096;

// kAttribute is decoded, and refused where it would be used.
enum class BatchType : std::uint8_t { kPseudonym = 1, kAttribute = 2 };

struct BatchRequest {
  BatchType type;
  Bytes d_from, d_to, c_from, c_to;
  GroupElement y_from;
  std::vector<Ciphertext> items;  // 1..4096

  // E_TYPE, E_TRUNCATED, E_TRAILING, E_EMPTY_BATCH, E_BATCH_SIZE, E_UTF8; then, in the order of the
  // bytes, what GroupElement::Decode says.
  static absl::StatusOr<BatchRequest> Decode(BytesView bytes);
  Bytes Encode() const;
};

struct BatchResponse {
  GroupElement y_to;
  std::vector<Ciphertext> items;  // 1..4096

  static absl::StatusOr<BatchResponse> Decode(BytesView bytes);
  Bytes Encode() const;
};

}  // namespace sluis::pseudonym
