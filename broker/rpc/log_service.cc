#include "absl/strings/str_cat.h"
#include "broker/rpc/convert.h"
#include "broker/rpc/other_services.h"
#include "broker/rpc/unary.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

using exchange::Caller;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

}  // namespace

Unary* LogServiceImpl::ListReceipts(Context* context, const v1::ListReceiptsRequest* request,
                                    v1::ListReceiptsResponse* out) {
  return RunRead(gate_, context, request, [&](const Caller& caller) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ExchangeIdOf(request->exchange()));
    SLUIS_ASSIGN_OR_RETURN(const exchange::Receipts receipts,
                           gate_.service().ListReceipts(caller, id));
    ToWire(receipts, out->mutable_receipts());
    return absl::OkStatus();
  });
}

Unary* LogServiceImpl::ListRecords(Context* context, const v1::ListRecordsRequest* request,
                                   v1::ListRecordsResponse* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(exchange::ListRecords list, FromWire(*request, caller.party));
        SLUIS_ASSIGN_OR_RETURN(const std::string token,
                               gate_.pages().Read(caller, "ListRecords", *request,
                                                  request->page_token(), gate_.Now()));
        if (!token.empty()) {
          SLUIS_ASSIGN_OR_RETURN(list.after, ParseDecimal(token, 1ULL << 48));
        }
        list.limit = PageSize(request->page_size());
        gate_.service().ReadRecords(
            caller, StampOf("ListRecords", request->request_id(), *request), std::move(list),
            // The request outlives the call, which ends with Finish.
            [this, caller, request, out, pending](absl::StatusOr<exchange::RecordsResult> result) {
              if (result.ok()) {
                ToWire(*result, out);
                if (result->more) {
                  out->set_next_page_token(
                      gate_.pages().Make(caller, "ListRecords", *request,
                                         absl::StrCat(result->records.back().index), gate_.Now()));
                }
              }
              pending.Finish(result.status());
            });
        return absl::OkStatus();
      });
}

}  // namespace sluis::rpc
