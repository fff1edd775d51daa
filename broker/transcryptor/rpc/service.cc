#include "broker/transcryptor/rpc/service.h"

#include "broker/rpc/status.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"

namespace sluis::transcryptor {

absl::Status ServiceImpl::Admit(const grpc::CallbackServerContext& context) const {
  const auto values = context.auth_context()->FindPropertyValues("x509_pem_cert");
  const std::string pem =
      values.empty() ? std::string() : std::string(values.front().data(), values.front().size());
  SLUIS_ASSIGN_OR_RETURN(const PeerCertificate certificate, ParsePeerCertificate(pem));
  SLUIS_RETURN_IF_ERROR(peer_.trust()->Check(pem, clock_.Now()).status());
  if (certificate.oin == peer_.broker) return absl::OkStatus();
  return Error(ErrorCode::kDenied, "METHOD_NOT_ALLOWED",
               "a transcryptor answers the broker that it was set up for, and nobody else");
}

template <typename Request, typename Response, typename Call>
grpc::ServerUnaryReactor* ServiceImpl::Run(grpc::CallbackServerContext* context,
                                           const Request* request, Response* response, Call call) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  absl::Status status = Admit(*context);
  if (!status.ok()) {
    LogEvent(LogLevel::kWarning, "stranger", "reason=" + ReasonOf(status));
  } else {
    absl::StatusOr<Response> answer = call(*request);
    status = answer.status();
    if (answer.ok()) *response = *std::move(answer);
  }
  reactor->Finish(rpc::ToGrpcStatus(status));
  return reactor;
}

grpc::ServerUnaryReactor* ServiceImpl::GetTranscryptor(grpc::CallbackServerContext* context,
                                                       const v1::GetTranscryptorRequest* request,
                                                       v1::Transcryptor* response) {
  return Run(context, request, response,
             [this](const auto&) -> absl::StatusOr<v1::Transcryptor> { return core_.Describe(); });
}

grpc::ServerUnaryReactor* ServiceImpl::OpenSession(grpc::CallbackServerContext* context,
                                                   const v1::OpenSessionRequest* request,
                                                   v1::OpenSessionResponse* response) {
  return Run(context, request, response,
             [this](const auto& call) { return core_.OpenSession(call); });
}

grpc::ServerUnaryReactor* ServiceImpl::RevokeSession(grpc::CallbackServerContext* context,
                                                     const v1::RevokeSessionRequest* request,
                                                     v1::RevokeSessionResponse* response) {
  return Run(context, request, response,
             [this](const auto& call) { return core_.RevokeSession(call); });
}

grpc::ServerUnaryReactor* ServiceImpl::RecordSession(grpc::CallbackServerContext* context,
                                                     const v1::RecordSessionRequest* request,
                                                     v1::RecordSessionResponse* response) {
  return Run(context, request, response,
             [this](const auto& call) { return core_.RecordSession(call); });
}

grpc::ServerUnaryReactor* ServiceImpl::Transcrypt(grpc::CallbackServerContext* context,
                                                  const v1::TranscryptRequest* request,
                                                  v1::TranscryptResponse* response) {
  return Run(context, request, response,
             [this](const auto& call) { return core_.Transcrypt(call); });
}

grpc::ServerUnaryReactor* ServiceImpl::EvaluateEnrolment(
    grpc::CallbackServerContext* context, const v1::EvaluateEnrolmentRequest* request,
    v1::EvaluateEnrolmentResponse* response) {
  return Run(context, request, response,
             [this](const auto& call) { return core_.EvaluateEnrolment(call); });
}

grpc::ServerUnaryReactor* ServiceImpl::PutArrangement(grpc::CallbackServerContext* context,
                                                      const v1::PutArrangementRequest* request,
                                                      v1::PutArrangementResponse* response) {
  return Run(context, request, response,
             [this](const auto& call) { return core_.PutArrangement(call); });
}

grpc::ServerUnaryReactor* ServiceImpl::ShredDomain(grpc::CallbackServerContext* context,
                                                   const v1::ShredDomainRequest* request,
                                                   v1::ShredDomainResponse* response) {
  return Run(context, request, response,
             [this](const auto& call) { return core_.ShredDomain(call); });
}

}  // namespace sluis::transcryptor
