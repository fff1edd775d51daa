// A bounded HTTP/1.1 listener over Boost.Beast (deploy/decisions/2026-11-24-http-face.md).
// Everything a stranger can spend is limited: connections, in all and per address; bytes of a
// request; the time in which a request must be complete and an answer taken; requests per
// connection. Handlers run on the listener's own threads, so a handler that waits for the journal
// delays its own listener only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/http/message.h"
#include "broker/http/tls.h"
#include "lib/base/clock.h"

namespace sluis::http {

struct ServerOptions {
  std::string address = "127.0.0.1";  // numeric; loopback unless set otherwise
  std::uint16_t port = 0;             // 0: any free one, see Server::port()
  bool loopback_only = false;         // refuse to start on any other address
  int threads = 2;                    // 1..64
  std::size_t max_connections = 1024;
  std::size_t max_connections_per_address =
      256;  // behind a reverse proxy: as many as max_connections
  std::uint32_t max_header_bytes = 8192;
  std::uint64_t max_body_bytes = 0;
  // From the moment a connection is ready until the request is complete: bounds idle, slow and mute
  // alike.
  absl::Duration request_timeout = absl::Seconds(10);
  absl::Duration handshake_timeout = absl::Seconds(5);
  absl::Duration response_timeout = absl::Seconds(30);
  int max_requests_per_connection = 1000;
  // A request header that comes back also with what the server itself answers, before any handler is
  // asked; handlers see to their own answers. Empty: none.
  std::string echoed_header{};
};

// Told what happens, for metrics. Thread-safe; called on the server's threads; must not block.
class ServerObserver {
 public:
  virtual ~ServerObserver() = default;
  virtual void OnConnections(int change) = 0;
  // `route` is a constant of a handler.
  virtual void OnAnswer(std::string_view route, int status, absl::Duration took) = 0;
  // One word: `connections`, `connections-per-address`, `timeout`, `header-too-large`,
  // `body-too-large`, `malformed`, `certificate`, or of the handshake as in TlsIdentity::RefusalOf.
  virtual void OnRefusal(std::string_view cause) = 0;
};

// Thread-safe. All that is given outlives it.
class Server {
 public:
  // Listens when it returns. `tls` null: plain HTTP without client certificates. INVALID_ARGUMENT
  // naming the option; UNAVAILABLE / ADDRESS_NOT_USABLE when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       Handler& handler, const TlsIdentity* tls,
                                                       ServerObserver& observer,
                                                       const Clock& clock);
  // Ends every connection; handlers that run are waited for. Not from a handler.
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  virtual std::size_t connections() const = 0;
};

}  // namespace sluis::http
