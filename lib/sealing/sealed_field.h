// Sealed fields (pseudonyms.md §10): content that one party seals to another with HPKE base mode,
// signed by the sender and bound to both parties, case, purpose, field and exchange. Everybody can
// read the frame and check the signature, the broker too; only the recipient opens, and only what
// was verified.
//
//   info   = "sluis/seal/v1\0" || u16 kem || u16 kdf || u16 aead || lp2(sender OIN) || lp2(sender
//   unit) ||
//            lp2(recipient OIN) || lp2(recipient unit) || lp2(case) || lp2(purpose) ||
//            SHA256(recipient key)
//   aad    = u8 01 || lp2(schema) || u16 schema version || lp2(field) || lp2(legal basis) || u64
//   created ||
//            u64 expires || item digest 32 || seal id 16 || u32 bucket
//   Sealed = lp2(aad) || enc 32 || u32 len(ct) || ct || Ed25519 over "sluis/sealed/v1\0" ||
//   SHA256(info) ||
//            SHA256(aad) || enc || SHA256(ct)
#pragma once

#include <array>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/hpke.h"
#include "lib/crypto/secret.h"
#include "lib/crypto/x25519.h"

namespace sluis {

using SealId = std::array<std::uint8_t, 16>;

// What both sides know without being told in the sealed bytes; the wrong context fails with
// E_SIGNATURE.
struct SealContext {
  PartyId sender;
  PartyId recipient;
  std::string case_id;  // 32 lower-case hex characters, or empty
  std::string purpose;  // code of the vocabulary, or empty
  Aead aead = Aead::kAes256Gcm;
};

// What stands readable in the frame. Never about a person.
struct FieldLabel {
  std::string schema;
  std::uint16_t schema_version = 1;
  std::string field;
  std::string legal_basis;  // may be empty
  absl::Time created;       // whole seconds
  absl::Time expires;
  Digest item_digest{};  // SHA256(B0 || C0) of the sender's item, zeros if none
  SealId seal_id{};      // in a release the exchange id; in a request the request id; else random
  bool operator==(const FieldLabel&) const = default;
};

// The parsed frame. The views end with the bytes that were parsed.
struct SealedView {
  FieldLabel label;
  std::uint32_t bucket = 0;
  BytesView aad;
  BytesView enc;  // 32 bytes
  BytesView ciphertext;
  BytesView signature;  // 64 bytes
  Digest digest;        // SHA-256 of the whole: the pd of an item, the line of a release header
};

// A field whose signature was checked. Only this opens. Lives no longer than the view's bytes.
class VerifiedField {
 public:
  const FieldLabel& label() const { return view_.label; }
  const SealedView& view() const { return view_; }
  // E_OPEN with another key than the recipient's; E_PADDING; E_DH_ZERO.
  absl::StatusOr<SecretBytes> Open(const X25519PrivateKey& key) const;

 private:
  friend absl::StatusOr<VerifiedField> VerifySealed(const SealedView&, const SealContext&,
                                                    const X25519PublicKey&,
                                                    const Ed25519PublicKey&);
  VerifiedField(const SealedView& view, Aead aead, Bytes info)
      : view_(view), aead_(aead), info_(std::move(info)) {}
  SealedView view_;
  Aead aead_;
  Bytes info_;
};

struct OpenedField {
  FieldLabel label;
  SecretBytes content;
};

// Seals `content` (at most 1 MiB less 4 bytes, else E_LENGTH). E_STATEMENT for a context or label
// that cannot be written down; E_LIFETIME if it expires before it is created; E_TYPE for an AEAD
// that is for tests only.
absl::StatusOr<Bytes> Seal(const SealContext& context, const FieldLabel& label, BytesView content,
                           const X25519PublicKey& recipient, const Ed25519PrivateKey& sender);

// The frame alone: E_TRUNCATED, E_TRAILING, E_VERSION. Nothing of it is to be believed before
// VerifySealed.
absl::StatusOr<SealedView> ParseSealed(BytesView sealed);

// Without any secret: E_SIGNATURE unless the sender signed exactly this for this context and
// recipient key; then E_STATEMENT, E_LIFETIME and E_PADDING for labels and sizes that an honest
// sender does not write.
absl::StatusOr<VerifiedField> VerifySealed(const SealedView& view, const SealContext& context,
                                           const X25519PublicKey& recipient,
                                           const Ed25519PublicKey& sender);

// Parse, verify, look at the time, open. E_EXPIRED unless now is within [created - 60 s, expires +
// 60 s].
absl::StatusOr<OpenedField> OpenSealed(BytesView sealed, const SealContext& context,
                                       const X25519PrivateKey& recipient,
                                       const Ed25519PublicKey& sender, absl::Time now);

// The time rule of OpenSealed by itself.
absl::Status CheckSealTime(const FieldLabel& label, absl::Time now);

// The `info` bytes.
Bytes SealInfo(const SealContext& context, const X25519PublicKey& recipient);

}  // namespace sluis
