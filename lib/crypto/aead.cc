#include "lib/crypto/aead.h"

#include <sodium.h>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/internal/openssl.h"
#include "lib/crypto/random.h"

namespace sluis {
namespace {

// Fetched once and kept for the life of the process.
const EVP_CIPHER* Method(Aead aead) {
  static const EVP_CIPHER* const aes128 = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  static const EVP_CIPHER* const aes256 = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  static const EVP_CIPHER* const chacha = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  switch (aead) {
    case Aead::kAes128Gcm:
      return aes128;
    case Aead::kAes256Gcm:
      return aes256;
    case Aead::kChaCha20Poly1305:
      return chacha;
  }
  CryptoFailure("unknown AEAD");
}

int Size(BytesView bytes) { return static_cast<int>(bytes.size()); }

// A context that has taken key, nonce and aad, in one direction.
EvpCipherCtxPtr Start(Aead aead, const SecretBytes& key, BytesView nonce, BytesView aad,
                      bool encrypt) {
  CryptoCheck(nonce.size() == kAeadNonceSize, "AEAD nonce size");
  EvpCipherCtxPtr context(EVP_CIPHER_CTX_new());
  const BytesView key_bytes = key.Reveal(SecretAccess::ForCrypto());
  int ignored = 0;
  CryptoCheck(context &&
                  EVP_CipherInit_ex2(context.get(), Method(aead), Data(key_bytes), Data(nonce),
                                     encrypt ? 1 : 0, nullptr) == 1 &&
                  EVP_CipherUpdate(context.get(), nullptr, &ignored, Data(aad), Size(aad)) == 1,
              "AEAD init");
  return context;
}

absl::Status OpenError() {
  return Error(ErrorCode::kInvalid, "E_OPEN", "the sealed bytes do not open");
}

}  // namespace

std::size_t AeadKeySize(Aead aead) { return aead == Aead::kAes128Gcm ? 16 : 32; }

absl::StatusOr<AeadKey> AeadKey::Create(Aead aead, SecretBytes key) {
  if (key.size() != AeadKeySize(aead)) {
    return Error(ErrorCode::kInvalid, "E_LENGTH", "the key does not have the size of the cipher");
  }
  return AeadKey(aead, std::move(key));
}

Bytes AeadKey::Seal(BytesView nonce, BytesView aad, BytesView plaintext) const {
  const EvpCipherCtxPtr context = Start(aead_, key_, nonce, aad, /*encrypt=*/true);
  Bytes out(plaintext.size() + kAeadTagSize, '\0');
  std::uint8_t* const tag = MutableData(out) + plaintext.size();
  int written = 0;
  int ignored = 0;
  CryptoCheck((plaintext.empty() || EVP_CipherUpdate(context.get(), MutableData(out), &written,
                                                     Data(plaintext), Size(plaintext)) == 1) &&
                  written == Size(plaintext) &&
                  EVP_CipherFinal_ex(context.get(), tag, &ignored) == 1 &&
                  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagSize, tag) == 1,
              "AEAD seal");
  return out;
}

absl::StatusOr<SecretBytes> AeadKey::Open(BytesView nonce, BytesView aad,
                                          BytesView ciphertext) const {
  if (ciphertext.size() < kAeadTagSize) return OpenError();
  SecretBytes plaintext(ciphertext.size() - kAeadTagSize);
  SLUIS_RETURN_IF_ERROR(
      OpenInto(nonce, aad, ciphertext, plaintext.RevealForWriting(SecretAccess::ForCrypto())));
  return plaintext;
}

absl::Status AeadKey::OpenInto(BytesView nonce, BytesView aad, BytesView ciphertext,
                               std::span<std::uint8_t> out) const {
  if (ciphertext.size() < kAeadTagSize || ciphertext.size() - kAeadTagSize != out.size())
    return OpenError();
  const EvpCipherCtxPtr context = Start(aead_, key_, nonce, aad, /*encrypt=*/false);
  const BytesView body = ciphertext.substr(0, out.size());
  Bytes tag(ciphertext.substr(out.size()));
  std::uint8_t nothing[1];
  int written = 0;
  int ignored = 0;
  const bool opened =
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, tag.data()) == 1 &&
      (body.empty() ||
       EVP_CipherUpdate(context.get(), out.data(), &written, Data(body), Size(body)) == 1) &&
      written == Size(body) && EVP_CipherFinal_ex(context.get(), nothing, &ignored) == 1;
  if (opened) return absl::OkStatus();
  if (!out.empty()) sodium_memzero(out.data(), out.size());
  return OpenError();
}

Bytes AeadKey::SealRandom(BytesView aad, BytesView plaintext) const {
  Bytes out = RandomBytes(kAeadNonceSize);
  out += Seal(out, aad, plaintext);
  return out;
}

absl::StatusOr<SecretBytes> AeadKey::OpenRandom(BytesView aad, BytesView sealed) const {
  if (sealed.size() < kAeadNonceSize) return OpenError();
  return Open(sealed.substr(0, kAeadNonceSize), aad, sealed.substr(kAeadNonceSize));
}

}  // namespace sluis
