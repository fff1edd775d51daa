// Raw 32-byte keys of the two curves in and out of OpenSSL.
#pragma once

#include "absl/status/statusor.h"
#include "lib/crypto/internal/openssl.h"
#include "lib/crypto/secret.h"

namespace sluis {

inline constexpr std::size_t kRawKeySize = 32;

// `type` is EVP_PKEY_ED25519 or EVP_PKEY_X25519. E_LENGTH unless 32 bytes.
absl::StatusOr<EvpPkeyPtr> PublicKeyFromRaw(int type, BytesView raw);
absl::StatusOr<EvpPkeyPtr> PrivateKeyFromRaw(int type, const SecretBytes& raw);

Digest RawPublicKey(const EVP_PKEY* key);
SecretBytes RawPrivateKey(const EVP_PKEY* key);

}  // namespace sluis
