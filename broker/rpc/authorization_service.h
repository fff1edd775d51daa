// sluis.v1.AuthorizationService: the questions of AuthZEN, asked of the same decision points as
// over HTTPS (broker/daemon/authzen_routes.h).
#pragma once

#include "broker/authzen/protocols.h"
#include "broker/rpc/gate.h"
#include "broker/rpc/side_work.h"
#include "sluis/v1/authorization.grpc.pb.h"

namespace sluis::rpc {

class AuthorizationServiceImpl final : public v1::AuthorizationService::CallbackService {
 public:
  AuthorizationServiceImpl(const Gate& gate, const authzen::Protocols& points);

  grpc::ServerUnaryReactor* EvaluateAccess(grpc::CallbackServerContext*,
                                           const v1::EvaluateAccessRequest*,
                                           v1::EvaluateAccessResponse*) override;
  grpc::ServerUnaryReactor* BatchEvaluateAccess(grpc::CallbackServerContext*,
                                                const v1::BatchEvaluateAccessRequest*,
                                                v1::BatchEvaluateAccessResponse*) override;
  grpc::ServerUnaryReactor* SearchSubjects(grpc::CallbackServerContext*,
                                           const v1::SearchSubjectsRequest*,
                                           v1::SearchSubjectsResponse*) override;
  grpc::ServerUnaryReactor* SearchResources(grpc::CallbackServerContext*,
                                            const v1::SearchResourcesRequest*,
                                            v1::SearchResourcesResponse*) override;
  grpc::ServerUnaryReactor* SearchActions(grpc::CallbackServerContext*,
                                          const v1::SearchActionsRequest*,
                                          v1::SearchActionsResponse*) override;

 private:
  // `put(protocol, caller, body)` puts the question to the decision point that it is for.
  template <typename Request, typename Response, typename Put>
  grpc::ServerUnaryReactor* Ask(grpc::CallbackServerContext* context, const Request* request,
                                Response* out, Put put);

  const Gate& gate_;
  const authzen::Protocols& points_;
  SideWork work_;
};

}  // namespace sluis::rpc
