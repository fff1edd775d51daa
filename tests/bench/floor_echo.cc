#include "tests/bench/floor_echo.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <future>
#include <semaphore>

#include "lib/base/mutex.h"
#include "tests/bench/echo_wire.h"
#include "tests/bench/must.h"

namespace sluis::bench {
namespace {

std::unique_ptr<grpc::GenericStub> Connect(const std::string& ready_line, const TlsPems& pems) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = pems.authority;
  tls.pem_cert_chain = pems.certificate;
  tls.pem_private_key = pems.key;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection for every client
  const std::string address = "127.0.0.1:" + ready_line.substr(ready_line.rfind(' ') + 1);
  return std::make_unique<grpc::GenericStub>(
      grpc::CreateCustomChannel(address, grpc::SslCredentials(tls), arguments));
}

void CallOnce(grpc::GenericStub& stub, const EchoHeader& header, std::size_t request_size) {
  grpc::ClientContext context;
  const grpc::ByteBuffer request = EchoMessage(header, request_size);
  grpc::ByteBuffer answer;
  const auto done = std::make_shared<std::promise<grpc::Status>>();
  stub.UnaryCall(&context, kEchoMethod, grpc::StubOptions(), &request, &answer,
                 [done](grpc::Status ended) { done->set_value(std::move(ended)); });
  Must(done->get_future().get().ok(), "an echo");
  Must(answer.Length() >= header.answer_size, "the size of an echo");
}

}  // namespace

struct EchoFloor::Client {
  std::unique_ptr<grpc::GenericStub> stub;
  std::counting_semaphore<> pushed{0};
};

// Tells each client that a message for him was pushed.
class EchoFloor::Watcher : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Watcher(const std::string& ready_line, const TlsPems& pems,
          const std::vector<std::unique_ptr<Client>>& clients)
      : clients_(clients), stub_(Connect(ready_line, pems)) {
    stub_->PrepareBidiStreamingCall(&context_, kEchoWatch, grpc::StubOptions(), this);
    StartRead(&message_);
    StartCall();
  }
  ~Watcher() override {
    context_.TryCancel();
    done_.get_future().wait();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    clients_.at(ReadEchoHeader(message_).client)->pushed.release();
    message_.Clear();
    StartRead(&message_);
  }
  void OnDone(const grpc::Status&) override { done_.set_value(); }

 private:
  const std::vector<std::unique_ptr<Client>>& clients_;
  std::unique_ptr<grpc::GenericStub> stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer message_;
  std::promise<void> done_;
};

EchoFloor::EchoFloor(const std::string& self, const Region& region, EchoPlan plan, int clients)
    : plan_(std::move(plan)),
      server_({self, "--serve-echo", region.database().parent_path().string()}) {
  for (int n = 0; n < clients; ++n) {
    clients_.push_back(std::make_unique<Client>());
    clients_.back()->stub = Connect(server_.first_line(), region.client_tls());
  }
  watcher_ = std::make_unique<Watcher>(server_.first_line(), region.client_tls(), clients_);
}

EchoFloor::~EchoFloor() { watcher_.reset(); }

void EchoFloor::RunOnce(int n) {
  Client& client = *clients_[static_cast<std::size_t>(n)];
  for (std::size_t i = 0; i < plan_.calls.size(); ++i) {
    EchoHeader header{.client = static_cast<std::uint32_t>(n)};
    header.answer_size = static_cast<std::uint32_t>(plan_.calls[i].answer);
    if (i < plan_.pushes.size()) {
      header.push_size = static_cast<std::uint32_t>(plan_.pushes[i].answer);
    }
    CallOnce(*client.stub, header, plan_.calls[i].request);
    if (header.push_size > 0) client.pushed.acquire();
  }
}

}  // namespace sluis::bench
