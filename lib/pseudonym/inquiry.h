// Hit/no-hit (pseudonyms.md §11.2): an inquiry is an ordinary signed request of kind 04 into the
// index domain of a register; here is what its two ends do besides.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/secret.h"
#include "lib/pseudonym/secret_element.h"

namespace sluis::pseudonym {

inline constexpr std::size_t kIndexKeySize = 16;
inline constexpr std::size_t kMaxInquiry = 256;
inline constexpr std::size_t kHitSize = 1 + kEd25519SignatureSize;  // of an answer, per position

// First 16 bytes of SHA512("sluis/index/v1\0" || P): personal data of the owner. A key without a
// match is dropped, in memory and on disk, once the answer left.
SecretBytes IndexKey(const IndexPseudonym& pseudonym);

// The size of a batch that hides how many of it are real: 1, 4, 16, 64 or 256. E_EMPTY_BATCH,
// E_BATCH_SIZE above 256.
absl::StatusOr<std::size_t> InquirySize(std::size_t real);

// A random element, which nobody can tell from a subject's.
GroupElement FillerElement();

// Where each real element goes in a batch of InquirySize(real), the rest being fillers: a uniform
// choice of distinct positions. Precondition: 1..256.
std::vector<std::uint32_t> MixPositions(std::size_t real);

// --- the answer: the content of a sealed field, 65 bytes per position ---
//
//   u8 hit || Ed25519 of the owner over "sluis/hit/v1\0" || exchange id 16 || u32 position || u8
//   hit
//
// A signature shown to the broker is the only thing that records a hit in a case.

// Precondition: 1..256 positions, false for fillers.
SecretBytes EncodeHits(const ExchangeId& exchange, std::span<const bool> hits,
                       const Ed25519PrivateKey& owner);

struct Hit {
  bool hit;
  Bytes signature;
};

// E_LENGTH unless `positions` of them, E_TYPE for a value other than 0 and 1, E_SIGNATURE.
absl::StatusOr<std::vector<Hit>> DecodeHits(const SecretBytes& content, const ExchangeId& exchange,
                                            std::size_t positions, const Ed25519PublicKey& owner);

// What the broker checks when a hit is presented. E_SIGNATURE.
absl::Status VerifyHit(const ExchangeId& exchange, std::uint32_t position, bool hit,
                       BytesView signature, const Ed25519PublicKey& owner);

}  // namespace sluis::pseudonym
