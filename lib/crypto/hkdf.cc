#include "lib/crypto/hkdf.h"

#include <sodium.h>

#include <algorithm>
#include <vector>

#include "lib/crypto/hash.h"
#include "lib/crypto/internal/openssl.h"

namespace sluis {

SecretBytes HkdfExtract(BytesView salt, std::initializer_list<BytesView> input_key) {
  Digest digest = HmacSha256(salt, input_key);
  SecretBytes key = SecretBytes::CopyOf(AsView(digest));
  sodium_memzero(digest.data(), digest.size());
  return key;
}

SecretBytes HkdfExpand(const SecretBytes& pseudorandom_key, std::initializer_list<BytesView> info,
                       std::size_t length) {
  CryptoCheck(length <= 255 * sizeof(Digest), "HKDF output length");
  Bytes joined;
  for (BytesView part : info) joined.append(part);
  SecretBytes out(length);
  const auto place = out.RevealForWriting(SecretAccess::ForCrypto());
  Digest block{};
  for (std::size_t done = 0, counter = 1; done < length; ++counter) {
    const char number = static_cast<char>(counter);
    const BytesView previous = done == 0 ? BytesView() : AsView(block);
    block = HmacSha256(pseudorandom_key.Reveal(SecretAccess::ForCrypto()),
                       {previous, joined, {&number, 1}});
    const std::size_t n = std::min(block.size(), length - done);
    std::copy_n(block.begin(), n, place.begin() + static_cast<std::ptrdiff_t>(done));
    done += n;
  }
  sodium_memzero(block.data(), block.size());
  return out;
}

}  // namespace sluis
