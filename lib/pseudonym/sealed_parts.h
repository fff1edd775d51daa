// What a transcryptor seals (pseudonyms.md §5, §7.2): a session share for its party, and the proof
// block of a hop for who verifies it (T1's for T2, T2's for the party of c_to). Sealed fields of
// §10 whose sender is (OIN of the transcryptor, TranscryptorUnit), case and purpose empty.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/secret.h"
#include "lib/crypto/x25519.h"
#include "lib/pseudonym/key_set.h"
#include "lib/pseudonym/signed_request.h"
#include "lib/pseudonym/structures.h"

namespace sluis::pseudonym {

// As who a transcryptor seals and opens.
PartyId PartyOf(const TranscryptorIdentity& transcryptor);

// To whom something is sealed.
struct SealRecipient {
  PartyId party;
  X25519PublicKey key;
};

// The nonce of the session call binds a share to it. The errors of Seal (lib/sealing).
absl::StatusOr<Bytes> SealShare(const ShareMaterial& share, const TranscryptorIdentity& sender,
                                const Ed25519PrivateKey& key, const SealRecipient& recipient,
                                const RequestNonce& nonce, absl::Time now);
// E_SIGNATURE, E_OPEN, those of ShareMaterial::Decode; E_OPEN for a share of another session call.
absl::StatusOr<ShareMaterial> OpenShare(BytesView sealed, const TranscryptorIdentity& sender,
                                        const PartyId& recipient, const X25519PrivateKey& key,
                                        const RequestNonce& nonce);

// The nonce of the request binds a block to it.
absl::StatusOr<Bytes> SealProofBlock(BytesView block, const TranscryptorIdentity& sender,
                                     const Ed25519PrivateKey& key, const SealRecipient& recipient,
                                     const RequestNonce& nonce, absl::Time now);
absl::StatusOr<Bytes> OpenProofBlock(BytesView sealed, const TranscryptorIdentity& sender,
                                     const PartyId& recipient, const X25519PrivateKey& key,
                                     const RequestNonce& nonce);

}  // namespace sluis::pseudonym
