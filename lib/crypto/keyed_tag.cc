#include "lib/crypto/keyed_tag.h"

#include <sodium.h>

#include <cstring>

namespace sluis {

static_assert(crypto_shorthash_BYTES == sizeof(std::uint64_t));

KeyedTag::KeyedTag() : key_(SecretBytes::Random(crypto_shorthash_KEYBYTES)) {}

std::uint64_t KeyedTag::Of(BytesView text) const {
  unsigned char out[crypto_shorthash_BYTES];
  const BytesView key = key_.Reveal(SecretAccess::ForCrypto());
  crypto_shorthash(out, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                   reinterpret_cast<const unsigned char*>(key.data()));
  std::uint64_t tag = 0;
  std::memcpy(&tag, out, sizeof(tag));
  return tag;
}

}  // namespace sluis
