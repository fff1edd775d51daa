#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <vector>

#include "lib/base/file.h"
#include "lib/base/mutex.h"
#include "tests/bench/echo_wire.h"
#include "tests/bench/must.h"

namespace sluis::bench {
namespace {

// The one stream that pushed messages go to.
class Watch : public grpc::ServerGenericBidiReactor {
 public:
  void Push(grpc::ByteBuffer message) {
    const MutexLock lock(mutex_);
    waiting_.push_back(std::move(message));
    Advance();
  }
  void OnWriteDone(bool ok) override {
    const MutexLock lock(mutex_);
    writing_ = false;
    if (ok) Advance();
  }
  void OnCancel() override { Finish(grpc::Status::CANCELLED); }
  void OnDone() override {}  // lives as long as the server

 private:
  void Advance() SLUIS_REQUIRES(mutex_) {
    if (writing_ || waiting_.empty()) return;
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
    writing_ = true;
    StartWrite(&current_);
  }
  Mutex mutex_;
  std::deque<grpc::ByteBuffer> waiting_ SLUIS_GUARDED_BY(mutex_);
  grpc::ByteBuffer current_;
  bool writing_ SLUIS_GUARDED_BY(mutex_) = false;
};

class Echo : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    if (context->method() == kEchoWatch) return &watch_;
    return new Call(watch_);
  }

 private:
  class Call : public grpc::ServerGenericBidiReactor {
   public:
    explicit Call(Watch& watch) : watch_(watch) { StartRead(&request_); }
    void OnReadDone(bool ok) override {
      if (!ok) return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no message"));
      const EchoHeader header = ReadEchoHeader(request_);
      answer_ = EchoMessage(header, header.answer_size);
      if (header.push_size > 0) watch_.Push(EchoMessage(header, header.push_size));
      StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
    }
    void OnDone() override { delete this; }

   private:
    Watch& watch_;
    grpc::ByteBuffer request_, answer_;
  };
  Watch watch_;
};

}  // namespace

grpc::ByteBuffer EchoMessage(const EchoHeader& header, std::size_t size) {
  std::string bytes(std::max(size, sizeof(header)), 'x');
  std::memcpy(bytes.data(), &header, sizeof(header));
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

EchoHeader ReadEchoHeader(const grpc::ByteBuffer& message) {
  EchoHeader header;
  grpc::Slice whole;
  Must(message.DumpToSingleSlice(&whole).ok() && whole.size() >= sizeof(header), "an echo message");
  std::memcpy(&header, whole.begin(), sizeof(header));
  return header;
}

int ServeEcho(const std::string& tls_folder) {
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = Must(ReadFile(tls_folder + "/ca.pem"), "the authority");
  tls.pem_key_cert_pairs.push_back({Must(ReadFile(tls_folder + "/server.key"), "the key"),
                                    Must(ReadFile(tls_folder + "/server.pem"), "the certificate")});
  Echo echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port);
  builder.RegisterCallbackGenericService(&echo);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  Must(server != nullptr, "an echo server");
  std::printf("echo ready: %d\n", port);
  std::fflush(stdout);
  server->Wait();  // until SIGTERM, which ends the process
  return 0;
}

}  // namespace sluis::bench
