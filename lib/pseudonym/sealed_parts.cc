#include "lib/pseudonym/sealed_parts.h"

#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"
#include "lib/sealing/sealed_field.h"

namespace sluis::pseudonym {
namespace {

constexpr char kShareField[] = "session-share";
constexpr char kBlockField[] = "proof-block";
constexpr char kSchema[] = "sluis-transcryptor";
// As long as an exchange may wait for who opens it, and a day more.
constexpr absl::Duration kLife = absl::Hours(96);

SealContext ContextOf(const TranscryptorIdentity& sender, const PartyId& recipient) {
  return {.sender = PartyOf(sender), .recipient = recipient, .case_id = {}, .purpose = {}};
}

FieldLabel LabelOf(const char* field, const RequestNonce& nonce, absl::Time now) {
  const absl::Time created = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  return {.schema = kSchema,
          .field = field,
          .legal_basis = {},
          .created = created,
          .expires = created + kLife,
          .seal_id = nonce};
}

// Opened at the recipient's leisure: what counts is the request or session that it belongs to.
absl::StatusOr<SecretBytes> Open(BytesView sealed, const char* field,
                                 const TranscryptorIdentity& sender, const PartyId& recipient,
                                 const X25519PrivateKey& key, const RequestNonce& nonce) {
  SLUIS_ASSIGN_OR_RETURN(const SealedView view, ParseSealed(sealed));
  SLUIS_ASSIGN_OR_RETURN(
      const VerifiedField verified,
      VerifySealed(view, ContextOf(sender, recipient), key.public_key(), sender.signing));
  const FieldLabel& label = verified.label();
  if (label.schema != kSchema || label.field != field || label.seal_id != nonce) {
    return Refuse("E_OPEN", "a sealed part of another call");
  }
  return verified.Open(key);
}

}  // namespace

PartyId PartyOf(const TranscryptorIdentity& transcryptor) {
  return {transcryptor.oin, UnitPath::Parse("transcryptor/sluis").value()};
}

absl::StatusOr<Bytes> SealShare(const ShareMaterial& share, const TranscryptorIdentity& sender,
                                const Ed25519PrivateKey& key, const SealRecipient& recipient,
                                const RequestNonce& nonce, absl::Time now) {
  const SecretBytes content = share.Encode();
  return Seal(ContextOf(sender, recipient.party), LabelOf(kShareField, nonce, now),
              content.Reveal(SecretAccess::ForRecipient()), recipient.key, key);
}

absl::StatusOr<ShareMaterial> OpenShare(BytesView sealed, const TranscryptorIdentity& sender,
                                        const PartyId& recipient, const X25519PrivateKey& key,
                                        const RequestNonce& nonce) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes content,
                         Open(sealed, kShareField, sender, recipient, key, nonce));
  return ShareMaterial::Decode(content);
}

absl::StatusOr<Bytes> SealProofBlock(BytesView block, const TranscryptorIdentity& sender,
                                     const Ed25519PrivateKey& key, const SealRecipient& recipient,
                                     const RequestNonce& nonce, absl::Time now) {
  return Seal(ContextOf(sender, recipient.party), LabelOf(kBlockField, nonce, now), block,
              recipient.key, key);
}

absl::StatusOr<Bytes> OpenProofBlock(BytesView sealed, const TranscryptorIdentity& sender,
                                     const PartyId& recipient, const X25519PrivateKey& key,
                                     const RequestNonce& nonce) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes content,
                         Open(sealed, kBlockField, sender, recipient, key, nonce));
  return Bytes(content.Reveal(SecretAccess::ForCrypto()));
}

}  // namespace sluis::pseudonym
