// The gRPC server: services, limits, health (api.md §8, §9).
#pragma once

#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "broker/authzen/protocols.h"
#include "broker/rpc/authorization_service.h"
#include "broker/rpc/exchange_service.h"
#include "broker/rpc/gate.h"
#include "broker/rpc/inbox_streams.h"
#include "broker/rpc/other_services.h"

namespace sluis::rpc {

struct ServerOptions {
  std::string address;      // host:port; port 0 takes a free one
  bool reflection = false;  // off in production
};

// Takes calls from construction until Stop; says NOT_SERVING until it is told otherwise. What the
// gate stands on and `points` outlive it.
class Server {
 public:
  // UNAVAILABLE when the address cannot be taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, std::shared_ptr<grpc::ServerCredentials> credentials,
      std::unique_ptr<Gate> gate, const authzen::Protocols& points);
  ~Server();

  int port() const { return port_; }
  // What the health service says from now on, for the whole and for each service.
  void SetServing(bool serving);
  // Health first, then the streams, then what is under way gets a few seconds.
  void Stop();

 private:
  Server(std::unique_ptr<Gate> gate, const authzen::Protocols& points);
  absl::Status Listen(const ServerOptions& options,
                      std::shared_ptr<grpc::ServerCredentials> credentials);

  std::unique_ptr<Gate> gate_;
  InboxStreams streams_;
  ExchangeServiceImpl exchanges_;
  CaseServiceImpl cases_;
  ArrangementServiceImpl arrangements_;
  LogServiceImpl log_;
  PartnerServiceImpl partners_;
  PseudonymServiceImpl pseudonyms_;
  AuthorizationServiceImpl authorization_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace sluis::rpc
