#include "broker/rpc/malformed.h"

#include <grpcpp/support/server_interceptor.h>

#include <memory>
#include <utility>
#include <vector>

#include "broker/rpc/status.h"
#include "lib/base/error.h"

namespace sluis::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

absl::Status Malformed() {
  return InvalidField("FIELD_INVALID", "request",
                      "is no message of this method; is all its text UTF-8?");
}

class Interceptor : public grpc::experimental::Interceptor {
 public:
  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE)) {
      unread_ = methods->GetRecvMessage() == nullptr;
    }
    // A stream of the client's ends without a message too; its method then answers by itself.
    if (unread_ && methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS) &&
        methods->GetSendStatus().error_code() == grpc::StatusCode::UNIMPLEMENTED) {
      methods->ModifySendStatus(ToGrpcStatus(Malformed()));
    }
    methods->Proceed();
  }

 private:
  bool unread_ = false;
};

class Factory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo*) override {
    return new Interceptor;
  }
};

}  // namespace

void RefuseMalformed(grpc::ServerBuilder& builder) {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> creators;
  creators.push_back(std::make_unique<Factory>());
  builder.experimental().SetInterceptorCreators(std::move(creators));
}

}  // namespace sluis::rpc
