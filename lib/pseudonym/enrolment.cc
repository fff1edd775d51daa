#include "lib/pseudonym/enrolment.h"

#include <algorithm>

#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kEnrolmentPrefix = "sluis/enrol/v1\0"sv;
constexpr BytesView kResponsePrefix = "sluis/enrol-response/v1\0"sv;
constexpr std::uint8_t kEnrolmentVersion = 1;

absl::Status ReadEnrolmentType(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  if (version != kEnrolmentVersion)
    return Refuse("E_VERSION", "an enrolment of an unknown version");
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t kind, reader.U8());
  if (kind == static_cast<std::uint8_t>(RequestKind::kEnrol)) return absl::OkStatus();
  return Refuse("E_TYPE", "no enrolment");
}

absl::StatusOr<std::vector<GroupElement>> DecodeElements(BytesView raw) {
  std::vector<GroupElement> elements;
  elements.reserve(raw.size() / kElementSize);
  for (; !raw.empty(); raw.remove_prefix(kElementSize)) {
    SLUIS_ASSIGN_OR_RETURN(const GroupElement element,
                           GroupElement::Decode(raw.substr(0, kElementSize)));
    elements.push_back(element);
  }
  return elements;
}

Bytes Joined(std::span<const GroupElement> elements) {
  ByteWriter writer;
  for (const GroupElement& element : elements) writer.Raw(element.bytes());
  return std::move(writer).Take();
}

Bytes SignedBytes(BytesView head, std::size_t count, BytesView elements) {
  return ByteWriter()
      .Raw(kEnrolmentPrefix)
      .Raw(AsView(Sha256(head)))
      .U32(static_cast<std::uint32_t>(count))
      .Raw(AsView(Sha256(elements)))
      .bytes();
}

Bytes ResponseSignedBytes(Hop hop, const Digest& enrolment, BytesView before, BytesView response) {
  return ByteWriter()
      .Raw(kResponsePrefix)
      .U8(static_cast<std::uint8_t>(hop))
      .Raw(AsView(enrolment))
      .Raw(AsView(Sha256(before)))
      .Raw(AsView(Sha256(response)))
      .bytes();
}

std::vector<Statement> Pairs(std::span<const GroupElement> in, std::span<const GroupElement> out) {
  std::vector<Statement> statements;
  statements.reserve(in.size());
  for (std::size_t j = 0; j < in.size(); ++j) statements.push_back({in[j], out[j]});
  return statements;
}

}  // namespace

// --- encodings ---

absl::StatusOr<EnrolHead> EnrolHead::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_RETURN_IF_ERROR(ReadEnrolmentType(reader));
  EnrolHead head{};
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.signer.oin));
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.signer.unit));
  SLUIS_ASSIGN_OR_RETURN(head.key_id, ReadArray<32>(reader));
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.d_origin));
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.d_index));
  SLUIS_ASSIGN_OR_RETURN(head.nonce, ReadArray<16>(reader));
  SLUIS_ASSIGN_OR_RETURN(head.issued, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(head.expires, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(head.mandate, ReadArray<32>(reader));
  SLUIS_ASSIGN_OR_RETURN(head.enrolment, ReadArray<16>(reader));
  SLUIS_ASSIGN_OR_RETURN(head.batch, reader.U32());
  SLUIS_ASSIGN_OR_RETURN(head.flags, reader.U8());
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  return head;
}

Bytes EnrolHead::Encode() const {
  return ByteWriter()
      .U8(kEnrolmentVersion)
      .U8(static_cast<std::uint8_t>(RequestKind::kEnrol))
      .Lp2(signer.oin)
      .Lp2(signer.unit)
      .Raw(AsView(key_id))
      .Lp2(d_origin)
      .Lp2(d_index)
      .Raw(AsView(nonce))
      .U64(issued)
      .U64(expires)
      .Raw(AsView(mandate))
      .Raw(AsView(enrolment))
      .U32(batch)
      .U8(flags)
      .bytes();
}

absl::StatusOr<SignedEnrolment> SignedEnrolment::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t size, reader.U32());
  SLUIS_ASSIGN_OR_RETURN(const BytesView head_bytes, reader.Raw(size));
  SLUIS_ASSIGN_OR_RETURN(EnrolHead head, EnrolHead::Decode(head_bytes));
  SLUIS_ASSIGN_OR_RETURN(const std::size_t count, ReadCount(reader, kElementSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(count * kElementSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView signature, reader.Raw(kEd25519SignatureSize));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  SignedEnrolment enrolment(std::move(head), Bytes(bytes));
  SLUIS_ASSIGN_OR_RETURN(enrolment.elements_, DecodeElements(raw));
  enrolment.signed_bytes_ = SignedBytes(head_bytes, count, raw);
  enrolment.signature_ = signature;
  return enrolment;
}

Digest SignedEnrolment::digest() const { return Sha256(bytes_); }

absl::Status SignedEnrolment::VerifySignature(const Ed25519PublicKey& key) const {
  if (head_.key_id != key.KeyId()) {
    return Refuse("E_SIGNATURE", "the enrolment names another key than its signer's");
  }
  return Classified(key.Verify(signed_bytes_, signature_));
}

absl::StatusOr<EnrolResponse> EnrolResponse::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t hop, reader.U8());
  if (hop != 1 && hop != 2) return Refuse("E_TYPE", "an answer of an unknown transcryptor");
  SLUIS_ASSIGN_OR_RETURN(const std::size_t count, ReadCount(reader, kElementSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(count * kElementSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw_proof, reader.Raw(kProofSize));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  SLUIS_ASSIGN_OR_RETURN(std::vector<GroupElement> elements, DecodeElements(raw));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof, Proof::Decode(raw_proof));
  return EnrolResponse{static_cast<Hop>(hop), std::move(elements), proof};
}

