#include "broker/http/server.h"

#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <map>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "broker/http/connection.h"
#include "lib/base/error.h"
#include "lib/base/mutex.h"
#include "lib/base/status_macros.h"

namespace sluis::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr int kMaxThreads = 64;

absl::Status BadOption(std::string_view option, std::string_view what) {
  return InvalidField("FIELD_INVALID", option, what);
}

// How many connections there are, and from where.
class Population {
 public:
  explicit Population(ServerObserver& observer) : observer_(observer) {}

  // Counts one more for as long as the ticket lives; null, with the cause told, when there is no
  // room.
  std::shared_ptr<void> Admit(const asio::ip::address& address, const ServerOptions& options) {
    const MutexLock lock(mutex_);
    if (total_ >= options.max_connections) return Refuse("connections");
    std::size_t& here = by_address_[address];
    if (here >= options.max_connections_per_address) return Refuse("connections-per-address");
    ++here;
    ++total_;
    observer_.OnConnections(1);
    return std::shared_ptr<void>(this, [this, address](void*) { Leave(address); });
  }
  std::size_t total() const {
    const MutexLock lock(mutex_);
    return total_;
  }

 private:
  std::shared_ptr<void> Refuse(std::string_view cause) {
    observer_.OnRefusal(cause);
    return nullptr;
  }
  void Leave(const asio::ip::address& address) {
    const MutexLock lock(mutex_);
    --total_;
    if (--by_address_[address] == 0) by_address_.erase(address);
    observer_.OnConnections(-1);
  }

  ServerObserver& observer_;
  mutable Mutex mutex_;
  std::size_t total_ SLUIS_GUARDED_BY(mutex_) = 0;
  std::map<asio::ip::address, std::size_t> by_address_ SLUIS_GUARDED_BY(mutex_);
};

class BeastServer : public Server {
 public:
  BeastServer(const ServerOptions& options, Handler& handler, const TlsIdentity* tls,
              ServerObserver& observer, const Clock& clock)
      : options_(options),
        context_{options_, handler, tls, observer, clock},
        population_(observer),
        io_(options.threads),
        acceptor_(asio::make_strand(io_)),
        pause_(acceptor_.get_executor()) {}

  ~BeastServer() override {
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
  }

  absl::Status Listen(const tcp::endpoint& endpoint) {
    ErrorCodeOf error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) {
      return Error(
          ErrorCode::kUnavailable, "ADDRESS_NOT_USABLE",
          absl::StrFormat("cannot listen on port %d: %s", endpoint.port(), error.message()));
    }
    Accept();
    for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { io_.run(); });
    return absl::OkStatus();
  }

  std::uint16_t port() const override { return port_; }
  std::size_t connections() const override { return population_.total(); }

 private:
  void Accept() {
    acceptor_.async_accept(asio::make_strand(io_), [this](ErrorCodeOf error, tcp::socket socket) {
      if (error) return Pause();
      Serve(std::move(socket));
      Accept();
    });
  }

  // Out of file descriptors, say: the backlog waits until connections have ended.
  void Pause() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](ErrorCodeOf) { Accept(); });
  }

  void Serve(tcp::socket socket) {
    ErrorCodeOf error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return;
    std::shared_ptr<void> ticket = population_.Admit(peer.address(), options_);
    if (!ticket) return;
    socket.set_option(tcp::no_delay(true), error);
    if (context_.tls == nullptr) {
      return std::make_shared<Connection<PlainStream>>(PlainStream(std::move(socket)), context_,
                                                       std::move(ticket))
          ->Run();
    }
    const std::shared_ptr<SSL_CTX> current = context_.tls->context();
    SSL_CTX_up_ref(current.get());
    asio::ssl::context tls(current.get());  // takes that reference
    std::make_shared<Connection<TlsStream>>(TlsStream(PlainStream(std::move(socket)), tls),
                                            context_, std::move(ticket))
        ->Run();
  }

  const ServerOptions options_;
  const ConnectionContext context_;
  Population population_;  // before io_: connections that end with it give their tickets back
  asio::io_context io_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

absl::StatusOr<tcp::endpoint> EndpointOf(const ServerOptions& options) {
  ErrorCodeOf error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return BadOption("address", "must be a numeric IPv4 or IPv6 address");
  if (options.loopback_only && !address.is_loopback())
    return BadOption("address", "this listener may only be on a loopback address");
  return tcp::endpoint(address, options.port);
}

absl::Status CheckLimits(const ServerOptions& options) {
  if (options.threads < 1 || options.threads > kMaxThreads)
    return BadOption("threads", "must be 1 to 64");
  if (options.max_connections == 0) return BadOption("maxConnections", "must be at least 1");
  if (options.max_connections_per_address == 0)
    return BadOption("maxConnectionsPerAddress", "must be at least 1");
  if (options.max_header_bytes < 256) return BadOption("maxHeaderBytes", "must be at least 256");
  if (options.max_requests_per_connection < 1)
    return BadOption("maxRequestsPerConnection", "must be at least 1");
  for (const auto& [name, value] : {std::pair("requestTimeout", options.request_timeout),
                                    std::pair("handshakeTimeout", options.handshake_timeout),
                                    std::pair("responseTimeout", options.response_timeout)}) {
    if (value <= absl::ZeroDuration() || value > absl::Minutes(10))
      return BadOption(name, "must be above zero and at most ten minutes");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      Handler& handler, const TlsIdentity* tls,
                                                      ServerObserver& observer,
                                                      const Clock& clock) {
  SLUIS_RETURN_IF_ERROR(CheckLimits(options));
  SLUIS_ASSIGN_OR_RETURN(const tcp::endpoint endpoint, EndpointOf(options));
  auto server = std::make_unique<BeastServer>(options, handler, tls, observer, clock);
  SLUIS_RETURN_IF_ERROR(server->Listen(endpoint));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace sluis::http
