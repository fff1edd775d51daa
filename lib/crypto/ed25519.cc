#include "lib/crypto/ed25519.h"

#include <sodium.h>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/internal/raw_key.h"

namespace sluis {

absl::StatusOr<Ed25519PublicKey> Ed25519PublicKey::Parse(BytesView raw) {
  SLUIS_ASSIGN_OR_RETURN(EvpPkeyPtr key, PublicKeyFromRaw(EVP_PKEY_ED25519, raw));
  // OpenSSL takes any bytes here; a key of small order would accept signatures that nobody made.
  if (crypto_core_ed25519_is_valid_point(Data(raw)) != 1) {
    return Error(ErrorCode::kInvalid, "E_ELEMENT", "the bytes are not an Ed25519 public key");
  }
  const Digest bytes = RawPublicKey(key.get());
  return Ed25519PublicKey(bytes, std::make_shared<const KeyHandle>(std::move(key)));
}

absl::Status Ed25519PublicKey::Verify(BytesView message, BytesView signature) const {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  CryptoCheck(context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                                              handle_->get()) == 1,
              "Ed25519 verify init");
  if (EVP_DigestVerify(context.get(), Data(signature), signature.size(), Data(message),
                       message.size()) != 1) {
    return Error(ErrorCode::kInvalid, "E_SIGNATURE",
                 "the signature does not fit the bytes and the key");
  }
  return absl::OkStatus();
}

Digest Ed25519PublicKey::KeyId() const { return Sha256(AsView(raw_)); }

Ed25519PrivateKey::Ed25519PrivateKey(std::unique_ptr<KeyHandle> handle, Ed25519PublicKey public_key)
    : handle_(std::move(handle)), public_key_(std::move(public_key)) {}
Ed25519PrivateKey::Ed25519PrivateKey(Ed25519PrivateKey&&) noexcept = default;
Ed25519PrivateKey& Ed25519PrivateKey::operator=(Ed25519PrivateKey&&) noexcept = default;
Ed25519PrivateKey::~Ed25519PrivateKey() = default;

Ed25519PrivateKey Ed25519PrivateKey::Generate() {
  return FromSeed(SecretBytes::Random(kRawKeySize)).value();
}

absl::StatusOr<Ed25519PrivateKey> Ed25519PrivateKey::FromSeed(const SecretBytes& seed) {
  SLUIS_ASSIGN_OR_RETURN(EvpPkeyPtr key, PrivateKeyFromRaw(EVP_PKEY_ED25519, seed));
  SLUIS_ASSIGN_OR_RETURN(Ed25519PublicKey public_key,
                         Ed25519PublicKey::Parse(AsView(RawPublicKey(key.get()))));
  return Ed25519PrivateKey(std::make_unique<KeyHandle>(std::move(key)), std::move(public_key));
}

Bytes Ed25519PrivateKey::Sign(BytesView message) const {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  Bytes signature(kEd25519SignatureSize, '\0');
  std::size_t size = signature.size();
  CryptoCheck(
      context &&
          EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_->get()) == 1 &&
          EVP_DigestSign(context.get(), MutableData(signature), &size, Data(message),
                         message.size()) == 1 &&
          size == signature.size(),
      "Ed25519 sign");
  return signature;
}

SecretBytes Ed25519PrivateKey::Seed(SecretAccess) const { return RawPrivateKey(handle_->get()); }

}  // namespace sluis
