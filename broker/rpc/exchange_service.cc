#include "broker/rpc/exchange_service.h"

#include "broker/exchange/access.h"
#include "broker/rpc/convert.h"
#include "broker/rpc/unary.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

using exchange::Caller;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

// An act on one exchange that needs no more than its name.
template <typename Request, typename Call>
Unary* ActOnName(const Gate& gate, Context* context, const Request* request, const char* method,
                 Call call) {
  return RunAct(gate, context, request,
                [&](const Caller& caller, const Pending& pending) -> absl::Status {
                  SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ExchangeIdOf(request->name()));
                  call(caller, StampOf(method, request->request_id(), *request), id, pending);
                  return absl::OkStatus();
                });
}

}  // namespace

Unary* ExchangeServiceImpl::CreateExchange(Context* context,
                                           const v1::CreateExchangeRequest* request,
                                           v1::Exchange* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(exchange::CreateExchange ask, FromWire(*request));
        gate_.service().Create(caller, StampOf("CreateExchange", request->request_id(), *request),
                               std::move(ask),
                               Into<exchange::ExchangeResult>(pending, out, &ToWire));
        return absl::OkStatus();
      });
}

Unary* ExchangeServiceImpl::BatchCreateExchanges(Context* context,
                                                 const v1::BatchCreateExchangesRequest* request,
                                                 v1::BatchCreateExchangesResponse* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(std::vector<exchange::CreateExchange> asks, FromWire(*request));
        gate_.service().CreateMany(
            caller, StampOf("BatchCreateExchanges", request->request_id(), *request),
            std::move(asks), Into<std::vector<exchange::ExchangeResult>>(pending, out, &ToWire));
        return absl::OkStatus();
      });
}

Unary* ExchangeServiceImpl::SendSubject(Context* context, const v1::SendSubjectRequest* request,
                                        v1::Exchange* out) {
  return ActOnName(gate_, context, request, "SendSubject",
                   [&](const Caller& caller, const exchange::RequestStamp& stamp,
                       const ExchangeId& id, const Pending& pending) {
                     gate_.service().BringSubject(
                         caller, stamp, {id, request->signed_request()},
                         Into<exchange::ExchangeResult>(pending, out, &ToWire));
                   });
}

Unary* ExchangeServiceImpl::RecordHit(Context* context, const v1::RecordHitRequest* request,
                                      v1::Exchange* out) {
  return ActOnName(gate_, context, request, "RecordHit",
                   [&](const Caller& caller, const exchange::RequestStamp& stamp,
                       const ExchangeId& id, const Pending& pending) {
                     gate_.service().NoteHit(caller, stamp,
                                             {id, request->position(), request->signature()},
                                             Into<exchange::ExchangeResult>(pending, out, &ToWire));
                   });
}

Unary* ExchangeServiceImpl::GetExchange(Context* context, const v1::GetExchangeRequest* request,
                                        v1::Exchange* out) {
  return RunRead(gate_, context, request, [&](const Caller& caller) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ExchangeIdOf(request->name()));
    SLUIS_ASSIGN_OR_RETURN(const exchange::ExchangeResult result, gate_.service().Get(caller, id));
    ToWire(result, out);
    return absl::OkStatus();
  });
}

Unary* ExchangeServiceImpl::ListExchanges(Context* context, const v1::ListExchangesRequest* request,
                                          v1::ListExchangesResponse* out) {
  return RunRead(gate_, context, request, [&](const Caller& caller) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const PartyId parent, ParsePartyName(request->parent()));
    SLUIS_RETURN_IF_ERROR(exchange::OwnParty(caller, parent));
    std::optional<CaseId> in_case;
    if (!request->case_().empty()) {
      SLUIS_ASSIGN_OR_RETURN(in_case, ParseCaseName(request->case_()));
    }
    SLUIS_ASSIGN_OR_RETURN(
        const std::string token,
        gate_.pages().Read(caller, "ListExchanges", *request, request->page_token(), gate_.Now()));
    std::optional<ExchangeId> after;
    if (!token.empty()) {
      SLUIS_ASSIGN_OR_RETURN(after, ExchangeId::Parse(token));
    }
    const int size = PageSize(request->page_size());
    SLUIS_ASSIGN_OR_RETURN(std::vector<exchange::ExchangeResult> found,
                           gate_.service().List(caller, in_case, after, size + 1));
    if (found.size() > static_cast<std::size_t>(size)) {
      found.pop_back();
      out->set_next_page_token(gate_.pages().Make(caller, "ListExchanges", *request,
                                                  found.back().exchange.id.hex(), gate_.Now()));
    }
    for (const exchange::ExchangeResult& result : found) ToWire(result, out->add_exchanges());
    return absl::OkStatus();
  });
}

