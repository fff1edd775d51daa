#include "broker/rpc/transcryptor_messages.h"

namespace sluis::rpc {
namespace {

namespace wire = transcryptor::v1;

void Copy(const storage::CommitmentRecord& from, wire::Commitment* to) {
  to->set_subject(from.subject);
  to->set_point(from.point);
  to->set_signature(from.signature);
}

storage::CommitmentRecord Read(const wire::Commitment& from) {
  return {from.subject(), from.point(), from.signature()};
}

void Copy(const storage::HopRecord& from, wire::Hop* to) {
  to->set_batch_response(from.batch_response);
  to->set_payload_digests(from.payload_digests);
  to->set_signature(from.signature);
  to->set_sealed_proof(from.sealed_proof);
  to->set_proof_digest(from.proof_digest);
  for (const storage::CommitmentRecord& commitment : from.commitments) {
    Copy(commitment, to->add_commitments());
  }
}

void Copy(const exchange::SessionEvaluation& from, wire::SessionEvaluation* to) {
  Copy(from.commitment, to->mutable_commitment());
  to->set_point(from.point);
  to->set_proof(from.proof);
}

template <typename Request>
Request Headed(const exchange::SignedBytes& head) {
  Request request;
  request.set_head(head.bytes);
  request.set_signature(head.signature);
  return request;
}

}  // namespace

wire::TranscryptRequest ToWire(const exchange::HopAsk& ask) {
  wire::TranscryptRequest request;
  request.set_signed_request(ask.signed_request);
  request.set_statement(ask.statement);
  if (ask.first) Copy(*ask.first, request.mutable_first());
  return request;
}

storage::HopRecord FromWire(const wire::TranscryptResponse& response) {
  const wire::Hop& hop = response.hop();
  storage::HopRecord record{.batch_response = hop.batch_response(),
                            .payload_digests = hop.payload_digests(),
                            .signature = hop.signature(),
                            .proof_digest = hop.proof_digest(),
                            .sealed_proof = hop.sealed_proof(),
                            .commitments = {}};
  for (const wire::Commitment& commitment : hop.commitments()) {
    record.commitments.push_back(Read(commitment));
  }
  return record;
}

wire::EvaluateEnrolmentRequest ToWire(const exchange::EnrolmentAsk& ask) {
  wire::EvaluateEnrolmentRequest request;
  request.set_signed_enrolment(ask.signed_enrolment);
  request.set_statement(ask.statement);
  if (!ask.first) return request;
  wire::EnrolmentHop& first = *request.mutable_first();
  first.set_response(ask.first->response);
  first.set_signature(ask.first->signature);
  first.set_factor(ask.first->factor);
  for (const storage::CommitmentRecord& commitment : ask.first->commitments) {
    Copy(commitment, first.add_commitments());
  }
  return request;
}

exchange::EnrolmentHop FromWire(const wire::EvaluateEnrolmentResponse& response) {
  const wire::EnrolmentHop& hop = response.hop();
  exchange::EnrolmentHop made{hop.response(), hop.signature(), hop.factor(), {}};
  for (const wire::Commitment& commitment : hop.commitments()) {
    made.commitments.push_back(Read(commitment));
  }
  return made;
}

wire::OpenSessionRequest ToWire(const exchange::SignedBytes& head,
                                const std::optional<exchange::SessionEvaluation>& first) {
  auto request = Headed<wire::OpenSessionRequest>(head);
  if (first) Copy(*first, request.mutable_first());
  return request;
}

exchange::SessionHalf FromWire(const wire::OpenSessionResponse& response) {
  const wire::SessionEvaluation& evaluation = response.evaluation();
  return {{Read(evaluation.commitment()), evaluation.point(), evaluation.proof()},
          response.sealed_share()};
}

wire::RecordSessionRequest ToWire(const exchange::SignedBytes& head,
                                  const exchange::SessionEvaluation& first,
                                  const exchange::SessionEvaluation& second) {
  auto request = Headed<wire::RecordSessionRequest>(head);
  Copy(first, request.mutable_first());
  Copy(second, request.mutable_second());
  return request;
}

wire::RevokeSessionRequest ToRevoke(const exchange::SignedBytes& head) {
  return Headed<wire::RevokeSessionRequest>(head);
}

wire::ShredDomainRequest ToShred(const exchange::SignedBytes& order) {
  wire::ShredDomainRequest request;
  request.set_order(order.bytes);
  request.set_signature(order.signature);
  return request;
}

wire::PutArrangementRequest ToWire(const storage::ArrangementRecord& arrangement) {
  wire::PutArrangementRequest request;
  request.set_statement(arrangement.statement);
  for (const auto& [party, signature] : arrangement.signatures) {
    wire::ArrangementSignature* line = request.add_signatures();
    line->set_organisation(party.oin.str());
    line->set_unit(party.unit.str());
    line->set_signature(signature);
  }
  return request;
}

}  // namespace sluis::rpc
