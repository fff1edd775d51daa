#include "tests/clients/lib/transcryptor_pair.h"

#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/commitment.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/hop_signature.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/transcryption.h"

namespace sluis::edge::testing {

using pseudonym::Hop;

TranscryptorPair::TranscryptorPair() {
  // Of a cheat the sessions are right and the pseudonyms are not: only a proof tells.
  for (Half& half : halves_) {
    half.other_keys =
        pseudonym::TranscryptorKeys::Create(
            SecretBytes::Random(pseudonym::kLongSecretSize),
            SecretBytes::CopyOf(half.keys.es(SecretAccess::ForTest())), half.keys.x().Clone())
            .value();
  }
  const auto first = IdentityOf(1), second = IdentityOf(2);
  const auto one = pseudonym::WriteContribution(first, second, halves_[0].keys, halves_[0].signing);
  const auto two = pseudonym::WriteContribution(second, first, halves_[1].keys, halves_[1].signing);
  set_ = pseudonym::KeySet::Join(*one, *two).value();
}

pseudonym::TranscryptorIdentity TranscryptorPair::IdentityOf(int hop) const {
  const Half& half = halves_[static_cast<std::size_t>(hop - 1)];
  return {hop == 1 ? Hop::kFirst : Hop::kSecond,
          Oin::Parse(hop == 1 ? "00000099600000001000" : "00000099700000001000").value(),
          "test-2026",
          half.signing.public_key(),
          half.sealing.public_key(),
          half.keys.public_x()};
}

pseudonym::SealedFor TranscryptorPair::PartiesOf(int hop, const SealRecipient& recipient,
                                                 absl::Time now) const {
  return {pseudonym::TranscryptorParty(IdentityOf(hop).oin), recipient.party, now,
          now + absl::Hours(24 * 4)};
}

sluis::v1::Commitment TranscryptorPair::Commit(int hop, BytesView id,
                                               const GroupElement& value) const {
  const auto commitment =
      pseudonym::SignCommitment(hop == 1 ? Hop::kFirst : Hop::kSecond, id, value,
                                halves_[static_cast<std::size_t>(hop - 1)].signing);
  sluis::v1::Commitment wire;
  wire.set_subject(std::string(id));
  wire.set_point(std::string(value.bytes()));
  wire.set_signature(commitment.signature);
  return wire;
}

sluis::v1::SessionHalf TranscryptorPair::HalfOf(int hop, const pseudonym::SignedSession&,
                                                const pseudonym::Context& context,
                                                const GroupElement& y_in,
                                                const SealRecipient& party, absl::Time now) {
  const Half& half = halves_[static_cast<std::size_t>(hop - 1)];
  const auto step = pseudonym::MakeSessionStep(half.keys, context, y_in);
  sluis::v1::SessionHalf wire;
  *wire.mutable_commitment() =
      Commit(hop, context.bytes(), MultiplyBase(half.keys.RekeyFactor(context)));
  wire.set_point(std::string(step.y_out.bytes()));
  wire.set_proof(step.proof.Encode());
  wire.set_sealed_share(pseudonym::SealShare(pseudonym::MakeShare(half.keys, context), context,
                                             PartiesOf(hop, party, now), party.key, half.signing)
                            .value());
  return wire;
}

absl::StatusOr<sluis::v1::Session> TranscryptorPair::OpenSession(BytesView head,
                                                                 BytesView signature,
                                                                 const SealRecipient& party,
                                                                 absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const auto session, pseudonym::SignedSession::Decode(
                                                 ByteWriter()
                                                     .U32(static_cast<std::uint32_t>(head.size()))
                                                     .Raw(head)
                                                     .Raw(signature)
                                                     .bytes()));
  SLUIS_RETURN_IF_ERROR(pseudonym::CheckTime(session.head().issued, session.head().expires, now));
  SLUIS_ASSIGN_OR_RETURN(const auto context, pseudonym::Context::Decode(session.head().context));
  sluis::v1::Session wire;
  wire.set_context(session.head().context);
  *wire.add_halves() = HalfOf(1, session, context, set_->ceremony().y, party, now);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y1, GroupElement::Decode(wire.halves(0).point()));
  *wire.add_halves() = HalfOf(2, session, context, y1, party, now);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y, GroupElement::Decode(wire.halves(1).point()));
  sessions_.insert_or_assign(session.head().context, y);
  wire.mutable_expire_time()->set_seconds(static_cast<std::int64_t>(session.head().end));
  return wire;
}

absl::StatusOr<const pseudonym::CaseSalt*> TranscryptorPair::SaltOf(
    Half& half, const pseudonym::Domain& domain) {
  if (domain.kind() != pseudonym::DomainKind::kCase) return nullptr;
  if (half.shredded.contains(domain.bytes())) {
    return pseudonym::Refuse("E_CASE_CLOSED", "shredded");
  }
  return &half.salts.try_emplace(domain.bytes(), pseudonym::CaseSalt::Draw()).first->second;
}