Bytes EnrolResponse::Encode() const {
  return ByteWriter()
      .U8(static_cast<std::uint8_t>(hop))
      .U32(static_cast<std::uint32_t>(elements.size()))
      .Raw(Joined(elements))
      .Raw(proof.Encode())
      .bytes();
}

// --- the factor ---

absl::StatusOr<FactorTie> FactorTie::Decode(BytesView bytes) {
  if (bytes.size() != kElementSize + kProofSize) {
    return Refuse("E_LENGTH", "a factor with its proof has 96 bytes");
  }
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement f, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof, ReadProof(reader));
  if (f == GroupElement::Generator()) {
    return Refuse("E_FACTOR_TRIVIAL", "a factor of one changes nothing");
  }
  return FactorTie{f, proof};
}

Bytes FactorTie::Encode() const { return ByteWriter().Raw(f.bytes()).Raw(proof.Encode()).bytes(); }

absl::Status VerifyTie(const FactorTie& tie, const GroupElement& s_origin,
                       const GroupElement& s_index) {
  if (tie.f == GroupElement::Generator()) {
    return Refuse("E_FACTOR_TRIVIAL", "a factor of one changes nothing");
  }
  const Statement statement[] = {{s_origin, s_index}};
  return VerifyDleq(tie.proof, tie.f, statement);
}

absl::StatusOr<EnrolFactor> EnrolFactor::Derive(const TranscryptorKeys& keys, const Domain& origin,
                                                const Domain& index) {
  if (origin.kind() != DomainKind::kOrigin || index.kind() != DomainKind::kIndex) {
    return Refuse("E_TLV", "an enrolment goes from an origin to an index");
  }
  SLUIS_ASSIGN_OR_RETURN(SecretScalar s_origin, keys.ReshuffleFactor(origin, nullptr));
  SLUIS_ASSIGN_OR_RETURN(SecretScalar s_index, keys.ReshuffleFactor(index, nullptr));
  return Combine(std::move(s_origin), std::move(s_index));
}

absl::StatusOr<EnrolFactor> EnrolFactor::Combine(SecretScalar s_origin, SecretScalar s_index) {
  SecretScalar f = s_origin.Inverse().Times(s_index);
  if (f.IsOne()) return Refuse("E_FACTOR_TRIVIAL", "a factor of one changes nothing");
  return EnrolFactor(std::move(f), MultiplyBase(s_origin), MultiplyBase(s_index));
}

FactorTie EnrolFactor::Tie() const {
  RandomNonces nonces;
  return MakeTie(nonces, *this);
}

