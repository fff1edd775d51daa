// What every call passes before it reaches the core: deadline, certificate and assertion,
// validation.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>

#include "absl/status/statusor.h"
#include "broker/exchange/caller.h"
#include "broker/exchange/service.h"
#include "broker/exchange/surroundings.h"
#include "broker/rpc/page_token.h"
#include "lib/base/clock.h"

namespace sluis::rpc {

// Thread-safe. Everything given outlives it.
class Gate {
 public:
  Gate(exchange::Service& service, const exchange::Authenticator& authenticator,
       const exchange::PolicySource& policies, const exchange::DirectorySource& directories,
       const Clock& clock);

  // Who calls, if the call may go on. A call that changes something must bring a deadline; one with
  // less than 50 ms left is refused before any work. A refused log-in is noted in the log.
  absl::StatusOr<exchange::Caller> Admit(const grpc::CallbackServerContext& context,
                                         const google::protobuf::Message& request,
                                         bool changes) const;

  exchange::Service& service() const { return service_; }
  const exchange::PolicySource& policies() const { return policies_; }
  const exchange::DirectorySource& directories() const { return directories_; }
  const PageTokens& pages() const { return pages_; }
  absl::Time Now() const { return clock_.Now(); }

 private:
  absl::StatusOr<exchange::Caller> Authenticate(const grpc::CallbackServerContext& context) const;

  exchange::Service& service_;
  const exchange::Authenticator& authenticator_;
  const exchange::PolicySource& policies_;
  const exchange::DirectorySource& directories_;
  const Clock& clock_;
  const PageTokens pages_;
};

// The stamp of a call: its method and the digest of its bytes.
exchange::RequestStamp StampOf(const char* method, const std::string& request_id,
                               const google::protobuf::Message& request);

}  // namespace sluis::rpc
