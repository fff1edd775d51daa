// What draws fresh scalars, with the source named. The public functions of the same names take
// RandomNonces; tests of this folder give their own, to freeze bytes.
#pragma once

#include "lib/pseudonym/dleq.h"
#include "lib/pseudonym/elgamal.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/internal/nonces.h"
#include "lib/pseudonym/session.h"
#include "lib/pseudonym/signed_request.h"
#include "lib/pseudonym/transcryption.h"

namespace sluis::pseudonym {

// One nonce each.
Proof ProveDleq(Nonces& nonces, const SecretScalar& secret, const GroupElement& b,
                std::span<const Statement> statements, BytesView context = kCoPrfContext);
absl::StatusOr<Encrypted> Encrypt(Nonces& nonces, const GroupElement& message,
                                  const GroupElement& y);

// Three nonces: of proof_S, proof_K, proof_T.
HeaderBase MakeHeaderBase(Nonces& nonces, const HopFactors& factors, const GroupElement& y_from);
// The permutation if it shuffles; per output item r and, if verifiable, the nonce of proof_r; then,
// if verifiable, those of proof_B and proof_C.
absl::StatusOr<HopOutput> TranscryptBatch(Nonces& nonces, const HopFactors& factors,
                                          const HeaderBase& base, const HopInput& input);

// The nonce of the head, then one per item for its proof of knowledge.
absl::StatusOr<SignedRequest> SignRequest(Nonces& nonces, const RequestTerms& terms,
                                          std::span<const ItemToSend> items,
                                          const Ed25519PrivateKey& key);
// The same from a whole head, without checks. One nonce per item.
absl::StatusOr<SignedRequest> AssembleRequest(Nonces& nonces, RequestHead head,
                                              std::span<const ItemToSend> items,
                                              const Ed25519PrivateKey& key);

// One nonce each.
Proof ProveCeremony(Nonces& nonces, const SecretScalar& x, const GroupElement& other,
                    const GroupElement& y);
ShareMaterial MakeShare(Nonces& nonces, const SecretScalar& x, const SecretScalar& k_c);
SessionStep MakeSessionStep(Nonces& nonces, const SecretScalar& k_c, const GroupElement& y_in);
// The nonce of the head.
absl::StatusOr<SignedSession> SignSession(Nonces& nonces, const Context& context, absl::Time issued,
                                          absl::Time expires, absl::Time end,
                                          const Ed25519PrivateKey& key);

FactorTie MakeTie(Nonces& nonces, const EnrolFactor& factor);
EnrolResponse EvaluateEnrolment(Nonces& nonces, const EnrolFactor& factor, Hop hop,
                                std::span<const GroupElement> elements);
// One per subject.
absl::StatusOr<EnrolBatch> BlindEnrolment(Nonces& nonces, std::span<const SubjectElement> subjects);
// Draws nothing: the nonce is in the head. Without checks.
absl::StatusOr<SignedEnrolment> AssembleEnrolment(const EnrolHead& head,
                                                  std::span<const GroupElement> blinded,
                                                  const Ed25519PrivateKey& key);

}  // namespace sluis::pseudonym
