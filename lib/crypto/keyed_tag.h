// Short keyed hashes (SipHash-2-4 of libsodium) for sets in memory: who does not hold the key of
// the process learns nothing from a tag, and nobody can choose inputs that collide.
#pragma once

#include <cstdint>

#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

// Under a random key of its own. Thread-safe; move-only.
class KeyedTag {
 public:
  KeyedTag();
  // Two different texts of n meet by chance once in n^2 / 2^65.
  std::uint64_t Of(BytesView text) const;

 private:
  SecretBytes key_;
};

}  // namespace sluis
