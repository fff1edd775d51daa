// X25519 (RFC 7748): the key agreement under HPKE.
#pragma once

#include <compare>
#include <memory>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

class KeyHandle;  // OpenSSL's key, opaque outside lib/crypto

// Copyable, thread-safe.
class X25519PublicKey {
 public:
  // E_LENGTH unless 32 bytes. Any 32 bytes are a public key; those of low order fail in the
  // agreement.
  static absl::StatusOr<X25519PublicKey> Parse(BytesView raw);
  const Digest& raw() const { return raw_; }
  Digest KeyId() const;  // SHA-256 of the raw key

  friend bool operator==(const X25519PublicKey& a, const X25519PublicKey& b) {
    return a.raw_ == b.raw_;
  }
  friend auto operator<=>(const X25519PublicKey& a, const X25519PublicKey& b) {
    return a.raw_ <=> b.raw_;
  }

 private:
  friend class X25519PrivateKey;
  X25519PublicKey(const Digest& raw, std::shared_ptr<const KeyHandle> handle)
      : raw_(raw), handle_(std::move(handle)) {}
  Digest raw_;
  std::shared_ptr<const KeyHandle> handle_;
};

// Move-only, thread-safe. OpenSSL keeps a working copy in its own heap and wipes it when the key is
// freed.
class X25519PrivateKey {
 public:
  static X25519PrivateKey Generate();
  static absl::StatusOr<X25519PrivateKey> FromBytes(
      const SecretBytes& raw);  // E_LENGTH unless 32 bytes
  X25519PrivateKey(X25519PrivateKey&&) noexcept;
  X25519PrivateKey& operator=(X25519PrivateKey&&) noexcept;
  ~X25519PrivateKey();

  // The 32-byte shared secret; E_DH_ZERO if it is all zero (a public key of low order).
  absl::StatusOr<SecretBytes> Agree(const X25519PublicKey& other) const;
  const X25519PublicKey& public_key() const { return public_key_; }
  SecretBytes Raw(SecretAccess access) const;

 private:
  X25519PrivateKey(std::unique_ptr<KeyHandle> handle, X25519PublicKey public_key);
  std::unique_ptr<KeyHandle> handle_;
  X25519PublicKey public_key_;
};

}  // namespace sluis
