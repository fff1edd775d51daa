#include "broker/rpc/authorization_service.h"

#include "broker/rpc/access_json.h"
#include "broker/rpc/unary.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

using authzen::Protocol;
using authzen::Searched;
using exchange::Caller;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;

// As many as the HTTPS listener has.
constexpr int kThreads = 2;
// Each holds a request, so this also bounds memory.
constexpr std::size_t kMostWaiting = 64;
// As of a body over HTTPS (api.md §13).
constexpr std::size_t kMostQuestionBytes = 1 << 20;

absl::Status CheckSize(const google::protobuf::Message& request) {
  if (request.ByteSizeLong() <= kMostQuestionBytes) return absl::OkStatus();
  return Error(ErrorCode::kExhausted, "PAYLOAD_TOO_LARGE",
               "a question is at most 1 MiB; ask fewer at once");
}

absl::Status TooLate() {
  return Error(ErrorCode::kDeadline, "DEADLINE_TOO_SHORT",
               "nobody waits for the answer any more; allow more time");
}

// How a search puts its question.
auto SearchFor(Searched searched) {
  return [searched](const Protocol& protocol, const Caller& caller, const Json& body) {
    return protocol.Find(searched, caller, body);
  };
}

}  // namespace

AuthorizationServiceImpl::AuthorizationServiceImpl(const Gate& gate,
                                                   const authzen::Protocols& points)
    : gate_(gate), points_(points), work_(kThreads, kMostWaiting) {}

template <typename Request, typename Response, typename Put>
Unary* AuthorizationServiceImpl::Ask(Context* context, const Request* request, Response* out,
                                     Put put) {
  return RunLater(gate_, context, request, /*changes=*/false,
                  [&](const Caller& caller, const Pending& pending) -> absl::Status {
                    SLUIS_RETURN_IF_ERROR(CheckSize(*request));
                    const Protocol* protocol = points_.Find(request->decision_point());
                    if (protocol == nullptr) {
                      return InvalidField(
                          "FIELD_INVALID", "decision_point",
                          "is none of this broker; leave it out to ask the exchange's own");
                    }
                    // Request, answer and context outlive the call, which ends with Finish.
                    return work_.Take([protocol, caller, context, request, out, put, pending] {
                      if (context->IsCancelled()) return pending.Finish(TooLate());
                      const absl::StatusOr<Json> answer = put(*protocol, caller, BodyOf(*request));
                      if (answer.ok()) FromBody(*answer, out);
                      pending.Finish(InFieldNames(answer.status()));
                    });
                  });
}

Unary* AuthorizationServiceImpl::EvaluateAccess(Context* context,
                                                const v1::EvaluateAccessRequest* request,
                                                v1::EvaluateAccessResponse* out) {
  return Ask(context, request, out,
             [](const Protocol& protocol, const Caller& caller, const Json& body) {
               return protocol.Decide(caller, body);
             });
}

Unary* AuthorizationServiceImpl::BatchEvaluateAccess(Context* context,
                                                     const v1::BatchEvaluateAccessRequest* request,
                                                     v1::BatchEvaluateAccessResponse* out) {
  return Ask(context, request, out,
             [](const Protocol& protocol, const Caller& caller, const Json& body) {
               return protocol.DecideAll(caller, body);
             });
}

Unary* AuthorizationServiceImpl::SearchSubjects(Context* context,
                                                const v1::SearchSubjectsRequest* request,
                                                v1::SearchSubjectsResponse* out) {
  return Ask(context, request, out, SearchFor(Searched::kSubject));
}

Unary* AuthorizationServiceImpl::SearchResources(Context* context,
                                                 const v1::SearchResourcesRequest* request,
                                                 v1::SearchResourcesResponse* out) {
  return Ask(context, request, out, SearchFor(Searched::kResource));
}

Unary* AuthorizationServiceImpl::SearchActions(Context* context,
                                               const v1::SearchActionsRequest* request,
                                               v1::SearchActionsResponse* out) {
  return Ask(context, request, out, SearchFor(Searched::kAction));
}

}  // namespace sluis::rpc
