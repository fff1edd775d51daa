// Whether a transcryptor is away or has answered: on that hangs whether an order waits or is
// dropped.
#include "broker/rpc/transcryptor_client.h"

#include <gmock/gmock.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <future>

#include "absl/strings/str_format.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/base/error.h"
#include "sluis/transcryptor/v1/transcryptor.grpc.pb.h"

namespace sluis::rpc {
namespace {

namespace wire = transcryptor::v1;

// Says the same to every arrangement.
class Answering final : public wire::TranscryptorService::Service {
 public:
  grpc::Status PutArrangement(grpc::ServerContext*, const wire::PutArrangementRequest*,
                              wire::PutArrangementResponse*) override {
    return status;
  }
  grpc::Status status;
};

grpc::Status Refusal(grpc::StatusCode code, const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  if (!reason.empty()) details.add_details()->PackFrom(info);
  return {code, "so it is", details.SerializeAsString()};
}

class TranscryptorClientTest : public ::testing::Test {
 protected:
  // gRPC 1.51 sometimes frees the queue of its callbacks twice when the last channel goes. A broker's go with its process;
  // here one that has called stays until the program ends.
  static void SetUpTestSuite() {
    static auto* const stays = new TranscryptorClient({.hop = 1, .address = "127.0.0.1:1"},
                                                      grpc::InsecureChannelCredentials());
    std::promise<absl::Status> promise;
    stays->PutArrangement({}, [&](const absl::StatusOr<exchange::Nothing>& reply) {
      promise.set_value(reply.status());
    });
    EXPECT_TRUE(exchange::IsAway(promise.get_future().get()));
  }
  TranscryptorClientTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&answering_);
    server_ = builder.BuildAndStart();
    client_ = std::make_unique<TranscryptorClient>(
        TranscryptorClientOptions{.hop = 1, .address = absl::StrFormat("127.0.0.1:%d", port_)},
        grpc::InsecureChannelCredentials());
  }

  absl::Status Put(const grpc::Status& answer) {
    answering_.status = answer;
    std::promise<absl::Status> promise;
    client_->PutArrangement({}, [&](const absl::StatusOr<exchange::Nothing>& reply) {
      promise.set_value(reply.status());
    });
    return promise.get_future().get();
  }

  Answering answering_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  // One for all calls, as a broker has it.
  std::unique_ptr<TranscryptorClient> client_;
};

TEST_F(TranscryptorClientTest, WhatItSaysAboutARequestIsItsAnswer) {
  const std::pair<grpc::StatusCode, const char*> answers[] = {
      {grpc::StatusCode::INVALID_ARGUMENT, "FIELD_INVALID"},
      {grpc::StatusCode::ALREADY_EXISTS, "ID_TAKEN"},
      {grpc::StatusCode::ABORTED, "CONFLICTING_CHANGE"},
      {grpc::StatusCode::FAILED_PRECONDITION, "E_EXPIRED"},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "E_QUOTA"},
      {grpc::StatusCode::INTERNAL, "INTERNAL"}};
  for (const auto& [code, reason] : answers) {
    const absl::Status status = Put(Refusal(code, reason));
    EXPECT_EQ(ReasonOf(status), reason);
    EXPECT_FALSE(exchange::IsAway(status)) << reason;
  }
  EXPECT_EQ(ReasonOf(Put(Refusal(grpc::StatusCode::UNKNOWN, ""))), "TRANSCRYPTOR_FAULT");
}

TEST_F(TranscryptorClientTest, ItIsAwayWhenNoAnswerCame) {
  for (const grpc::StatusCode code :
       {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::DEADLINE_EXCEEDED,
        grpc::StatusCode::CANCELLED}) {
    EXPECT_TRUE(exchange::IsAway(Put(Refusal(code, "STORE_UNAVAILABLE"))));
  }
  server_->Shutdown();
  EXPECT_TRUE(exchange::IsAway(Put(grpc::Status::OK)));
}

}  // namespace
}  // namespace sluis::rpc