absl::StatusOr<sluis::v1::EvaluateEnrolmentResponse> TranscryptorPair::Enrol(
    BytesView signed_enrolment) {
  SLUIS_ASSIGN_OR_RETURN(const auto enrolment,
                         pseudonym::SignedEnrolment::Decode(signed_enrolment));
  SLUIS_ASSIGN_OR_RETURN(const auto route, pseudonym::CheckEnrolmentForm(enrolment));
  sluis::v1::EvaluateEnrolmentResponse answer;
  std::vector<GroupElement> elements = enrolment.elements();
  Bytes before;
  for (const int hop : {1, 2}) {
    const Half& half = halves_[static_cast<std::size_t>(hop - 1)];
    SLUIS_ASSIGN_OR_RETURN(const auto honest, pseudonym::EnrolFactor::Derive(
                                                  half.keys, route.d_origin, route.d_index));
    SLUIS_ASSIGN_OR_RETURN(const auto factor,
                           pseudonym::EnrolFactor::Derive(half.cheats ? half.other_keys : half.keys,
                                                          route.d_origin, route.d_index));
    const Hop which = hop == 1 ? Hop::kFirst : Hop::kSecond;
    const auto response = factor.Evaluate(which, elements);
    auto* const wire = hop == 1 ? answer.mutable_first() : answer.mutable_second();
    wire->set_response(response.Encode());
    wire->set_signature(pseudonym::SignEnrolResponse(which, enrolment.digest(), before,
                                                     wire->response(), half.signing));
    wire->set_factor(honest.Tie().Encode());
    *wire->add_commitments() = Commit(hop, route.d_origin.bytes(), honest.s_origin());
    *wire->add_commitments() = Commit(hop, route.d_index.bytes(), honest.s_index());
    elements = response.elements;
    before = wire->response();
  }
  return answer;
}

pseudonym::IndexPseudonym TranscryptorPair::IndexPseudonymOf(
    const Subject& subject, const pseudonym::Domain& d_index) const {
  GroupElement point = pseudonym::ElementOf(subject).element(SecretAccess::ForTest());
  for (const Half& half : halves_) {
    const auto factor = pseudonym::EnrolFactor::Derive(
        half.keys, pseudonym::Domain::Origin(subject.kind()), d_index);
    point = Multiply(factor->f(), point);
  }
  return pseudonym::IndexPseudonym(point);
}

absl::StatusOr<TranscryptorPair::Worked> TranscryptorPair::Work(
    int hop, const pseudonym::SignedRequest& request, const pseudonym::Route& route,
    const pseudonym::BatchRequest& asked, const SealRecipient& recipient, absl::Time now) {
  Half& half = halves_[static_cast<std::size_t>(hop - 1)];
  SLUIS_ASSIGN_OR_RETURN(const auto* salt_from, SaltOf(half, route.d_from));
  SLUIS_ASSIGN_OR_RETURN(const auto* salt_to, SaltOf(half, route.d_to));
  SLUIS_ASSIGN_OR_RETURN(const auto honest,
                         pseudonym::HopFactors::Derive(half.keys, route, salt_from, salt_to));
  SLUIS_ASSIGN_OR_RETURN(const auto factors,
                         pseudonym::HopFactors::Derive(half.cheats ? half.other_keys : half.keys,
                                                       route, salt_from, salt_to));
  SLUIS_ASSIGN_OR_RETURN(
      const auto output,
      pseudonym::TranscryptBatch(factors, pseudonym::MakeHeaderBase(factors, asked.y_from),
                                 {asked.items, asked.y_from, false, true}));
  const BytesView block = output.proof_block.Reveal(SecretAccess::ForTest());
  Worked worked{output.response, {}};
  const Bytes response = output.response.Encode();
  const std::vector<Digest> payloads = request.Payloads();
  const Bytes asked_bytes = asked.Encode();
  worked.wire.set_batch_response(response);
  for (const Digest& payload : payloads) {
    worked.wire.set_payload_digests(worked.wire.payload_digests() + ToBytes(payload));
  }
  worked.wire.set_signature(
      pseudonym::SignHop({hop == 1 ? Hop::kFirst : Hop::kSecond, request.digest(), asked_bytes,
                          response, payloads, block},
                         half.signing));
  worked.wire.set_proof_digest(ToBytes(Sha256(block)));
  const auto& c = honest.commitments();
  *worked.wire.add_commitments() = Commit(hop, route.d_from.bytes(), c.s_from);
  *worked.wire.add_commitments() = Commit(hop, route.d_to.bytes(), c.s_to);
  *worked.wire.add_commitments() = Commit(hop, route.c_from.bytes(), c.k_from);
  *worked.wire.add_commitments() = Commit(hop, route.c_to.bytes(), c.k_to);
  if (hop == 2) {
    SLUIS_ASSIGN_OR_RETURN(
        *worked.wire.mutable_sealed_proof(),
        pseudonym::SealProofBlock(block, request.digest(), PartiesOf(hop, recipient, now),
                                  recipient.key, half.signing));
  }
  return worked;
}

absl::StatusOr<sluis::v1::Transcryption> TranscryptorPair::Transcrypt(
    BytesView signed_request, BytesView statement, const SealRecipient& recipient, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const auto request, pseudonym::SignedRequest::Decode(signed_request));
  SLUIS_ASSIGN_OR_RETURN(const auto route, pseudonym::CheckRequestForm(request));
  SLUIS_RETURN_IF_ERROR(pseudonym::CheckTime(request.head().issued, request.head().expires, now));
  SLUIS_RETURN_IF_ERROR(request.VerifyKnowledge());
  const auto from = sessions_.find(request.head().c_from), to = sessions_.find(request.head().c_to);
  if (from == sessions_.end() || to == sessions_.end()) {
    return pseudonym::Refuse("E_SESSION", "no such session");
  }
  if (request.head().y_from != from->second) return pseudonym::Refuse("E_YFROM", "not its Y");
  SLUIS_ASSIGN_OR_RETURN(const Worked first,
                         Work(1, request, route, request.FirstBatch(), recipient, now));
  SLUIS_ASSIGN_OR_RETURN(
      const Worked second,
      Work(2, request, route, request.SecondBatch(first.response), recipient, now));
  sluis::v1::Transcryption wire;
  wire.set_signed_request(std::string(signed_request));
  wire.set_statement(std::string(statement));
  *wire.mutable_first() = first.wire;
  *wire.mutable_second() = second.wire;
  return wire;
}

}  // namespace sluis::edge::testing
