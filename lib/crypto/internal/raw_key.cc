#include "lib/crypto/internal/raw_key.h"

#include "lib/base/error.h"

namespace sluis {
namespace {

absl::Status WrongLength() {
  return Error(ErrorCode::kInvalid, "E_LENGTH", "a key of this kind is 32 bytes");
}

}  // namespace

absl::StatusOr<EvpPkeyPtr> PublicKeyFromRaw(int type, BytesView raw) {
  if (raw.size() != kRawKeySize) return WrongLength();
  EvpPkeyPtr key(EVP_PKEY_new_raw_public_key(type, nullptr, Data(raw), raw.size()));
  CryptoCheck(key != nullptr, "raw public key");
  return key;
}

absl::StatusOr<EvpPkeyPtr> PrivateKeyFromRaw(int type, const SecretBytes& raw) {
  if (raw.size() != kRawKeySize) return WrongLength();
  const BytesView bytes = raw.Reveal(SecretAccess::ForCrypto());
  EvpPkeyPtr key(EVP_PKEY_new_raw_private_key(type, nullptr, Data(bytes), bytes.size()));
  CryptoCheck(key != nullptr, "raw private key");
  return key;
}

Digest RawPublicKey(const EVP_PKEY* key) {
  Digest raw;
  std::size_t size = raw.size();
  CryptoCheck(EVP_PKEY_get_raw_public_key(key, raw.data(), &size) == 1 && size == raw.size(),
              "raw public key");
  return raw;
}

SecretBytes RawPrivateKey(const EVP_PKEY* key) {
  SecretBytes raw(kRawKeySize);
  std::size_t size = raw.size();
  const auto out = raw.RevealForWriting(SecretAccess::ForCrypto());
  CryptoCheck(EVP_PKEY_get_raw_private_key(key, out.data(), &size) == 1 && size == raw.size(),
              "raw private key");
  return raw;
}

}  // namespace sluis
