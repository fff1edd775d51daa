#include "lib/pseudonym/sealed_parts.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"
#include "lib/sealing/sealed_field.h"

namespace sluis::pseudonym {
namespace {

constexpr char kShareField[] = "session-share";
constexpr char kProofField[] = "proof-block";

SealId IdOf(BytesView bytes) {
  SealId id{};
  std::copy_n(Data(bytes), std::min(bytes.size(), id.size()), id.begin());
  return id;
}

SealId IdOf(const Context& context) { return IdOf(HexDecode(context.session()).value()); }

SealContext ContextOf(const PartyId& sender, const PartyId& recipient) {
  SealContext context;
  context.sender = sender;
  context.recipient = recipient;
  return context;
}

FieldLabel LabelOf(const char* field, const SealId& id, const SealedFor& parties) {
  FieldLabel label;
  label.schema = "pseudonym";
  label.field = field;
  label.created = parties.created;
  label.expires = parties.expires;
  label.seal_id = id;
  return label;
}

absl::Status CheckLabel(const FieldLabel& label, const char* field, const SealId& id) {
  if (label.schema == "pseudonym" && label.schema_version == 1 && label.field == field &&
      label.seal_id == id) {
    return absl::OkStatus();
  }
  return Refuse("E_STATEMENT", "something else was sealed than what is opened here");
}

}  // namespace

absl::StatusOr<Bytes> SealShare(const ShareMaterial& share, const Context& context,
                                const SealedFor& parties, const X25519PublicKey& recipient,
                                const Ed25519PrivateKey& transcryptor) {
  const SecretBytes content = share.Encode();
  return Seal(ContextOf(parties.sender, parties.recipient),
              LabelOf(kShareField, IdOf(context), parties),
              content.Reveal(SecretAccess::ForCrypto()), recipient, transcryptor);
}

absl::StatusOr<ShareMaterial> OpenShare(BytesView sealed, const Context& context,
                                        const PartyId& sender, const X25519PrivateKey& recipient,
                                        const Ed25519PublicKey& transcryptor, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const PartyId party, context.party().ToPartyId());
  SLUIS_ASSIGN_OR_RETURN(const OpenedField opened, OpenSealed(sealed, ContextOf(sender, party),
                                                              recipient, transcryptor, now));
  SLUIS_RETURN_IF_ERROR(CheckLabel(opened.label, kShareField, IdOf(context)));
  return ShareMaterial::Decode(opened.content);
}

absl::StatusOr<Bytes> SealProofBlock(BytesView block, const Digest& signed_request,
                                     const SealedFor& parties, const X25519PublicKey& recipient,
                                     const Ed25519PrivateKey& transcryptor) {
  return Seal(ContextOf(parties.sender, parties.recipient),
              LabelOf(kProofField, IdOf(AsView(signed_request)), parties), block, recipient,
              transcryptor);
}

absl::StatusOr<SecretBytes> OpenProofBlock(BytesView sealed, const Digest& signed_request,
                                           const PartyId& sender, const PartyId& recipient,
                                           const X25519PrivateKey& key,
                                           const Ed25519PublicKey& transcryptor, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(OpenedField opened,
                         OpenSealed(sealed, ContextOf(sender, recipient), key, transcryptor, now));
  SLUIS_RETURN_IF_ERROR(CheckLabel(opened.label, kProofField, IdOf(AsView(signed_request))));
  return std::move(opened.content);
}

}  // namespace sluis::pseudonym