Unary* ExchangeServiceImpl::ApproveExchange(Context* context,
                                            const v1::ApproveExchangeRequest* request,
                                            v1::Exchange* out) {
  return ActOnName(gate_, context, request, "ApproveExchange",
                   [&](const Caller& caller, const exchange::RequestStamp& stamp,
                       const ExchangeId& id, const Pending& pending) {
                     gate_.service().ApproveOne(
                         caller, stamp, {id, request->role(), request->granted()},
                         Into<exchange::ExchangeResult>(pending, out, &ToWire));
                   });
}

Unary* ExchangeServiceImpl::PrepareAnswer(Context* context, const v1::PrepareAnswerRequest* request,
                                          v1::Exchange* out) {
  return RunAct(gate_, context, request,
                [&](const Caller& caller, const Pending& pending) -> absl::Status {
                  SLUIS_ASSIGN_OR_RETURN(exchange::Prepare prepare, FromWire(*request));
                  gate_.service().PrepareOne(
                      caller, StampOf("PrepareAnswer", request->request_id(), *request),
                      std::move(prepare), Into<exchange::ExchangeResult>(pending, out, &ToWire));
                  return absl::OkStatus();
                });
}

Unary* ExchangeServiceImpl::AnswerExchange(Context* context,
                                           const v1::AnswerExchangeRequest* request,
                                           v1::Exchange* out) {
  return RunAct(
      gate_, context, request, [&](const Caller& caller, const Pending& pending) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(const exchange::Answer answer, FromWire(*request));
        gate_.service().AnswerOne(caller,
                                  StampOf("AnswerExchange", request->request_id(), *request),
                                  answer, Into<exchange::ExchangeResult>(pending, out, &ToWire));
        return absl::OkStatus();
      });
}

Unary* ExchangeServiceImpl::RefuseExchange(Context* context,
                                           const v1::RefuseExchangeRequest* request,
                                           v1::Exchange* out) {
  return ActOnName(gate_, context, request, "RefuseExchange",
                   [&](const Caller& caller, const exchange::RequestStamp& stamp,
                       const ExchangeId& id, const Pending& pending) {
                     gate_.service().RefuseOne(
                         caller, stamp, {id, request->reason()},
                         Into<exchange::ExchangeResult>(pending, out, &ToWire));
                   });
}

Unary* ExchangeServiceImpl::WithdrawExchange(Context* context,
                                             const v1::WithdrawExchangeRequest* request,
                                             v1::Exchange* out) {
  return ActOnName(gate_, context, request, "WithdrawExchange",
                   [&](const Caller& caller, const exchange::RequestStamp& stamp,
                       const ExchangeId& id, const Pending& pending) {
                     gate_.service().Withdraw(
                         caller, stamp, id, Into<exchange::ExchangeResult>(pending, out, &ToWire));
                   });
}

Unary* ExchangeServiceImpl::OpenDelivery(Context* context, const v1::OpenDeliveryRequest* request,
                                         v1::Delivery* out) {
  return ActOnName(gate_, context, request, "OpenDelivery",
                   [&](const Caller& caller, const exchange::RequestStamp& stamp,
                       const ExchangeId& id, const Pending& pending) {
                     gate_.service().OpenDelivery(
                         caller, stamp, id, Into<exchange::DeliveryResult>(pending, out, &ToWire));
                   });
}

Unary* ExchangeServiceImpl::ConfirmOpening(Context* context,
                                           const v1::ConfirmOpeningRequest* request,
                                           v1::Exchange* out) {
  return ActOnName(gate_, context, request, "ConfirmOpening",
                   [&](const Caller& caller, const exchange::RequestStamp& stamp,
                       const ExchangeId& id, const Pending& pending) {
                     gate_.service().ConfirmOpening(
                         caller, stamp, id, Into<exchange::ExchangeResult>(pending, out, &ToWire));
                   });
}

Unary* ExchangeServiceImpl::ConfirmDestruction(Context* context,
                                               const v1::ConfirmDestructionRequest* request,
                                               v1::Exchange* out) {
  return ActOnName(gate_, context, request, "ConfirmDestruction",
                   [&](const Caller& caller, const exchange::RequestStamp& stamp,
                       const ExchangeId& id, const Pending& pending) {
                     gate_.service().ConfirmDestruction(
                         caller, stamp, id, Into<exchange::ExchangeResult>(pending, out, &ToWire));
                   });
}

grpc::ServerWriteReactor<v1::InboxEntry>* ExchangeServiceImpl::WatchInbox(
    Context* context, const v1::WatchInboxRequest* request) {
  Call call(gate_, *context, *request);
  absl::StatusOr<Caller> caller = call.Admit(*context, *request, /*changes=*/false);
  if (caller.ok()) {
    const absl::StatusOr<PartyId> parent = ParsePartyName(request->parent());
    const absl::Status own = parent.ok() ? exchange::OwnParty(*caller, *parent) : parent.status();
    if (!own.ok()) caller = own;
  }
  const grpc::Status begun = call.End(caller.status());
  if (!begun.ok()) return streams_.Refuse(begun);
  return streams_.Start(*std::move(caller), request->after_sequence(), request->until_caught_up());
}

}  // namespace sluis::rpc
