// What a transcryptor seals (pseudonyms.md §5, §7.2): a session share to the party, a proof block
// to the other transcryptor (T1's) or to the recipient (T2's). Sender is (OIN of the transcryptor,
// unit `transcryptor`), case and purpose are empty, schema `pseudonym` version 1, field
// `session-share` or `proof-block`. The seal id binds: of a share it is the session id, of a proof
// block the first 16 bytes of the digest of the signed request, so that neither can be given for
// another.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/x25519.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/structures.h"

namespace sluis::pseudonym {

// A transcryptor as a party of sealing.
inline PartyId TranscryptorParty(const Oin& oin) { return {oin, UnitPath::Transcryptor()}; }

// Who seals to whom, and how long what is sealed may wait.
struct SealedFor {
  PartyId sender, recipient;
  absl::Time created, expires;
};

absl::StatusOr<Bytes> SealShare(const ShareMaterial& share, const Context& context,
                                const SealedFor& parties, const X25519PublicKey& recipient,
                                const Ed25519PrivateKey& transcryptor);
// As OpenSealed; E_STATEMENT unless it is a share of this session.
absl::StatusOr<ShareMaterial> OpenShare(BytesView sealed, const Context& context,
                                        const PartyId& sender, const X25519PrivateKey& recipient,
                                        const Ed25519PublicKey& transcryptor, absl::Time now);

absl::StatusOr<Bytes> SealProofBlock(BytesView block, const Digest& signed_request,
                                     const SealedFor& parties, const X25519PublicKey& recipient,
                                     const Ed25519PrivateKey& transcryptor);
// The encoded block. As OpenSealed; E_STATEMENT unless it is about this request.
absl::StatusOr<SecretBytes> OpenProofBlock(BytesView sealed, const Digest& signed_request,
                                           const PartyId& sender, const PartyId& recipient,
                                           const X25519PrivateKey& key,
                                           const Ed25519PublicKey& transcryptor, absl::Time now);

}  // namespace sluis::pseudonym
