// The HTTP listeners of the broker: public log files, entry bundles, the operator's own, and
// AuthZEN.
#pragma once

#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/authzen/protocols.h"
#include "broker/daemon/authzen_face.h"
#include "broker/exchange/authenticator.h"
#include "broker/exchange/service.h"
#include "broker/http/bundle_routes.h"
#include "broker/http/metrics.h"
#include "broker/http/public_routes.h"
#include "broker/http/server.h"
#include "broker/http/tls.h"
#include "sluis/broker/v1/config.pb.h"

namespace sluis::daemon {

// Serves from Start to destruction. Everything given outlives it.
class HttpFaces {
 public:
  struct Parts {
    const journal::Journal& journal;
    storage::Store& store;
    const exchange::Authenticator& authenticator;
    exchange::Service& service;
    const authzen::Protocols& points;
    const Clock& clock;
    authzen::AccessRequests* requests = nullptr;  // none: approvals cannot be asked for
  };
  static absl::StatusOr<std::unique_ptr<HttpFaces>> Start(const broker::v1::BrokerConfig& config,
                                                          const Parts& parts);
  ~HttpFaces();

  // Reads certificates again; on an error nothing changes.
  absl::Status Reload();
  // What /metrics shows.
  prometheus::Registry& registry() { return registry_; }
  // Ports by what is served there: `public`, `bundles`, `operator`, `authzen`; 0 when it is not.
  int public_port() const { return PortOf(public_); }
  int bundles_port() const { return PortOf(bundles_); }
  int operator_port() const { return PortOf(operator_); }
  int authzen_port() const { return authzen_ == nullptr ? 0 : authzen_->port(); }

 private:
  struct Gate;
  explicit HttpFaces(const Parts& parts);
  absl::Status StartPublic(const broker::v1::BrokerConfig& config);
  absl::Status StartBundles(const broker::v1::BrokerConfig& config);
  absl::Status StartOperator(const broker::v1::BrokerConfig& config);
  absl::Status StartAuthzen(const broker::v1::BrokerConfig& config);
  // Once; for every listener that asks for client certificates.
  absl::Status LoadTls(const broker::v1::BrokerConfig& config);
  static int PortOf(const std::unique_ptr<http::Server>& server) {
    return server == nullptr ? 0 : server->port();
  }

  const Parts parts_;
  prometheus::Registry registry_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<http::TlsIdentity> tls_;
  std::vector<std::unique_ptr<http::ServerObserver>> observers_;
  std::vector<std::unique_ptr<http::Handler>> handlers_;
  std::unique_ptr<http::Server> public_, bundles_, operator_;
  std::unique_ptr<AuthzenFace> authzen_;
};

}  // namespace sluis::daemon
