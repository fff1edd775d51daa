// The AuthZEN listener: HTTPS with client certificates, the exchange's own decision point and those
// of foreign packs, as the configuration asks.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/authzen/access_requests.h"
#include "broker/authzen/entity_pack.h"
#include "broker/authzen/exchange_point.h"
#include "broker/daemon/authzen_routes.h"
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
    const http::TlsIdentity& tls;
    http::ServerObserver& observer;
    const Clock& clock;
  };
  // Precondition: `config` has authzen, checked by LoadConfig. CONFIG_INVALID naming the pack that
  // cannot be used; UNAVAILABLE / ADDRESS_NOT_USABLE.
  static absl::StatusOr<std::unique_ptr<AuthzenFace>> Start(const broker::v1::Authzen& config,
                                                            const Parts& parts);
  int port() const { return server_->port(); }

 private:
  AuthzenFace(exchange::Service& service, const Clock& clock)
      : exchange_(service), requests_(service, exchange_.denials(), clock) {}

  authzen::ExchangePoint exchange_;
  authzen::AccessRequests requests_;
  std::vector<std::unique_ptr<authzen::EntityPack>> foreign_;
  std::unique_ptr<AuthzenRoutes> routes_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace sluis::daemon
