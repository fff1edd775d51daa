// The two shapes of a unary call, so that each method in the services says only what is its own: an
// act (changes something, answers from the journal) and a read (answers at once).
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/rpc/gate.h"
#include "broker/rpc/status.h"

namespace sluis::rpc {

// Answers `reactor` with what the act's reply brings. `out` is written before Finish and lives
// until after it.
template <typename Result, typename Wire>
exchange::Reply<Result> Into(grpc::ServerUnaryReactor* reactor, Wire* out,
                             void (*convert)(const Result&, Wire*)) {
  return [reactor, out, convert](absl::StatusOr<Result> result) {
    if (result.ok()) convert(*result, out);
    reactor->Finish(ToGrpcStatus(result.status()));
  };
}

// Runs `start(caller)` if the call is admitted. `start` returns OK once it has handed the reactor
// to a reply, or an error that ends the call.
template <typename Request, typename Start>
grpc::ServerUnaryReactor* RunAct(const Gate& gate, grpc::CallbackServerContext* context,
                                 const Request* request, Start start) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::StatusOr<exchange::Caller> caller = gate.Admit(*context, *request, /*changes=*/true);
  const absl::Status started = caller.ok() ? start(*caller, reactor) : caller.status();
  if (!started.ok()) reactor->Finish(ToGrpcStatus(started));
  return reactor;
}

// Runs `read(caller)`, which fills the answer.
template <typename Request, typename Read>
grpc::ServerUnaryReactor* RunRead(const Gate& gate, grpc::CallbackServerContext* context,
                                  const Request* request, Read read) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::StatusOr<exchange::Caller> caller = gate.Admit(*context, *request, /*changes=*/false);
  reactor->Finish(ToGrpcStatus(caller.ok() ? read(*caller) : caller.status()));
  return reactor;
}

}  // namespace sluis::rpc
