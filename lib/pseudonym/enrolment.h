// Enrolment of a register into its owner's index domain, blind (pseudonyms.md §11.1, kind 05): the
// owner sends r*M, each transcryptor multiplies by f_i = s_origin,i^-1 * s_index,i and proves it,
// the owner takes r off again. Nobody but the owner sees an element of its register, not even
// blinded twice alike.
//
//   EnrolHead = u8 01 || u8 05 || lp2(signer OIN) || lp2(signer unit) || key id 32 || lp2(d_origin)
//   ||
//               lp2(d_index) || nonce 16 || u64 issued || u64 expires || mandate digest 32 ||
//               enrolment id 16 || u32 batch number || u8 flags (01, or 05 when queued)
//   SignedEnrolment = u32 len(EnrolHead) || EnrolHead || u32 n || n*32 || signature 64, signed over
//               "sluis/enrol/v1\0" || SHA256(EnrolHead) || u32 n || SHA256(elements)
//   EnrolResponse = u8 hop || u32 n || n*E || proof 64
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/dleq.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/secret_element.h"
#include "lib/pseudonym/signed_request.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::pseudonym {

using EnrolmentId = std::array<std::uint8_t, 16>;

// The most that a statement may allow for a register of `size` subjects: repeats after a failure
// count too, so it needs a margin (§11.1).
inline constexpr std::int64_t MostEnrolled(std::int64_t size) { return 2 * size + 4096; }

struct EnrolHead {
  Party signer;
  Digest key_id;
  Bytes d_origin, d_index;
  RequestNonce nonce;
  std::uint64_t issued, expires;  // Unix seconds
  Digest mandate;
  EnrolmentId enrolment;
  std::uint32_t batch;
  std::uint8_t flags;

  bool queued() const { return (flags & kFlagQueued) != 0; }
  // E_TRUNCATED, E_TRAILING, E_VERSION, E_TYPE.
  static absl::StatusOr<EnrolHead> Decode(BytesView bytes);
  Bytes Encode() const;
};

// Immutable, copyable, thread-safe.
class SignedEnrolment {
 public:
  // The structure (E_EMPTY_BATCH; E_BATCH_SIZE above 4096), then the elements.
  static absl::StatusOr<SignedEnrolment> Decode(BytesView bytes);
  const EnrolHead& head() const { return head_; }
  const std::vector<GroupElement>& elements() const { return elements_; }
  const Bytes& bytes() const { return bytes_; }
  Digest digest() const;
  absl::Status VerifySignature(const Ed25519PublicKey& key) const;  // E_SIGNATURE

 private:
  SignedEnrolment(EnrolHead head, Bytes bytes) : head_(std::move(head)), bytes_(std::move(bytes)) {}
  EnrolHead head_;
  std::vector<GroupElement> elements_;
  Bytes signed_bytes_, signature_, bytes_;
};

struct EnrolResponse {
  Hop hop;
  std::vector<GroupElement> elements;
  Proof proof;

  static absl::StatusOr<EnrolResponse> Decode(BytesView bytes);  // E_TYPE for another hop
  Bytes Encode() const;
};

// --- the factor and its tie to the commitments of origin and index ---

// F = f*G || DLEQ(f; G,F; [S_origin],[S_index]), 96 bytes: published and kept like a commitment.
struct FactorTie {
  GroupElement f;
  Proof proof;

  static absl::StatusOr<FactorTie> Decode(BytesView bytes);  // E_LENGTH; E_FACTOR_TRIVIAL if F is G
  Bytes Encode() const;
};

// E_PROOF, E_FACTOR_TRIVIAL.
absl::Status VerifyTie(const FactorTie& tie, const GroupElement& s_origin,
                       const GroupElement& s_index);

// f_i of one transcryptor. Move-only.
class EnrolFactor {
 public:
  // E_TLV unless `origin` and `index` are of those kinds; E_FACTOR_TRIVIAL.
  static absl::StatusOr<EnrolFactor> Derive(const TranscryptorKeys& keys, const Domain& origin,
                                            const Domain& index);
  // Takes ready factors of the two domains.
  static absl::StatusOr<EnrolFactor> Combine(SecretScalar s_origin, SecretScalar s_index);

