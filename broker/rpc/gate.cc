#include "broker/rpc/gate.h"

#include <chrono>

#include "broker/rpc/request_bytes.h"
#include "broker/rpc/validate.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::rpc {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::chrono::milliseconds kShortest(50);

absl::Status CheckDeadline(const grpc::CallbackServerContext& context, bool changes) {
  const std::chrono::system_clock::time_point deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) {
    if (!changes) return absl::OkStatus();
    return InvalidField("FIELD_MISSING", "deadline",
                        "a call that changes something needs a deadline; 10 s is usual");
  }
  if (deadline - std::chrono::system_clock::now() >= kShortest) return absl::OkStatus();
  return Error(ErrorCode::kDeadline, "DEADLINE_TOO_SHORT",
               "too little time was left to begin; allow more");
}

std::string CertificateOf(const grpc::CallbackServerContext& context) {
  const auto values = context.auth_context()->FindPropertyValues("x509_pem_cert");
  return values.empty() ? std::string() : std::string(values.front().data(), values.front().size());
}

// Empty when there is none or it stands twice: then it says nothing.
std::string_view BearerOf(const grpc::CallbackServerContext& context) {
  const auto [first, last] = context.client_metadata().equal_range("authorization");
  if (first == last || std::next(first) != last) return {};
  const std::string_view value(first->second.data(), first->second.size());
  return value.starts_with(kBearer) ? value.substr(kBearer.size()) : std::string_view();
}

}  // namespace

Gate::Gate(exchange::Service& service, const exchange::Authenticator& authenticator,
           const exchange::PolicySource& policies, const exchange::DirectorySource& directories,
           const Clock& clock)
    : service_(service),
      authenticator_(authenticator),
      policies_(policies),
      directories_(directories),
      clock_(clock) {}

absl::StatusOr<exchange::Caller> Gate::Authenticate(
    const grpc::CallbackServerContext& context) const {
  absl::StatusOr<exchange::Caller> caller =
      authenticator_.Authenticate(CertificateOf(context), BearerOf(context));
  if (!caller.ok()) service_.NoteRefusedLogin(ReasonOf(caller.status()));
  return caller;
}

absl::StatusOr<exchange::Caller> Gate::Admit(const grpc::CallbackServerContext& context,
                                             const google::protobuf::Message& request,
                                             bool changes) const {
  SLUIS_RETURN_IF_ERROR(CheckDeadline(context, changes));
  SLUIS_ASSIGN_OR_RETURN(exchange::Caller caller, Authenticate(context));
  const exchange::PolicyInForce policy = policies_.Current();
  SLUIS_RETURN_IF_ERROR(ValidateRequest(request, *policy.pack));
  return caller;
}

exchange::RequestStamp StampOf(const char* method, const std::string& request_id,
                               const google::protobuf::Message& request) {
  return {method, request_id, Sha256(RequestBytes(request))};
}

}  // namespace sluis::rpc
