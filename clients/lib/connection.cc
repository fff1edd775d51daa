#include "clients/lib/connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <future>
#include <mutex>
#include <random>
#include <vector>

#include "clients/lib/remote_error.h"
#include "lib/base/encoding.h"
#include "lib/base/mutex.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"

namespace sluis::edge {
namespace {

constexpr int kMaxMessage = 4 << 20;                           // api.md §8
constexpr absl::Duration kStreamDeadline = absl::Minutes(11);  // the broker ends it after ten

// gRPC 1.51 cannot be told a lowest TLS version, and its cipher list is that of TLS 1.2 and older
// alone. A list that needs a pre-shared key, which nobody has, leaves TLS 1.3. gRPC reads it once,
// so this holds in programs that use no other gRPC TLS before an edge.
void RequireTls13() {
  static std::once_flag once;
  std::call_once(once, [] { ::setenv("GRPC_SSL_CIPHER_SUITES", "PSK-AES256-GCM-SHA384", 1); });
}

double RandomPart() {
  thread_local std::mt19937 generator(std::random_device{}());
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

grpc::ByteBuffer ToBuffer(BytesView bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

Bytes FromBuffer(const grpc::ByteBuffer& buffer) {
  Bytes bytes;
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// What every call carries: who, until when, and a name for it (api.md §8, §10, §11).
absl::Status Prepare(grpc::ClientContext& context, AssertionSource& assertions,
                     absl::Duration deadline, std::string& trace_id) {
  SLUIS_ASSIGN_OR_RETURN(const std::string token, assertions.Next());
  trace_id = HexEncode(RandomBytes(16));
  context.AddMetadata("authorization", "Bearer " + token);
  context.AddMetadata("traceparent", "00-" + trace_id + "-" + HexEncode(RandomBytes(8)) + "-00");
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(deadline));
  return absl::OkStatus();
}

absl::Status FromGrpc(const grpc::Status& status, std::string_view trace_id) {
  return ToStatus(ReadRemoteError(status.error_code(), status.error_message(),
                                  status.error_details(), trace_id));
}

// Pulls one message after the other on the calling thread.
class PullingReader : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  void OnReadDone(bool ok) override {
    const MutexLock lock(mutex_);
    read_ = ok ? Read::kMessage : Read::kEnd;
    changed_.NotifyAll();
  }
  void OnDone(const grpc::Status& status) override {
    const MutexLock lock(mutex_);
    status_ = status;
    done_ = true;
    changed_.NotifyAll();
  }
  // False at the end of the stream. Precondition: a read was started.
  bool WaitRead() {
    MutexLock lock(mutex_);
    while (read_ == Read::kNone) changed_.Wait(mutex_);
    return std::exchange(read_, Read::kNone) == Read::kMessage;
  }
  grpc::Status WaitDone() {
    MutexLock lock(mutex_);
    while (!done_) changed_.Wait(mutex_);
    return status_;
  }

 private:
  enum class Read { kNone, kMessage, kEnd };
  Mutex mutex_;
  CondVar changed_;
  Read read_ SLUIS_GUARDED_BY(mutex_) = Read::kNone;
  bool done_ SLUIS_GUARDED_BY(mutex_) = false;
  grpc::Status status_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace

struct StopSignal::State {
  mutable Mutex mutex;
  bool stopped SLUIS_GUARDED_BY(mutex) = false;
  grpc::ClientContext* running SLUIS_GUARDED_BY(mutex) = nullptr;

  void SetRunning(grpc::ClientContext* context) {
    const MutexLock lock(mutex);
    running = context;
    if (stopped && running != nullptr) running->TryCancel();
  }
};

StopSignal::StopSignal() : state_(std::make_unique<State>()) {}
StopSignal::~StopSignal() = default;

void StopSignal::Stop() {
  const MutexLock lock(state_->mutex);
  state_->stopped = true;
  if (state_->running != nullptr) state_->running->TryCancel();
}

bool StopSignal::stopped() const {
  const MutexLock lock(state_->mutex);
  return state_->stopped;
}

struct Connection::Channel {
  std::unique_ptr<grpc::GenericStub> stub;
};

std::unique_ptr<Connection> Connection::Create(const PartyFolder& party,
                                               AssertionSource& assertions, Patience patience) {
  RequireTls13();
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = party.broker().trust_anchor_pem;
  tls.pem_cert_chain = party.certificate_pem();
  tls.pem_private_key = std::string(party.tls_key_pem().Reveal(SecretAccess::ForCrypto()));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessage);
  arguments.SetMaxSendMessageSize(kMaxMessage);
  // Neither DNS nor the environment may change where calls go or how they are repeated.
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  if (!party.broker().server_name.empty()) {
    arguments.SetSslTargetNameOverride(party.broker().server_name);
  }
  auto channel = std::make_unique<Channel>();
  channel->stub = std::make_unique<grpc::GenericStub>(
      grpc::CreateCustomChannel(party.broker().address, grpc::SslCredentials(tls), arguments));
  WipeBytes(tls.pem_private_key);
  if (!patience.jitter) patience.jitter = RandomPart;
  return std::unique_ptr<Connection>(
      new Connection(std::move(channel), assertions, std::move(patience)));
}

Connection::Connection(std::unique_ptr<Channel> channel, AssertionSource& assertions,
                       Patience patience)
    : channel_(std::move(channel)), assertions_(assertions), patience_(std::move(patience)) {}

Connection::~Connection() = default;

absl::Duration Connection::PauseBefore(int n, const absl::Status& failure) const {
  if (const auto hint = DetailOf(failure).retry_after) {
    return std::clamp(*hint, absl::ZeroDuration(), absl::Seconds(30));
  }
  return patience_.first_pause * std::pow(patience_.growth, n - 1) *
         (1 + 0.25 * patience_.jitter());
}

absl::StatusOr<Bytes> Connection::Call(std::string_view method, BytesView request) const {
  const std::string path(method);
  for (int retry = 0;; ++retry) {
    absl::StatusOr<Bytes> answer = Attempt(path, request);
    if (answer.ok() || !absl::IsUnavailable(answer.status()) || retry == patience_.retries) {
      return answer;
    }
    patience_.pause(PauseBefore(retry + 1, answer.status()));
  }
}

absl::StatusOr<Bytes> Connection::Attempt(const std::string& method, BytesView request) const {
  grpc::ClientContext context;
  std::string trace_id;
  SLUIS_RETURN_IF_ERROR(Prepare(context, assertions_, patience_.deadline, trace_id));
  const grpc::ByteBuffer sent = ToBuffer(request);
  grpc::ByteBuffer received;
  // Shared: the callback may still be inside set_value when we go on.
  const auto done = std::make_shared<std::promise<grpc::Status>>();
  channel_->stub->UnaryCall(&context, method, grpc::StubOptions(), &sent, &received,
                            [done](grpc::Status ended) { done->set_value(std::move(ended)); });
  const grpc::Status status = done->get_future().get();
  if (!status.ok()) return FromGrpc(status, trace_id);
  return FromBuffer(received);
}

absl::Status Connection::Stream(std::string_view method, BytesView request, StopSignal& stop,
                                const std::function<absl::Status(BytesView)>& take) const {
  grpc::ClientContext context;
  std::string trace_id;
  SLUIS_RETURN_IF_ERROR(Prepare(context, assertions_, kStreamDeadline, trace_id));
  PullingReader reader;
  const grpc::ByteBuffer sent = ToBuffer(request);
  grpc::ByteBuffer received;
  channel_->stub->PrepareBidiStreamingCall(&context, std::string(method), grpc::StubOptions(),
                                           &reader);
  reader.StartWriteLast(&sent, grpc::WriteOptions());
  reader.StartRead(&received);
  // Reads are started from this thread: without a hold the call could end, and be gone, between two.
  reader.AddHold();
  reader.StartCall();
  stop.state_->SetRunning(&context);
  absl::Status taken;
  while (reader.WaitRead()) {
    taken = take(FromBuffer(received));
    if (!taken.ok()) context.TryCancel();
    if (!taken.ok()) break;
    received.Clear();
    reader.StartRead(&received);
  }
  reader.RemoveHold();
  const grpc::Status status = reader.WaitDone();
  stop.state_->SetRunning(nullptr);
  if (!taken.ok()) return taken;
  if (status.ok() || stop.stopped()) return absl::OkStatus();
  return FromGrpc(status, trace_id);
}

}  // namespace sluis::edge
