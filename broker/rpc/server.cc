#include "broker/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/server_builder.h>

#include <chrono>
#include <vector>

#include "broker/rpc/malformed.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

constexpr int kMostMessageBytes = 4 << 20;
constexpr int kMostMetadataBytes = 8 << 10;
constexpr int kStreamsPerConnection = 100;
constexpr std::chrono::seconds kDrain(5);

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMostMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 30 * 60 * 1000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 60 * 1000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5 * 60 * 1000);
  // Two brokers on one address would share its callers by chance.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// The reflection library registers itself with every server as soon as it is linked in.
class NoReflection : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins,
                  [](const auto& plugin) { return plugin->name() == "proto_server_reflection"; });
  }
};

}  // namespace

Server::Server(std::unique_ptr<Gate> gate, const authzen::Protocols& points)
    : gate_(std::move(gate)),
      streams_(gate_->service()),
      exchanges_(*gate_, streams_),
      cases_(*gate_),
      arrangements_(*gate_),
      log_(*gate_),
      partners_(*gate_),
      pseudonyms_(*gate_),
      authorization_(*gate_, points) {}

Server::~Server() { Stop(); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, std::shared_ptr<grpc::ServerCredentials> credentials,
    std::unique_ptr<Gate> gate, const authzen::Protocols& points) {
  std::unique_ptr<Server> server(new Server(std::move(gate), points));
  SLUIS_RETURN_IF_ERROR(server->Listen(options, std::move(credentials)));
  return server;
}

absl::Status Server::Listen(const ServerOptions& options,
                            std::shared_ptr<grpc::ServerCredentials> credentials) {
  grpc::EnableDefaultHealthCheckService(true);
  if (options.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  if (!options.reflection) builder.SetOption(std::make_unique<NoReflection>());
  SetLimits(builder);
  RefuseMalformed(builder);
  builder.AddListeningPort(options.address, std::move(credentials), &port_);
  for (grpc::Service* service :
       std::initializer_list<grpc::Service*>{&exchanges_, &cases_, &arrangements_, &log_,
                                             &partners_, &pseudonyms_, &authorization_}) {
    builder.RegisterService(service);
  }
  server_ = builder.BuildAndStart();
  SetServing(false);
  if (server_ != nullptr && port_ != 0) return absl::OkStatus();
  return Error(
      ErrorCode::kUnavailable, "STARTING",
      "cannot listen for partners: is the address free, and are key and certificate readable?");
}

void Server::SetServing(bool serving) {
  if (server_ == nullptr) return;
  server_->GetHealthCheckService()->SetServingStatus(serving);
  for (const char* name :
       {"sluis.v1.ExchangeService", "sluis.v1.CaseService", "sluis.v1.ArrangementService",
        "sluis.v1.LogService", "sluis.v1.PartnerService", "sluis.v1.PseudonymService",
        "sluis.v1.AuthorizationService"}) {
    server_->GetHealthCheckService()->SetServingStatus(name, serving);
  }
}

void Server::Stop() {
  if (server_ == nullptr) return;
  SetServing(false);
  streams_.Stop();
  server_->Shutdown(std::chrono::system_clock::now() + kDrain);
  server_->Wait();
  server_.reset();
}

}  // namespace sluis::rpc
