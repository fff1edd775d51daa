// One hop of the blind evaluation of a register (pseudonyms.md §11.1).
#include "broker/transcryptor/messages.h"
#include "broker/transcryptor/transcryptor.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::transcryptor {
namespace {

using namespace std::string_view_literals;
using pseudonym::AdmittedEnrolment;
using pseudonym::EnrolResponse;
using pseudonym::Hop;
using pseudonym::Refuse;

absl::Status BadFirst(std::string_view why) { return Refuse("E_PROOF", why); }

// Under which F of the other transcryptor is kept; no TLV begins so.
Bytes TieId(const pseudonym::EnrolRoute& route) {
  Bytes id("tie\0"sv);
  id += route.d_origin.bytes();
  id += route.d_index.bytes();
  return id;
}

// What the directory is asked about; nothing for bytes that will be refused by their own code.
void NameRegister(const Bytes& signed_enrolment, Judge::Case& the_case) {
  const absl::StatusOr<pseudonym::SignedEnrolment> enrolment =
      pseudonym::SignedEnrolment::Decode(signed_enrolment);
  if (!enrolment.ok()) return;
  const auto index = pseudonym::Domain::DecodeIndex(enrolment->head().d_index);
  const auto origin = pseudonym::Domain::DecodeOrigin(enrolment->head().d_origin);
  if (!index.ok() || !origin.ok()) return;
  the_case.index = *index;
  the_case.origin = origin->origin();
}

}  // namespace

// What this hop evaluates: the owner's elements, or what T1 made of them, verified.
absl::StatusOr<std::vector<GroupElement>> Transcryptor::EnrolInput(
    const wire::EvaluateEnrolmentRequest& request, const AdmittedEnrolment& admitted) {
  const pseudonym::SignedEnrolment& enrolment = admitted.enrolment;
  if (!is_second()) return enrolment.elements();
  const wire::EnrolmentHop& first = request.first();
  const pseudonym::EnrolRoute& route = admitted.route;
  absl::StatusOr<EnrolResponse> response = EnrolResponse::Decode(first.response());
  const absl::StatusOr<pseudonym::FactorTie> tie = pseudonym::FactorTie::Decode(first.factor());
  if (!response.ok() || !tie.ok() || first.commitments_size() != 2) {
    return BadFirst("the first transcryptor's answer cannot be read");
  }
  SLUIS_ASSIGN_OR_RETURN(const GroupElement s_origin,
                         Accept(first.commitments(0), Hop::kFirst, route.d_origin.bytes()));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement s_index,
                         Accept(first.commitments(1), Hop::kFirst, route.d_index.bytes()));
  SLUIS_RETURN_IF_ERROR(pseudonym::VerifyTie(*tie, s_origin, s_index));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement f,
                         commitments_.KeepFirst(Hop::kFirst, TieId(route), tie->f));
  if (!pseudonym::VerifyEnrolSignature(Hop::kFirst, enrolment.digest(), "", first.response(),
                                       first.signature(), set_.half(Hop::kFirst).signing)
           .ok()) {
    return BadFirst("the first transcryptor did not sign this answer");
  }
  SLUIS_RETURN_IF_ERROR(
      pseudonym::VerifyEnrolResponse(*response, Hop::kFirst, enrolment.elements(), f));
  return std::move(response->elements);
}

absl::StatusOr<wire::EvaluateEnrolmentResponse> Transcryptor::DoEvaluateEnrolment(
    const wire::EvaluateEnrolmentRequest& request) {
  SLUIS_RETURN_IF_ERROR(CheckFirst(request.has_first(), is_second()));
  const absl::Time now = around_.clock.Now();
  const std::shared_ptr<const identity::Directory> directory = around_.directory();
  const DirectoryTrust trust(directory);
  Judge::Case the_case{
      PolicyAt(around_.policy(), now), directory, {}, settings_.officers, std::nullopt, {}};
  NameRegister(request.signed_enrolment(), the_case);
  Judge judge(std::move(the_case), around_.state);
  StoredQuota quota(around_.replay, trust);
  SLUIS_ASSIGN_OR_RETURN(
      const AdmittedEnrolment admitted,
      pseudonym::AdmitEnrolment(request.signed_enrolment(), request.statement(), trust,
                                settings_.decision_key, judge, nonces_, quota, now));
  const pseudonym::EnrolHead& head = admitted.enrolment.head();
  if (admitted.answered) {
    SLUIS_ASSIGN_OR_RETURN(const Bytes kept, nonces_.AnswerOf(head.signer, head.nonce));
    return ParseKept<wire::EvaluateEnrolmentResponse>(kept);
  }
  SLUIS_ASSIGN_OR_RETURN(const std::vector<GroupElement> input, EnrolInput(request, admitted));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::EnrolFactor factor,
                         pseudonym::EnrolFactor::Derive(secrets_.keys, admitted.route.d_origin,
                                                        admitted.route.d_index));
  const Bytes response = factor.Evaluate(settings_.hop, input).Encode();
  wire::EvaluateEnrolmentResponse made;
  wire::EnrolmentHop& hop = *made.mutable_hop();
  hop.set_response(response);
  hop.set_signature(pseudonym::SignEnrolResponse(settings_.hop, admitted.enrolment.digest(),
                                                 is_second() ? request.first().response() : "",
                                                 response, secrets_.signing));
  hop.set_factor(factor.Tie().Encode());
  ToWire(Commit(admitted.route.d_origin.bytes(), factor.s_origin()), hop.add_commitments());
  ToWire(Commit(admitted.route.d_index.bytes(), factor.s_index()), hop.add_commitments());
  SLUIS_ASSIGN_OR_RETURN(const Bytes kept,
                         nonces_.KeepAnswer(head.signer, head.nonce, admitted.enrolment.digest(),
                                            made.SerializeAsString()));
  return ParseKept<wire::EvaluateEnrolmentResponse>(kept);
}

}  // namespace sluis::transcryptor
