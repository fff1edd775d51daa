// Sessions, shredding and enrolment: carried to the transcryptors, noted and logged by the core.
#include "broker/rpc/convert.h"
#include "broker/rpc/other_services.h"
#include "broker/rpc/unary.h"
#include "lib/base/resource_names.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

using exchange::Caller;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

absl::StatusOr<exchange::PartyOrder> OrderFrom(const std::string& parent, const std::string& bytes,
                                               const std::string& signature) {
  exchange::PartyOrder order{{}, bytes, signature};
  SLUIS_ASSIGN_OR_RETURN(order.parent, ParsePartyName(parent));
  return order;
}

void SessionToWire(const exchange::SessionResult& result, v1::Session* out) {
  out->set_context(result.context);
  for (const exchange::SessionHalf& half : result.halves) {
    v1::SessionHalf* line = out->add_halves();
    ToWire(half.evaluation.commitment, line->mutable_commitment());
    line->set_point(half.evaluation.point);
    line->set_proof(half.evaluation.proof);
    line->set_sealed_share(half.sealed_share);
  }
  ToWire(result.end, out->mutable_expire_time());
  ToWire(result.receipts, out->mutable_receipts());
}

void RevocationToWire(const exchange::OrderResult& result, v1::RevokeSessionResponse* out) {
  ToWire(result.receipts, out->mutable_receipts());
}

void ShreddingToWire(const exchange::OrderResult& result, v1::ShredDomainResponse* out) {
  for (const absl::Time time : result.done) ToWire(time, out->add_destroy_times());
  ToWire(result.receipts, out->mutable_receipts());
}

void StatementToWire(const exchange::StatementResult& result, v1::PrepareEnrolmentResponse* out) {
  out->set_statement(result.statement);
  ToWire(result.receipts, out->mutable_receipts());
}

void HopToWire(const exchange::EnrolmentHop& hop, v1::EnrolmentHop* out) {
  out->set_response(hop.response);
  out->set_signature(hop.signature);
  out->set_factor(hop.factor);
  for (const storage::CommitmentRecord& commitment : hop.commitments) {
    ToWire(commitment, out->add_commitments());
  }
}

void EnrolmentToWire(const exchange::EnrolmentResult& result, v1::EvaluateEnrolmentResponse* out) {
  HopToWire(result.hops[0], out->mutable_first());
  HopToWire(result.hops[1], out->mutable_second());
  ToWire(result.receipts, out->mutable_receipts());
}

}  // namespace

Unary* PseudonymServiceImpl::PrepareEnrolment(Context* context,
                                              const v1::PrepareEnrolmentRequest* request,
                                              v1::PrepareEnrolmentResponse* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(const PartyId parent, ParsePartyName(request->parent()));
        gate_.service().PrepareEnrolment(
            caller, StampOf("PrepareEnrolment", request->request_id(), *request), parent,
            request->register_(), Into<exchange::StatementResult>(pending, out, &StatementToWire));
        return absl::OkStatus();
      });
}

Unary* PseudonymServiceImpl::EvaluateEnrolment(Context* context,
                                               const v1::EvaluateEnrolmentRequest* request,
                                               v1::EvaluateEnrolmentResponse* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        exchange::EnrolmentBatch batch{{}, request->signed_enrolment(), request->statement()};
        SLUIS_ASSIGN_OR_RETURN(batch.parent, ParsePartyName(request->parent()));
        gate_.service().EvaluateEnrolment(
            caller, StampOf("EvaluateEnrolment", request->request_id(), *request), batch,
            Into<exchange::EnrolmentResult>(pending, out, &EnrolmentToWire));
        return absl::OkStatus();
      });
}

Unary* PseudonymServiceImpl::OpenSession(Context* context, const v1::OpenSessionRequest* request,
                                         v1::Session* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(const exchange::PartyOrder order,
                               OrderFrom(request->parent(), request->head(), request->signature()));
        gate_.service().OpenSession(caller, StampOf("OpenSession", request->request_id(), *request),
                                    order,
                                    Into<exchange::SessionResult>(pending, out, &SessionToWire));
        return absl::OkStatus();
      });
}

Unary* PseudonymServiceImpl::RevokeSession(Context* context,
                                           const v1::RevokeSessionRequest* request,
                                           v1::RevokeSessionResponse* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(const exchange::PartyOrder order,
                               OrderFrom(request->parent(), request->head(), request->signature()));
        gate_.service().RevokeSession(
            caller, StampOf("RevokeSession", request->request_id(), *request), order,
            Into<exchange::OrderResult>(pending, out, &RevocationToWire));
        return absl::OkStatus();
      });
}

Unary* PseudonymServiceImpl::ShredDomain(Context* context, const v1::ShredDomainRequest* request,
                                         v1::ShredDomainResponse* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(
            const exchange::PartyOrder order,
            OrderFrom(request->parent(), request->order(), request->signature()));
        gate_.service().ShredDomain(caller, StampOf("ShredDomain", request->request_id(), *request),
                                    order,
                                    Into<exchange::OrderResult>(pending, out, &ShreddingToWire));
        return absl::OkStatus();
      });
}

}  // namespace sluis::rpc