FactorTie MakeTie(Nonces& nonces, const EnrolFactor& factor) {
  const Statement statement[] = {{factor.s_origin(), factor.s_index()}};
  return {factor.public_f(), ProveDleq(nonces, factor.f(), factor.public_f(), statement)};
}

EnrolResponse EnrolFactor::Evaluate(Hop hop, std::span<const GroupElement> elements) const {
  RandomNonces nonces;
  return EvaluateEnrolment(nonces, *this, hop, elements);
}

EnrolResponse EvaluateEnrolment(Nonces& nonces, const EnrolFactor& factor, Hop hop,
                                std::span<const GroupElement> elements) {
  std::vector<GroupElement> out;
  out.reserve(elements.size());
  for (const GroupElement& element : elements) out.push_back(Multiply(factor.f(), element));
  const auto statements = Pairs(elements, out);
  const Proof proof = ProveDleq(nonces, factor.f(), factor.public_f(), statements);
  return {hop, std::move(out), proof};
}

absl::Status VerifyEnrolResponse(const EnrolResponse& response, Hop hop,
                                 std::span<const GroupElement> input, const GroupElement& f) {
  if (response.hop != hop || response.elements.size() != input.size()) {
    return Refuse("E_PROOF", "the answer is of another hop or has another count");
  }
  return VerifyDleq(response.proof, f, Pairs(input, response.elements));
}

Bytes SignEnrolResponse(Hop hop, const Digest& enrolment, BytesView before, BytesView response,
                        const Ed25519PrivateKey& transcryptor) {
  return transcryptor.Sign(ResponseSignedBytes(hop, enrolment, before, response));
}

absl::Status VerifyEnrolSignature(Hop hop, const Digest& enrolment, BytesView before,
                                  BytesView response, BytesView signature,
                                  const Ed25519PublicKey& transcryptor) {
  return Classified(
      transcryptor.Verify(ResponseSignedBytes(hop, enrolment, before, response), signature));
}

// --- at the owner ---

class EnrolBlinder {
 public:
  static absl::StatusOr<EnrolBatch> Blind(Nonces& nonces,
                                          std::span<const SubjectElement> subjects) {
    if (subjects.empty()) return Refuse("E_EMPTY_BATCH", "a batch holds at least one item");
    if (subjects.size() > kMaxBatch) {
      return Refuse("E_BATCH_SIZE", "a batch holds at most 4096 items");
    }
    EnrolBatch batch;
    for (const SubjectElement& subject : subjects) {
      batch.blinds_.push_back(nonces.Next());
      batch.blinded_.push_back(
          Multiply(batch.blinds_.back(), subject.element(SecretAccess::ForCrypto())));
    }
    return batch;
  }
};

absl::StatusOr<EnrolBatch> EnrolBatch::Blind(std::span<const SubjectElement> subjects) {
  RandomNonces nonces;
  return EnrolBlinder::Blind(nonces, subjects);
}

absl::StatusOr<EnrolBatch> BlindEnrolment(Nonces& nonces,
                                          std::span<const SubjectElement> subjects) {
  return EnrolBlinder::Blind(nonces, subjects);
}

absl::StatusOr<std::vector<IndexPseudonym>> EnrolBatch::Unblind(const EnrolResponse& first,
                                                                const EnrolResponse& second,
                                                                const GroupElement& f1,
                                                                const GroupElement& f2) const {
  SLUIS_RETURN_IF_ERROR(VerifyEnrolResponse(first, Hop::kFirst, blinded_, f1));
  SLUIS_RETURN_IF_ERROR(VerifyEnrolResponse(second, Hop::kSecond, first.elements, f2));
  std::vector<IndexPseudonym> out;
  out.reserve(blinds_.size());
  for (std::size_t j = 0; j < blinds_.size(); ++j) {
    out.emplace_back(Multiply(blinds_[j].Inverse(), second.elements[j]));
  }
  return out;
}

