#include "broker/rpc/call.h"

#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "broker/rpc/status.h"
#include "lib/base/error.h"
#include "lib/base/log.h"

namespace sluis::rpc {
namespace {

// Every method has a request type of its own, named after it (api.md §1).
std::string MethodOf(const google::protobuf::Message& request) {
  return std::string(absl::StripSuffix(request.GetDescriptor()->name(), "Request"));
}

}  // namespace

Call::Call(const Gate& gate, const grpc::CallbackServerContext& context,
           const google::protobuf::Message& request)
    : gate_(&gate),
      method_(MethodOf(request)),
      trace_(TraceOf(context.client_metadata())),
      begin_(std::chrono::steady_clock::now()) {}

absl::StatusOr<exchange::Caller> Call::Admit(const grpc::CallbackServerContext& context,
                                             const google::protobuf::Message& request,
                                             bool changes) {
  absl::StatusOr<exchange::Caller> caller = gate_->Admit(context, request, changes);
  admitted_ = caller.ok();
  return caller;
}

grpc::Status Call::End(const absl::Status& status) const {
  // An assertion that was used before, or too weak for what was asked.
  if (admitted_ && absl::IsUnauthenticated(status))
    gate_->service().NoteRefusedLogin(ReasonOf(status));
  const auto took = std::chrono::steady_clock::now() - begin_;
  LogEvent(
      LogLevel::kInfo, "call",
      absl::StrFormat("trace=%s span=%s method=%s code=%d reason=%s us=%d", trace_.trace_id,
                      trace_.span_id, method_, static_cast<int>(status.code()), ReasonOf(status),
                      std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  return ToGrpcStatus(status);
}

}  // namespace sluis::rpc
