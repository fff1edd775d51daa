// A call from its first moment to its last: who makes it, the trace it belongs to, and the one way
// in which it ends.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/rpc/gate.h"
#include "broker/rpc/trace.h"

namespace sluis::rpc {

// Copyable: what answers later takes it along. The gate outlives it.
class Call {
 public:
  Call(const Gate& gate, const grpc::CallbackServerContext& context,
       const google::protobuf::Message& request);

  // Who calls, if the call may go on (Gate::Admit).
  absl::StatusOr<exchange::Caller> Admit(const grpc::CallbackServerContext& context,
                                         const google::protobuf::Message& request, bool changes);
  // What the caller is told. Once: writes the call's line in the operational log (trace, method,
  // code, reason and duration; no name of anything or anybody) and notes a log-in that was refused
  // only in the act itself.
  grpc::Status End(const absl::Status& status) const;

 private:
  const Gate* gate_;
  std::string method_;
  Trace trace_;
  std::chrono::steady_clock::time_point begin_;
  bool admitted_ = false;
};

}  // namespace sluis::rpc
