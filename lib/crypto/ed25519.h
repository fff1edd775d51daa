// Ed25519 (RFC 8032, pure). A party, a log and a broker each sign with a key of their own; a key id
// is the SHA-256 of the raw public key (pseudonyms.md §8.1).
#pragma once

#include <compare>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

class KeyHandle;  // OpenSSL's key, opaque outside lib/crypto

inline constexpr std::size_t kEd25519SignatureSize = 64;

// Copyable, thread-safe.
class Ed25519PublicKey {
 public:
  // E_LENGTH unless 32 bytes; E_ELEMENT unless the canonical encoding of a point of the prime-order
  // group.
  static absl::StatusOr<Ed25519PublicKey> Parse(BytesView raw);

  // E_SIGNATURE for anything but the signature of exactly this message.
  absl::Status Verify(BytesView message, BytesView signature) const;
  const Digest& raw() const { return raw_; }
  Digest KeyId() const;

  friend bool operator==(const Ed25519PublicKey& a, const Ed25519PublicKey& b) {
    return a.raw_ == b.raw_;
  }
  friend auto operator<=>(const Ed25519PublicKey& a, const Ed25519PublicKey& b) {
    return a.raw_ <=> b.raw_;
  }

 private:
  Ed25519PublicKey(const Digest& raw, std::shared_ptr<const KeyHandle> handle)
      : raw_(raw), handle_(std::move(handle)) {}
  Digest raw_;
  std::shared_ptr<const KeyHandle> handle_;
};

// Move-only, thread-safe. OpenSSL keeps a working copy in its own heap and wipes it when the key is
// freed.
class Ed25519PrivateKey {
 public:
  static Ed25519PrivateKey Generate();
  // E_LENGTH unless 32 bytes (the seed of RFC 8032 §5.1.5).
  static absl::StatusOr<Ed25519PrivateKey> FromSeed(const SecretBytes& seed);
  Ed25519PrivateKey(Ed25519PrivateKey&&) noexcept;
  Ed25519PrivateKey& operator=(Ed25519PrivateKey&&) noexcept;
  ~Ed25519PrivateKey();

  Bytes Sign(BytesView message) const;  // 64 bytes
  const Ed25519PublicKey& public_key() const { return public_key_; }
  SecretBytes Seed(SecretAccess access) const;

 private:
  Ed25519PrivateKey(std::unique_ptr<KeyHandle> handle, Ed25519PublicKey public_key);
  std::unique_ptr<KeyHandle> handle_;
  Ed25519PublicKey public_key_;
};

}  // namespace sluis
