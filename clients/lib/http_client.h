// A small HTTP/1.1 client for reading files: GET only, one connection kept, every wait and every
// answer bounded.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"

namespace sluis::edge {

struct HttpUrl {
  bool tls = false;
  std::string host;  // a name, an IPv4 address or an IPv6 address without brackets
  std::string port;
  std::string path;  // "" or begins with '/', does not end with it

  // `http://` or `https://`, host, optional port and path of unreserved characters; no user, query
  // or fragment. INVALID_ARGUMENT.
  static absl::StatusOr<HttpUrl> Parse(std::string_view text);
  std::string Authority() const;  // for the Host header
};

// PEM texts; TLS 1.3 with the host name verified. Precondition of a client certificate: its key
// too.
struct HttpTls {
  std::string authorities;
  std::string certificate_chain;  // empty: none is shown
  std::string private_key;        // used while the client is made, not kept
};

struct HttpAnswer {
  int status = 0;
  std::string content_type, content_encoding;
  Bytes body;
};

// Not thread-safe.
class HttpClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  // INVALID_ARGUMENT naming what of `tls` cannot be used. `tls` is ignored for a plain URL.
  static absl::StatusOr<std::unique_ptr<HttpClient>> Create(HttpUrl url, const HttpTls& tls,
                                                            absl::Duration timeout);
  virtual ~HttpClient() = default;

  // GET url.path + `target`, with the headers that `headers` makes: asked again when a kept
  // connection turned out to be closed and the request goes out anew. RESOURCE_EXHAUSTED /
  // ANSWER_TOO_LARGE for a body above `max_bytes`, UNAVAILABLE / LOG_UNREACHABLE with metadata
  // `cause` otherwise.
  virtual absl::StatusOr<HttpAnswer> Get(
      const std::string& target, std::size_t max_bytes,
      const std::function<absl::StatusOr<Headers>()>& headers) = 0;
};

}  // namespace sluis::edge