absl::StatusOr<SignedEnrolment> SignEnrolment(const EnrolTerms& terms,
                                              std::span<const GroupElement> blinded,
                                              const Ed25519PrivateKey& key) {
  RandomNonces nonces;
  const EnrolHead head{
      terms.signer,
      key.public_key().KeyId(),
      terms.d_origin.bytes(),
      terms.d_index.bytes(),
      nonces.Nonce(),
      SecondsOf(terms.issued),
      SecondsOf(terms.expires),
      terms.mandate,
      terms.enrolment,
      terms.batch,
      static_cast<std::uint8_t>(kFlagVerifiable | (terms.queued ? kFlagQueued : 0))};
  SLUIS_ASSIGN_OR_RETURN(SignedEnrolment enrolment, AssembleEnrolment(head, blinded, key));
  SLUIS_RETURN_IF_ERROR(CheckEnrolmentForm(enrolment).status());
  return enrolment;
}

absl::StatusOr<SignedEnrolment> AssembleEnrolment(const EnrolHead& head,
                                                  std::span<const GroupElement> blinded,
                                                  const Ed25519PrivateKey& key) {
  const Bytes head_bytes = head.Encode();
  const Bytes elements = Joined(blinded);
  return SignedEnrolment::Decode(
      ByteWriter()
          .U32(static_cast<std::uint32_t>(head_bytes.size()))
          .Raw(head_bytes)
          .U32(static_cast<std::uint32_t>(blinded.size()))
          .Raw(elements)
          .Raw(key.Sign(SignedBytes(head_bytes, blinded.size(), elements)))
          .bytes());
}

// --- checks ---

absl::StatusOr<EnrolRoute> CheckEnrolmentForm(const SignedEnrolment& enrolment) {
  const EnrolHead& head = enrolment.head();
  if ((head.flags & ~kFlagQueued) != kFlagVerifiable) {
    return Refuse("E_FLAGS", "an enrolment is verifiable, and queued or not");
  }
  SLUIS_ASSIGN_OR_RETURN(Domain origin, Domain::DecodeOrigin(head.d_origin));
  SLUIS_ASSIGN_OR_RETURN(Domain index, Domain::DecodeIndex(head.d_index));
  if (index.party() != head.signer) {
    return Refuse("E_SENDER", "the index is not the signer's");
  }
  SLUIS_RETURN_IF_ERROR(CheckLifetime(head.issued, head.expires, head.queued()));
  return EnrolRoute{std::move(origin), std::move(index)};
}

absl::StatusOr<AdmittedEnrolment> AdmitEnrolment(BytesView signed_enrolment, BytesView statement,
                                                 const TrustList& trust,
                                                 const Ed25519PublicKey& broker,
                                                 MandateJudge& judge, NonceCache& nonces,
                                                 QuotaBook& quota, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(SignedEnrolment enrolment, SignedEnrolment::Decode(signed_enrolment));
  const EnrolHead& head = enrolment.head();
  const auto key = trust.SigningKey(head.signer);
  if (!key) return Refuse("E_SIGNATURE", "no key is trusted for this signer");
  SLUIS_RETURN_IF_ERROR(enrolment.VerifySignature(*key));
  SLUIS_ASSIGN_OR_RETURN(EnrolRoute route, CheckEnrolmentForm(enrolment));
  SLUIS_RETURN_IF_ERROR(CheckTime(head.issued, head.expires, now));

  const Digest digest = enrolment.digest();
  const std::uint64_t count = enrolment.elements().size();
  SLUIS_ASSIGN_OR_RETURN(DecisionStatement mandate, DecisionStatement::Verify(statement, broker));
  SLUIS_RETURN_IF_ERROR(CheckCoversEnrolment(mandate, head.mandate, head.signer, route.d_index,
                                             count, now, judge.Packs()));
  SLUIS_RETURN_IF_ERROR(judge.Permits(mandate, RequestKind::kEnrol, digest, now));
  SLUIS_ASSIGN_OR_RETURN(const NonceState nonce,
                         nonces.Reserve({head.signer, head.nonce, digest, TimeOf(head.issued),
                                         TimeOf(head.expires) + kClockTolerance}));
  if (nonce != NonceState::kAnswered) {
    SLUIS_RETURN_IF_ERROR(quota.Charge({RequestKind::kEnrol, head.signer, route.d_origin,
                                        route.d_index, count, mandate.terms().bulk, digest, now}));
  }
  return AdmittedEnrolment{std::move(enrolment), std::move(route), std::move(mandate),
                           nonce == NonceState::kAnswered};
}

}  // namespace sluis::pseudonym
