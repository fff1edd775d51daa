// The AuthZEN listener: HTTPS with client certificates, as the configuration asks.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "broker/authzen/access_requests.h"
#include "broker/authzen/protocols.h"
#include "broker/daemon/authzen_routes.h"
#include "broker/exchange/service.h"
#include "broker/http/server.h"
#include "broker/http/tls.h"
#include "sluis/broker/v1/config.pb.h"

namespace sluis::daemon {

// Serves from Start to destruction. Everything given outlives it.
class AuthzenFace {
 public:
  struct Parts {
    const exchange::Authenticator& authenticator;
    exchange::Service& service;
    const authzen::Protocols& points;
    const http::TlsIdentity& tls;
    http::ServerObserver& observer;
    const Clock& clock;
    authzen::AccessRequests* requests;  // none: approvals cannot be asked for
  };
  // Precondition: `config` has authzen, checked by LoadConfig. UNAVAILABLE /
  // ADDRESS_NOT_USABLE.
  static absl::StatusOr<std::unique_ptr<AuthzenFace>> Start(const broker::v1::Authzen& config,
                                                            const Parts& parts);
  int port() const { return server_->port(); }

 private:
  AuthzenFace() = default;

  std::unique_ptr<AuthzenRoutes> routes_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace sluis::daemon
