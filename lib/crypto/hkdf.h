// HKDF with SHA-256 (RFC 5869). Thread-safe.
#pragma once

#include <initializer_list>

#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

// 32 bytes, from the concatenation of the parts.
SecretBytes HkdfExtract(BytesView salt, std::initializer_list<BytesView> input_key);

// Precondition: length at most 255 * 32.
SecretBytes HkdfExpand(const SecretBytes& pseudorandom_key, std::initializer_list<BytesView> info,
                       std::size_t length);

}  // namespace sluis
