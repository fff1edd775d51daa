// Hashing into ristretto255 (RFC 9380 §5.3.1 expand_message_xmd with SHA-512; the names and context
// strings of RFC 9497 §4.1 and draft-doesburg-cfrg-coprf), and the factors that are derived from a
// transcryptor's long secrets. Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ristretto255.h"
#include "lib/crypto/secret.h"

namespace sluis {

// "coPRFV1-ristretto255-SHA512": no mode byte.
inline constexpr BytesView kCoPrfContext = "coPRFV1-ristretto255-SHA512";

// Preconditions: dst 1..255 bytes, length 1..64.
Bytes ExpandMessageXmd(std::initializer_list<BytesView> message, BytesView dst, std::size_t length);

// `dst` is "HashToGroup-" || context. A message of more than 65535 bytes is hashed first.
GroupElement HashToGroup(BytesView message, BytesView context = kCoPrfContext);
// With "HashToScalar-" || context, of the concatenation. For public input.
Scalar HashToScalar(std::initializer_list<BytesView> message, BytesView context = kCoPrfContext);
// With a whole domain separation tag of its own.
Scalar HashToScalarWithDst(std::initializer_list<BytesView> message, BytesView dst);

enum class FactorLabel : std::uint8_t { kRekeyPseudonym = 1, kRekeyAttribute = 2, kReshuffle = 3 };

// A factor that is neither 0 nor 1, from lp2(secret) || u8(label) || lp2(id) || u8(counter). In
// constant time in the secret and the id, which may hold a case salt, but for the counter, whose
// first value serves but with probability 2^-251. Preconditions: both at most 65535 bytes.
SecretScalar DeriveFactor(const SecretBytes& secret, FactorLabel label, BytesView id);

}  // namespace sluis
