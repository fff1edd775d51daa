#include "broker/transcryptor/rpc/server.h"

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>

#include <chrono>

#include "lib/base/error.h"

namespace sluis::transcryptor {
namespace {

// The largest request is a batch of 4096 items with the first hop's answer and proofs.
constexpr int kMostMessageBytes = 4 << 20;
constexpr int kMostMetadataBytes = 8 << 10;
constexpr int kStreamsPerConnection = 100;
constexpr std::chrono::seconds kDrain(5);

}  // namespace

Server::~Server() { Stop(); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const std::string& address, std::shared_ptr<grpc::ServerCredentials> credentials,
    std::unique_ptr<ServiceImpl> service) {
  std::unique_ptr<Server> server(new Server(std::move(service)));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMostMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5 * 60 * 1000);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(address, std::move(credentials), &server->port_);
  builder.RegisterService(server->service_.get());
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return Error(ErrorCode::kUnavailable, "STARTING",
                 "cannot listen: is the address free, and are key and certificate readable?");
  }
  server->server_->GetHealthCheckService()->SetServingStatus(true);
  return server;
}

void Server::Stop() {
  if (server_ == nullptr) return;
  server_->GetHealthCheckService()->SetServingStatus(false);
  server_->Shutdown(std::chrono::system_clock::now() + kDrain);
  server_->Wait();
  server_.reset();
}

}  // namespace sluis::transcryptor
