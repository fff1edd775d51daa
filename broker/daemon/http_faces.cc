#include "broker/daemon/http_faces.h"

#include "broker/daemon/listen.h"
#include "lib/base/status_macros.h"

namespace sluis::daemon {
namespace {

constexpr std::size_t kOperatorConnections = 16;

}  // namespace

// The use cases behind the bundles.
struct HttpFaces::Gate : http::BundleGate {
  explicit Gate(exchange::Service& acts) : service(acts) {}
  absl::Status Admit(const exchange::Caller& caller, http::LogUse use, std::uint64_t first,
                     std::uint64_t end) override {
    return service.AdmitBundleRead(caller, static_cast<int>(use), first, end);
  }
  void NoteRefusedLogin(std::string_view reason, const Oin&) override {
    service.NoteRefusedLogin(reason);
  }
  exchange::Service& service;
};

HttpFaces::HttpFaces(const Parts& parts)
    : parts_(parts), gate_(std::make_unique<Gate>(parts.service)) {}

HttpFaces::~HttpFaces() {
  authzen_.reset();
  public_.reset();
  bundles_.reset();
  operator_.reset();
}

absl::StatusOr<std::unique_ptr<HttpFaces>> HttpFaces::Start(const broker::v1::BrokerConfig& config,
                                                            const Parts& parts) {
  std::unique_ptr<HttpFaces> faces(new HttpFaces(parts));
  if (config.has_authzen()) SLUIS_RETURN_IF_ERROR(faces->StartAuthzen(config));
  if (!config.has_http()) return faces;
  SLUIS_RETURN_IF_ERROR(faces->StartPublic(config));
  if (!config.http().bundles_listen().empty()) SLUIS_RETURN_IF_ERROR(faces->StartBundles(config));
  if (!config.http().operator_listen().empty()) SLUIS_RETURN_IF_ERROR(faces->StartOperator(config));
  return faces;
}

absl::Status HttpFaces::StartPublic(const broker::v1::BrokerConfig& config) {
  SLUIS_ASSIGN_OR_RETURN(const http::ServerOptions options,
                         ListenOptionsOf(config.http().public_listen()));
  SLUIS_ASSIGN_OR_RETURN(
      std::unique_ptr<http::PublicRoutes> routes,
      http::PublicRoutes::Create(config.http().prefix(), parts_.journal, parts_.store));
  handlers_.push_back(std::move(routes));
  observers_.push_back(std::make_unique<http::HttpMetrics>(registry_, "public"));
  SLUIS_ASSIGN_OR_RETURN(public_, http::Server::Start(options, *handlers_.back(), nullptr,
                                                      *observers_.back(), parts_.clock));
  return absl::OkStatus();
}

absl::Status HttpFaces::StartBundles(const broker::v1::BrokerConfig& config) {
  SLUIS_ASSIGN_OR_RETURN(const http::ServerOptions options,
                         ListenOptionsOf(config.http().bundles_listen()));
  SLUIS_RETURN_IF_ERROR(LoadTls(config));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<http::BundleRoutes> routes,
                         http::BundleRoutes::Create(config.http().prefix(), parts_.journal,
                                                    parts_.store, parts_.authenticator, *gate_));
  handlers_.push_back(std::move(routes));
  observers_.push_back(std::make_unique<http::HttpMetrics>(registry_, "bundles"));
  SLUIS_ASSIGN_OR_RETURN(bundles_, http::Server::Start(options, *handlers_.back(), tls_.get(),
                                                       *observers_.back(), parts_.clock));
  return absl::OkStatus();
}

absl::Status HttpFaces::StartAuthzen(const broker::v1::BrokerConfig& config) {
  SLUIS_RETURN_IF_ERROR(LoadTls(config));
  observers_.push_back(std::make_unique<http::HttpMetrics>(registry_, "authzen"));
  SLUIS_ASSIGN_OR_RETURN(
      authzen_, AuthzenFace::Start(config.authzen(),
                                   {parts_.authenticator, parts_.service, parts_.points, *tls_,
                                    *observers_.back(), parts_.clock, parts_.requests}));
  return absl::OkStatus();
}

absl::Status HttpFaces::LoadTls(const broker::v1::BrokerConfig& config) {
  if (tls_ != nullptr) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(
      tls_, http::TlsIdentity::Create({.certificate_chain = config.tls().certificate_file(),
                                       .private_key = config.tls().key_file(),
                                       .client_authorities = config.tls().authorities_file(),
                                       .revocation_lists = config.tls().revocation_folder()},
                                      parts_.clock));
  return absl::OkStatus();
}

absl::Status HttpFaces::StartOperator(const broker::v1::BrokerConfig& config) {
  SLUIS_ASSIGN_OR_RETURN(http::ServerOptions options,
                         ListenOptionsOf(config.http().operator_listen()));
  options.loopback_only = true;
  options.max_connections = options.max_connections_per_address = kOperatorConnections;
  handlers_.push_back(std::make_unique<http::OperatorRoutes>(parts_.journal, registry_));
  observers_.push_back(std::make_unique<http::HttpMetrics>(registry_, "operator"));
  SLUIS_ASSIGN_OR_RETURN(operator_, http::Server::Start(options, *handlers_.back(), nullptr,
                                                        *observers_.back(), parts_.clock));
  return absl::OkStatus();
}

absl::Status HttpFaces::Reload() { return tls_ == nullptr ? absl::OkStatus() : tls_->Reload(); }

}  // namespace sluis::daemon
