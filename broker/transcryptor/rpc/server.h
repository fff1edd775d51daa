// The gRPC server of a transcryptor: one service, limits, health.
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "broker/transcryptor/rpc/service.h"

namespace sluis::transcryptor {

// Serves from construction until Stop. What the service stands on outlives it.
class Server {
 public:
  // `address` is host:port; port 0 takes a free one. UNAVAILABLE when it cannot be taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const std::string& address, std::shared_ptr<grpc::ServerCredentials> credentials,
      std::unique_ptr<ServiceImpl> service);
  ~Server();
  int port() const { return port_; }
  // Health first, then what is under way gets a few seconds.
  void Stop();

 private:
  explicit Server(std::unique_ptr<ServiceImpl> service) : service_(std::move(service)) {}
  std::unique_ptr<ServiceImpl> service_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace sluis::transcryptor
