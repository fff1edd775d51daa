#include "lib/crypto/x25519.h"

#include <sodium.h>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/internal/raw_key.h"

namespace sluis {

absl::StatusOr<X25519PublicKey> X25519PublicKey::Parse(BytesView raw) {
  SLUIS_ASSIGN_OR_RETURN(EvpPkeyPtr key, PublicKeyFromRaw(EVP_PKEY_X25519, raw));
  const Digest bytes = RawPublicKey(key.get());
  return X25519PublicKey(bytes, std::make_shared<const KeyHandle>(std::move(key)));
}

Digest X25519PublicKey::KeyId() const { return Sha256(AsView(raw_)); }

X25519PrivateKey::X25519PrivateKey(std::unique_ptr<KeyHandle> handle, X25519PublicKey public_key)
    : handle_(std::move(handle)), public_key_(std::move(public_key)) {}
X25519PrivateKey::X25519PrivateKey(X25519PrivateKey&&) noexcept = default;
X25519PrivateKey& X25519PrivateKey::operator=(X25519PrivateKey&&) noexcept = default;
X25519PrivateKey::~X25519PrivateKey() = default;

X25519PrivateKey X25519PrivateKey::Generate() {
  return FromBytes(SecretBytes::Random(kRawKeySize)).value();
}

absl::StatusOr<X25519PrivateKey> X25519PrivateKey::FromBytes(const SecretBytes& raw) {
  SLUIS_ASSIGN_OR_RETURN(EvpPkeyPtr key, PrivateKeyFromRaw(EVP_PKEY_X25519, raw));
  SLUIS_ASSIGN_OR_RETURN(X25519PublicKey public_key,
                         X25519PublicKey::Parse(AsView(RawPublicKey(key.get()))));
  return X25519PrivateKey(std::make_unique<KeyHandle>(std::move(key)), std::move(public_key));
}

absl::StatusOr<SecretBytes> X25519PrivateKey::Agree(const X25519PublicKey& other) const {
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(handle_->get(), nullptr));
  CryptoCheck(context && EVP_PKEY_derive_init(context.get()) == 1 &&
                  EVP_PKEY_derive_set_peer(context.get(), other.handle_->get()) == 1,
              "X25519 init");
  SecretBytes shared(kRawKeySize);
  std::size_t size = shared.size();
  const auto out = shared.RevealForWriting(SecretAccess::ForCrypto());
  // OpenSSL fails by itself on an all-zero result; the explicit test does not depend on that.
  const bool derived = EVP_PKEY_derive(context.get(), out.data(), &size) == 1 && size == out.size();
  if (!derived || sodium_is_zero(out.data(), out.size()) == 1) {
    return Error(ErrorCode::kInvalid, "E_DH_ZERO", "the key agreement has no secret result");
  }
  return shared;
}

SecretBytes X25519PrivateKey::Raw(SecretAccess) const { return RawPrivateKey(handle_->get()); }

}  // namespace sluis
