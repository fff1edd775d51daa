// Authenticated encryption: AES-GCM (NIST SP 800-38D) and ChaCha20-Poly1305 (RFC 8439), 96-bit
// nonces and 128-bit tags, with the numbers of RFC 9180 §7.3.
#pragma once

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

enum class Aead : std::uint16_t { kAes128Gcm = 1, kAes256Gcm = 2, kChaCha20Poly1305 = 3 };

inline constexpr std::size_t kAeadNonceSize = 12;
inline constexpr std::size_t kAeadTagSize = 16;
std::size_t AeadKeySize(Aead aead);  // 16 or 32

// A key of one algorithm. Move-only, thread-safe. Sealing two messages under one nonce gives both
// away: who chooses nonces counts them, who cannot count uses SealRandom (at most 2^32 messages a
// key).
class AeadKey {
 public:
  // E_LENGTH unless the key has the size of the algorithm.
  static absl::StatusOr<AeadKey> Create(Aead aead, SecretBytes key);

  // Ciphertext and tag. Precondition: a nonce of 12 bytes, at most 2^31-1 bytes of each text.
  Bytes Seal(BytesView nonce, BytesView aad, BytesView plaintext) const;
  // E_OPEN for anything that was not sealed under this key, nonce and aad.
  absl::StatusOr<SecretBytes> Open(BytesView nonce, BytesView aad, BytesView ciphertext) const;
  // The same into a buffer of ciphertext size less the tag. Holds nothing of the message after a
  // failure.
  absl::Status OpenInto(BytesView nonce, BytesView aad, BytesView ciphertext,
                        std::span<std::uint8_t> out) const;

  // nonce || ciphertext || tag, with a random nonce.
  Bytes SealRandom(BytesView aad, BytesView plaintext) const;
  absl::StatusOr<SecretBytes> OpenRandom(BytesView aad, BytesView sealed) const;

 private:
  AeadKey(Aead aead, SecretBytes key) : aead_(aead), key_(std::move(key)) {}
  Aead aead_;
  SecretBytes key_;
};

}  // namespace sluis
