#include "broker/exchange/access.h"
#include "broker/rpc/convert.h"
#include "broker/rpc/other_services.h"
#include "broker/rpc/unary.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

using exchange::Caller;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

void CaseToWire(const exchange::CaseResult& result, v1::Case* out) {
  ToWire(result.record, result.receipts, out);
}

}  // namespace

Unary* CaseServiceImpl::CreateCase(Context* context, const v1::CreateCaseRequest* request,
                                   v1::Case* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        exchange::CreateCase create;
        SLUIS_ASSIGN_OR_RETURN(create.parent, ParsePartyName(request->parent()));
        SLUIS_ASSIGN_OR_RETURN(create.id, CaseId::Parse(request->case_id()));
        create.phase = request->phase();
        gate_.service().OpenCase(caller, StampOf("CreateCase", request->request_id(), *request),
                                 std::move(create),
                                 Into<exchange::CaseResult>(pending, out, &CaseToWire));
        return absl::OkStatus();
      });
}

Unary* CaseServiceImpl::GetCase(Context* context, const v1::GetCaseRequest* request,
                                v1::Case* out) {
  return RunRead(gate_, context, request, [&](const Caller& caller) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const CaseId id, ParseCaseName(request->name()));
    SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord record, gate_.service().GetCase(caller, id));
    ToWire(record, {}, out);
    return absl::OkStatus();
  });
}

Unary* CaseServiceImpl::ListCases(Context* context, const v1::ListCasesRequest* request,
                                  v1::ListCasesResponse* out) {
  return RunRead(gate_, context, request, [&](const Caller& caller) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const PartyId parent, ParsePartyName(request->parent()));
    SLUIS_RETURN_IF_ERROR(exchange::OwnParty(caller, parent));
    SLUIS_ASSIGN_OR_RETURN(
        const std::string token,
        gate_.pages().Read(caller, "ListCases", *request, request->page_token(), gate_.Now()));
    std::optional<CaseId> after;
    if (!token.empty()) {
      SLUIS_ASSIGN_OR_RETURN(after, CaseId::Parse(token));
    }
    const int size = PageSize(request->page_size());
    SLUIS_ASSIGN_OR_RETURN(std::vector<storage::CaseRecord> found,
                           gate_.service().ListCases(caller, after, size + 1));
    if (found.size() > static_cast<std::size_t>(size)) {
      found.pop_back();
      out->set_next_page_token(
          gate_.pages().Make(caller, "ListCases", *request, found.back().id.hex(), gate_.Now()));
    }
    for (const storage::CaseRecord& record : found) ToWire(record, {}, out->add_cases());
    return absl::OkStatus();
  });
}

Unary* CaseServiceImpl::AdvanceCase(Context* context, const v1::AdvanceCaseRequest* request,
                                    v1::Case* out) {
  return RunAct(gate_, context, request,
                [&](const Caller& caller, const Pending& pending) -> absl::Status {
                  exchange::ChangeCase change;
                  SLUIS_ASSIGN_OR_RETURN(change.id, ParseCaseName(request->name()));
                  change.phase = request->phase();
                  change.etag = request->etag();
                  gate_.service().ChangeCaseOf(
                      caller, StampOf("AdvanceCase", request->request_id(), *request),
                      std::move(change), Into<exchange::CaseResult>(pending, out, &CaseToWire));
                  return absl::OkStatus();
                });
}

Unary* CaseServiceImpl::CloseCase(Context* context, const v1::CloseCaseRequest* request,
                                  v1::Case* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        exchange::ChangeCase change;
        SLUIS_ASSIGN_OR_RETURN(change.id, ParseCaseName(request->name()));
        change.close = true;
        change.etag = request->etag();
        gate_.service().ChangeCaseOf(caller, StampOf("CloseCase", request->request_id(), *request),
                                     std::move(change),
                                     Into<exchange::CaseResult>(pending, out, &CaseToWire));
        return absl::OkStatus();
      });
}

}  // namespace sluis::rpc
