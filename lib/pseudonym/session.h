// Sessions (pseudonyms.md §5): a key of at most 30 days under which a party receives. Each
// transcryptor gives one share of it, sealed to the party; neither knows the key.
//
//   SessionHead = u8 01 || u8 10 (hex) || lp2(OIN) || lp2(unit) || key id 32 || lp2(c) || nonce 16
//   ||
//                 u64 issued || u64 expires || u64 end
//   on the wire [O] u32 len || SessionHead || signature 64 over "sluis/session/v1\0" ||
//                 SHA256(SessionHead). The same with end = issued revokes c.
//
//   u_i = x_i*k_c,i   sk_c = u_1*u_2   Y' = k_c,1*Y   Y_c = k_c,2*Y' = sk_c*G
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/ceremony.h"
#include "lib/pseudonym/dleq.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/signed_request.h"
#include "lib/pseudonym/structures.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::pseudonym {

inline constexpr std::uint64_t kMaxSessionLife = 2'592'000;  // seconds from issued to end

struct SessionHead {
  Party signer;
  Digest key_id;
  Bytes context;
  RequestNonce nonce;
  std::uint64_t issued, expires, end;  // Unix seconds

  // E_TRUNCATED, E_TRAILING, E_VERSION, E_TYPE.
  static absl::StatusOr<SessionHead> Decode(BytesView bytes);
  Bytes Encode() const;
};

// Immutable, copyable, thread-safe.
class SignedSession {
 public:
  static absl::StatusOr<SignedSession> Decode(BytesView bytes);
  const SessionHead& head() const { return head_; }
  const Bytes& bytes() const { return bytes_; }
  Digest digest() const;
  bool revokes() const { return head_.end == head_.issued; }
  absl::Status VerifySignature(const Ed25519PublicKey& key) const;  // E_SIGNATURE

 private:
  SignedSession(SessionHead head, Bytes bytes) : head_(std::move(head)), bytes_(std::move(bytes)) {}
  SessionHead head_;
  Bytes bytes_;
};

// Opens `context`, or revokes it with end = issued. E_SENDER, E_LIFETIME.
absl::StatusOr<SignedSession> SignSession(const Context& context, absl::Time issued,
                                          absl::Time expires, absl::Time end,
                                          const Ed25519PrivateKey& key);

// What each transcryptor checks, in order: signature, TLV, E_SENDER, E_LIFETIME, E_EXPIRED, nonce (a
// revocation may come late and twice). Gives the context and whether the kept answer is to be given.
struct AdmittedSession {
  SignedSession session;
  Context context;
  bool answered;
};
absl::StatusOr<AdmittedSession> AdmitSession(BytesView signed_session, const TrustList& trust,
                                             NonceCache& nonces, absl::Time now);

// --- at a transcryptor ---

// u_i || U_i || DLEQ(x_i; G,X_i; [K_c,i],[U_i]): to be sealed to the party, then dropped.
ShareMaterial MakeShare(const TranscryptorKeys& keys, const Context& context);

// One step from Y to Y_c: y_out = k_c,i*y_in with DLEQ(k_c,i; G,K_c,i; [y_in],[y_out]).
struct SessionStep {
  GroupElement y_in, y_out;
  Proof proof;
};
SessionStep MakeSessionStep(const TranscryptorKeys& keys, const Context& context,
                            const GroupElement& y_in);
absl::Status VerifySessionStep(const SessionStep& step, const GroupElement& k_c);  // E_PROOF

// --- at the party ---

// U_i = u_i*G and proof_u. E_PROOF.
absl::Status VerifyShare(const ShareMaterial& share, const GroupElement& x_i,
                         const GroupElement& k_c);

// What both transcryptors say about a session, next to the two shares.
struct SessionAnswer {
  GroupElement k1, k2;        // commitments K_c,1 and K_c,2
  SessionStep first, second;  // Y to Y', Y' to Y_c
};

struct SessionKey {
  SecretScalar sk;
  GroupElement y;  // Y_c
};

// E_PROOF unless both shares and both steps verify against the pinned ceremony and sk*G = Y_c: then
// the party revokes the session.
absl::StatusOr<SessionKey> OpenSession(const ShareMaterial& share1, const ShareMaterial& share2,
                                       const SessionAnswer& answer, const CeremonyRecord& pinned);

}  // namespace sluis::pseudonym
