// HPKE, base mode (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and one of three AEADs.
// OpenSSL 3.0 has none, so it stands here on EVP. Base mode does not tell who sealed: lib/sealing
// adds a signature.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/aead.h"
#include "lib/crypto/secret.h"
#include "lib/crypto/x25519.h"

namespace sluis {

inline constexpr std::uint16_t kHpkeKem = 0x0020;
inline constexpr std::uint16_t kHpkeKdf = 0x0001;

// What both sides derive (RFC 9180 §5.1): key, base nonce and exporter secret, and the running
// number. Move-only; one thread at a time.
class HpkeContext {
 public:
  // §5.3: up to 255 * 32 bytes bound to `context`.
  SecretBytes Export(BytesView context, std::size_t length) const;

 protected:
  HpkeContext(Aead aead, const SecretBytes& shared_secret, BytesView info);
  Bytes NextNonce() const;  // base nonce XOR number
  AeadKey key_;
  std::uint64_t number_ = 0;

 private:
  struct Schedule;
  HpkeContext(Aead aead, Schedule schedule);
  Aead aead_;
  SecretBytes base_nonce_;
  SecretBytes exporter_secret_;
};

class HpkeSender : public HpkeContext {
 public:
  // With a fresh ephemeral key. E_DH_ZERO if the recipient's key is of low order.
  static absl::StatusOr<HpkeSender> Create(Aead aead, const X25519PublicKey& recipient,
                                           BytesView info);
  // The encapsulated key, 32 bytes, to be sent along.
  const Digest& enc() const { return enc_; }
  // The next message; order matters to the recipient.
  Bytes Seal(BytesView aad, BytesView plaintext);

 private:
  friend class HpkeTestAccess;  // hpke_testonly.h
  static absl::StatusOr<HpkeSender> CreateWithEphemeral(Aead aead, const X25519PublicKey& recipient,
                                                        BytesView info,
                                                        const X25519PrivateKey& ephemeral);
  HpkeSender(Aead aead, const SecretBytes& shared_secret, BytesView info, const Digest& enc)
      : HpkeContext(aead, shared_secret, info), enc_(enc) {}
  Digest enc_;
};

class HpkeRecipient : public HpkeContext {
 public:
  // E_LENGTH unless enc has 32 bytes; E_DH_ZERO if it is a key of low order.
  static absl::StatusOr<HpkeRecipient> Create(Aead aead, BytesView enc, const X25519PrivateKey& key,
                                              BytesView info);
  // The next message. E_OPEN if it is not; the number then stays.
  absl::StatusOr<SecretBytes> Open(BytesView aad, BytesView ciphertext);

 private:
  HpkeRecipient(Aead aead, const SecretBytes& shared_secret, BytesView info)
      : HpkeContext(aead, shared_secret, info) {}
};

}  // namespace sluis
