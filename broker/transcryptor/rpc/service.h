// The contract's service over a Transcryptor: who calls, then the call. Nothing is decided here.
#pragma once

#include <grpcpp/server_context.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "broker/transcryptor/transcryptor.h"
#include "lib/base/clock.h"
#include "lib/base/ids.h"
#include "lib/base/mutex.h"
#include "lib/crypto/certificate.h"
#include "sluis/transcryptor/v1/transcryptor.grpc.pb.h"

namespace sluis::transcryptor {

// The one caller: the organisation whose certificate the broker shows.
struct Peer {
  Oin broker;
  // The authorities and revocation lists in force. Thread-safe.
  std::function<std::shared_ptr<const TrustStore>()> trust;
};

// Thread-safe. What it is given outlives it.
class ServiceImpl : public v1::TranscryptorService::CallbackService {
 public:
  ServiceImpl(Transcryptor& core, Peer peer, const Clock& clock)
      : core_(core), peer_(std::move(peer)), clock_(clock) {}

  grpc::ServerUnaryReactor* GetTranscryptor(grpc::CallbackServerContext* context,
                                            const v1::GetTranscryptorRequest* request,
                                            v1::Transcryptor* response) override;
  grpc::ServerUnaryReactor* OpenSession(grpc::CallbackServerContext* context,
                                        const v1::OpenSessionRequest* request,
                                        v1::OpenSessionResponse* response) override;
  grpc::ServerUnaryReactor* RevokeSession(grpc::CallbackServerContext* context,
                                          const v1::RevokeSessionRequest* request,
                                          v1::RevokeSessionResponse* response) override;
  grpc::ServerUnaryReactor* RecordSession(grpc::CallbackServerContext* context,
                                          const v1::RecordSessionRequest* request,
                                          v1::RecordSessionResponse* response) override;
  grpc::ServerUnaryReactor* Transcrypt(grpc::CallbackServerContext* context,
                                       const v1::TranscryptRequest* request,
                                       v1::TranscryptResponse* response) override;
  grpc::ServerUnaryReactor* EvaluateEnrolment(grpc::CallbackServerContext* context,
                                              const v1::EvaluateEnrolmentRequest* request,
                                              v1::EvaluateEnrolmentResponse* response) override;
  grpc::ServerUnaryReactor* PutArrangement(grpc::CallbackServerContext* context,
                                           const v1::PutArrangementRequest* request,
                                           v1::PutArrangementResponse* response) override;
  grpc::ServerUnaryReactor* ShredDomain(grpc::CallbackServerContext* context,
                                        const v1::ShredDomainRequest* request,
                                        v1::ShredDomainResponse* response) override;

 private:
  template <typename Request, typename Response, typename Call>
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, const Request* request,
                                Response* response, Call call);
  // UNAUTHENTICATED / CERTIFICATE_...; PERMISSION_DENIED / METHOD_NOT_ALLOWED.
  absl::Status Admit(const grpc::CallbackServerContext& context) const;

  Transcryptor& core_;
  const Peer peer_;
  const Clock& clock_;
};

}  // namespace sluis::transcryptor