  const GroupElement& public_f() const { return public_f_; }
  const GroupElement& s_origin() const { return s_origin_; }  // commitments
  const GroupElement& s_index() const { return s_index_; }
  const SecretScalar& f() const { return f_; }
  FactorTie Tie() const;
  // f*E_j with one proof over the batch. Precondition: 1..4096 elements.
  EnrolResponse Evaluate(Hop hop, std::span<const GroupElement> elements) const;

 private:
  EnrolFactor(SecretScalar f, const GroupElement& s_origin, const GroupElement& s_index)
      : f_(std::move(f)), public_f_(MultiplyBase(f_)), s_origin_(s_origin), s_index_(s_index) {}
  SecretScalar f_;
  GroupElement public_f_, s_origin_, s_index_;
};

// E_PROOF unless the response is f times the input, in its order, for the published F and this hop.
absl::Status VerifyEnrolResponse(const EnrolResponse& response, Hop hop,
                                 std::span<const GroupElement> input, const GroupElement& f);

// "sluis/enrol-response/v1\0" || u8 hop || SHA256(SignedEnrolment) || SHA256(EnrolResponse of the
// hop before, empty string at hop 1) || SHA256(EnrolResponse)
Bytes SignEnrolResponse(Hop hop, const Digest& enrolment, BytesView before, BytesView response,
                        const Ed25519PrivateKey& transcryptor);
absl::Status VerifyEnrolSignature(Hop hop, const Digest& enrolment, BytesView before,
                                  BytesView response, BytesView signature,
                                  const Ed25519PublicKey& transcryptor);  // E_SIGNATURE

// --- at the owner ---

// One batch under way: the blinds stay with the owner and are of no use after it. Move-only.
class EnrolBatch {
 public:
  // r_j*M_j with r_j fresh. E_EMPTY_BATCH, E_BATCH_SIZE.
  static absl::StatusOr<EnrolBatch> Blind(std::span<const SubjectElement> subjects);
  const std::vector<GroupElement>& blinded() const { return blinded_; }
  // Verifies both hops against their published F and takes the blinds off: P_j in the order of the
  // subjects. E_PROOF.
  absl::StatusOr<std::vector<IndexPseudonym>> Unblind(const EnrolResponse& first,
                                                      const EnrolResponse& second,
                                                      const GroupElement& f1,
                                                      const GroupElement& f2) const;

 private:
  friend class EnrolBlinder;
  EnrolBatch() = default;
  std::vector<SecretScalar> blinds_;
  std::vector<GroupElement> blinded_;
};

struct EnrolTerms {
  Party signer;
  Domain d_origin, d_index;
  absl::Time issued, expires;
  Digest mandate{};
  EnrolmentId enrolment{};
  std::uint32_t batch = 0;
  bool queued = false;
};

// Refuses what CheckEnrolmentForm would.
absl::StatusOr<SignedEnrolment> SignEnrolment(const EnrolTerms& terms,
                                              std::span<const GroupElement> blinded,
                                              const Ed25519PrivateKey& key);

// --- checks ---

struct EnrolRoute {
  Domain d_origin, d_index;
};

// Flags, TLVs, E_SENDER unless the index is the signer's, lifetime. E_FLAGS, E_TLV, E_SENDER,
// E_LIFETIME.
absl::StatusOr<EnrolRoute> CheckEnrolmentForm(const SignedEnrolment& enrolment);

struct AdmittedEnrolment {
  SignedEnrolment enrolment;
  EnrolRoute route;
  DecisionStatement statement;
  bool answered;
};

// All checks of §11.1 in their order, at each transcryptor: decode, elements, signature, flags,
// TLVs, E_SENDER, times, mandate, nonce, quota.
absl::StatusOr<AdmittedEnrolment> AdmitEnrolment(BytesView signed_enrolment, BytesView statement,
                                                 const TrustList& trust,
                                                 const Ed25519PublicKey& broker,
                                                 MandateJudge& judge, NonceCache& nonces,
                                                 QuotaBook& quota, absl::Time now);

}  // namespace sluis::pseudonym
