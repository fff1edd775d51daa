// Verifier keys of the C2SP signed-note format (log.md A4): who may sign notes, and how.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"

namespace sluis::tlog {

// Signature types that we can verify. Lines of other types (ECDSA 02, RFC 6962 tree heads 05,
// ML-DSA-44 06, others ff) carry key ids that no key of ours has, and are skipped.
enum class KeyType : std::uint8_t { kEd25519 = 0x01, kCosignature = 0x04 };

using KeyId = std::array<std::uint8_t, 4>;

// Not empty, at most 255 bytes, valid UTF-8, no byte below 0x20, no Unicode space, no '+'.
bool IsKeyName(std::string_view name);

// Immutable, thread-safe.
class VerifierKey {
 public:
  // E_VKEY unless IsKeyName(name).
  static absl::StatusOr<VerifierKey> Create(std::string_view name, KeyType type,
                                            const Ed25519PublicKey& public_key);
  // `name+hex(keyid)+base64(type || pubkey)` with the one spelling that Format() writes; E_VKEY.
  static absl::StatusOr<VerifierKey> Parse(std::string_view vkey);
  std::string Format() const;

  const std::string& name() const { return name_; }
  KeyType type() const { return type_; }
  const KeyId& id() const { return id_; }
  const Ed25519PublicKey& public_key() const { return public_key_; }
  bool operator==(const VerifierKey& other) const {
    return name_ == other.name_ && type_ == other.type_ && public_key_ == other.public_key_;
  }

 private:
  VerifierKey(std::string_view name, KeyType type, const Ed25519PublicKey& public_key);
  std::string name_;
  KeyType type_;
  KeyId id_;
  Ed25519PublicKey public_key_;
};

}  // namespace sluis::tlog
