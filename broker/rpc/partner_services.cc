// Arrangements and the directory: what partners agreed and who they are, all signed by themselves.
#include "broker/rpc/convert.h"
#include "broker/rpc/other_services.h"
#include "broker/rpc/unary.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

using exchange::Caller;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

void ArrangementToWire(const exchange::ArrangementResult& result, v1::Arrangement* out) {
  ToWire(result.record, result.receipts, out);
}

}  // namespace

Unary* ArrangementServiceImpl::RegisterArrangement(Context* context,
                                                   const v1::RegisterArrangementRequest* request,
                                                   v1::Arrangement* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(storage::ArrangementRecord record, FromWire(request->arrangement()));
        gate_.service().RegisterArrangement(
            caller, StampOf("RegisterArrangement", request->request_id(), *request),
            std::move(record), Into<exchange::ArrangementResult>(pending, out, &ArrangementToWire));
        return absl::OkStatus();
      });
}

Unary* ArrangementServiceImpl::ListArrangements(Context* context,
                                                const v1::ListArrangementsRequest* request,
                                                v1::ListArrangementsResponse* out) {
  return RunRead(gate_, context, request, [&](const Caller& caller) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const std::string after,
                           gate_.pages().Read(caller, "ListArrangements", *request,
                                              request->page_token(), gate_.Now()));
    const int size = PageSize(request->page_size());
    SLUIS_ASSIGN_OR_RETURN(std::vector<storage::ArrangementRecord> found,
                           gate_.service().ListArrangements(caller, after, size + 1));
    if (found.size() > static_cast<std::size_t>(size)) {
      found.pop_back();
      out->set_next_page_token(
          gate_.pages().Make(caller, "ListArrangements", *request, found.back().id, gate_.Now()));
    }
    for (const storage::ArrangementRecord& record : found)
      ToWire(record, {}, out->add_arrangements());
    return absl::OkStatus();
  });
}

Unary* PartnerServiceImpl::GetDirectory(Context* context, const v1::GetDirectoryRequest* request,
                                        v1::Directory* out) {
  return RunRead(gate_, context, request, [&](const Caller&) -> absl::Status {
    const std::shared_ptr<const identity::Directory> directory = gate_.directories().Current();
    out->set_note(directory->note());
    out->set_version(directory->version());
    return absl::OkStatus();
  });
}

}  // namespace sluis::rpc
