// The shapes of a unary call, so that each method in the services says only what is its own: an act
// (changes something, answers from the journal), a read (answers at once) and what answers later.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/rpc/call.h"

namespace sluis::rpc {

// A unary call that has not been answered. Copyable.
struct Pending {
  Call call;
  grpc::ServerUnaryReactor* reactor;
  // Once.
  void Finish(const absl::Status& status) const { reactor->Finish(call.End(status)); }
};

// Answers `pending` with what the act's reply brings. `out` is written before Finish and lives
// until after it.
template <typename Result, typename Wire>
exchange::Reply<Result> Into(const Pending& pending, Wire* out,
                             void (*convert)(const Result&, Wire*)) {
  return [pending, out, convert](absl::StatusOr<Result> result) {
    if (result.ok()) convert(*result, out);
    pending.Finish(result.status());
  };
}

// Runs `start(caller, pending)` if the call is admitted. `start` returns OK once it has handed the
// call to what will finish it, or an error that ends it.
template <typename Request, typename Start>
grpc::ServerUnaryReactor* RunLater(const Gate& gate, grpc::CallbackServerContext* context,
                                   const Request* request, bool changes, Start start) {
  Pending pending{Call(gate, *context, *request), context->DefaultReactor()};
  const absl::StatusOr<exchange::Caller> caller = pending.call.Admit(*context, *request, changes);
  const absl::Status started = caller.ok() ? start(*caller, pending) : caller.status();
  if (!started.ok()) pending.Finish(started);
  return pending.reactor;
}

template <typename Request, typename Start>
grpc::ServerUnaryReactor* RunAct(const Gate& gate, grpc::CallbackServerContext* context,
                                 const Request* request, Start start) {
  return RunLater(gate, context, request, /*changes=*/true, std::move(start));
}

// Runs `read(caller)`, which fills the answer.
template <typename Request, typename Read>
grpc::ServerUnaryReactor* RunRead(const Gate& gate, grpc::CallbackServerContext* context,
                                  const Request* request, Read read) {
  Pending pending{Call(gate, *context, *request), context->DefaultReactor()};
  const absl::StatusOr<exchange::Caller> caller =
      pending.call.Admit(*context, *request, /*changes=*/false);
  pending.Finish(caller.ok() ? read(*caller) : caller.status());
  return pending.reactor;
}

}  // namespace sluis::rpc
