#include "clients/lib/http_client.h"

#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using BeastError = beast::error_code;

constexpr int kHttp11 = 11;
constexpr std::uint32_t kMaxAnswerHeader = 16 << 10;
constexpr std::string_view kPathCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
constexpr std::string_view kHostCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";

absl::Status Unreachable(std::string_view cause, std::string_view what) {
  return Error(ErrorCode::kUnavailable, "LOG_UNREACHABLE",
               absl::StrFormat("the log could not be read (%s): %s", cause, what),
               {{"cause", std::string(cause)}});
}

absl::Status BadUrl(std::string_view what) { return InvalidField("FIELD_INVALID", "url", what); }

absl::Status BadTls(std::string_view member, std::string_view what) {
  return InvalidField("FIELD_INVALID", member, what);
}

absl::StatusOr<asio::ssl::context> ContextOf(const HttpTls& tls) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_3_VERSION);
  context.set_verify_mode(asio::ssl::verify_peer);
  BeastError error;
  context.add_certificate_authority(asio::buffer(tls.authorities), error);
  if (error) return BadTls("serverAuthorities", "must hold one or more CA certificates in PEM");
  if (tls.certificate_chain.empty()) return context;
  context.use_certificate_chain(asio::buffer(tls.certificate_chain), error);
  if (error) return BadTls("certificateChain", "must hold the client certificate in PEM");
  context.set_password_callback(
      [](std::size_t, asio::ssl::context::password_purpose) { return ""; }, error);
  if (!error)
    context.use_private_key(asio::buffer(tls.private_key), asio::ssl::context::pem, error);
  if (error)
    return BadTls("privateKey", "must hold the unencrypted key of the client certificate in PEM");
  return context;
}

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

class BeastClient : public HttpClient {
 public:
  BeastClient(HttpUrl url, std::optional<asio::ssl::context> tls, absl::Duration timeout)
      : url_(std::move(url)), tls_(std::move(tls)), timeout_(absl::ToChronoNanoseconds(timeout)) {}
  ~BeastClient() override { Drop(); }

  absl::StatusOr<HttpAnswer> Get(const std::string& target, std::size_t max_bytes,
                                 const std::function<absl::StatusOr<Headers>()>& headers) override {
    const auto deadline = std::chrono::steady_clock::now() + timeout_;
    const bool kept = stream_ != nullptr;
    auto answer = Attempt(target, max_bytes, headers, deadline);
    // A server may end a kept connection at any moment, also while we write.
    if (answer.ok() || !kept || !peer_left_) return answer;
    return Attempt(target, max_bytes, headers, deadline);
  }

 private:
  using Moment = std::chrono::steady_clock::time_point;

  absl::StatusOr<HttpAnswer> Attempt(const std::string& target, std::size_t max_bytes,
                                     const std::function<absl::StatusOr<Headers>()>& headers,
                                     Moment deadline) {
    peer_left_ = false;
    if (stream_ == nullptr) SLUIS_RETURN_IF_ERROR(Connect(deadline));
    http::request<http::empty_body> request(http::verb::get, url_.path + target, kHttp11);
    request.set(http::field::host, url_.Authority());
    request.set(http::field::accept_encoding, "identity");
    SLUIS_ASSIGN_OR_RETURN(const Headers more, headers());
    for (const auto& [name, value] : more) request.set(name, value);
    auto answer = Exchange(request, max_bytes, deadline);
    if (!answer.ok()) Drop();
    return answer;
  }

  // Runs what `start` begins until it is done or the deadline has passed; the error that it ended
  // with.
  template <typename Start>
  BeastError Await(Moment deadline, Start start) {
    std::optional<BeastError> result;
    start([&result](BeastError error, auto&&...) { result = error; });
    io_.restart();
    io_.run_until(deadline);
    if (result) return *result;
    Abandon();
    io_.restart();
    io_.run();
    return beast::error::timeout;
  }

  void Abandon() {
    resolver_.cancel();
    BeastError ignored;
    if (stream_ != nullptr) tcp_layer().socket().close(ignored);
  }

  PlainStream& tcp_layer() { return beast::get_lowest_layer(*stream_); }

  absl::Status Connect(Moment deadline) {
    tcp::resolver::results_type endpoints;
    BeastError error = Await(deadline, [&](auto done) {
      resolver_.async_resolve(url_.host, url_.port,
                              [&endpoints, done](BeastError e, auto results) mutable {
                                endpoints = std::move(results);
                                done(e);
                              });
    });
    if (error) return Failed("resolve", error);
    // A plain connection goes without the TLS layer of the same type.
    stream_ = std::make_unique<TlsStream>(PlainStream(io_), tls_ ? *tls_ : unused_);
    buffer_.clear();
    error =
        Await(deadline, [&](auto done) { tcp_layer().async_connect(endpoints, std::move(done)); });
    if (!error) tcp_layer().socket().set_option(tcp::no_delay(true), error);
    if (error) return Failed("connect", error);
    return tls_ ? Handshake(deadline) : absl::OkStatus();
  }

  absl::Status Handshake(Moment deadline) {
    BeastError error;
    stream_->set_verify_callback(asio::ssl::host_name_verification(url_.host), error);
    // An address is no name for SNI (RFC 6066 section 3).
    BeastError no_address;
    asio::ip::make_address(url_.host, no_address);
    std::string name = url_.host;
    if (no_address) {
      SSL_ctrl(stream_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               name.data());
    }
    if (!error) {
      error = Await(deadline, [&](auto done) {
        stream_->async_handshake(asio::ssl::stream_base::client, std::move(done));
      });
    }
    return error ? Failed("tls", error) : absl::OkStatus();
  }

  absl::StatusOr<HttpAnswer> Exchange(http::request<http::empty_body>& request,
                                      std::size_t max_bytes, Moment deadline) {
    BeastError error = Await(deadline, [&](auto done) {
      tls_ ? http::async_write(*stream_, request, std::move(done))
           : http::async_write(tcp_layer(), request, std::move(done));
    });
    http::response_parser<http::string_body> parser;
    parser.header_limit(kMaxAnswerHeader);
    parser.body_limit(max_bytes);
    // After a failed write too: why the server ended the connection is there to be read, such as a
    // TLS alert.
    if (error != beast::error::timeout) {
      error = Await(deadline, [&](auto done) {
        tls_ ? http::async_read(*stream_, buffer_, parser, std::move(done))
             : http::async_read(tcp_layer(), buffer_, parser, std::move(done));
      });
    }
    if (error == http::error::body_limit) {
      return Error(
          ErrorCode::kExhausted, "ANSWER_TOO_LARGE",
          absl::StrFormat("the answer is larger than the %d bytes that it can be", max_bytes));
    }
    if (error) {
      peer_left_ = !parser.got_some() && error != beast::error::timeout;
      return Failed(IsTls(error) ? "tls" : "transfer", error);
    }
    return Take(parser);
  }

  HttpAnswer Take(http::response_parser<http::string_body>& parser) {
    const bool keep = parser.get().keep_alive();
    const auto text = [&](http::field field) {
      const auto value = parser.get()[field];
      return std::string(value.data(), value.size());
    };
    HttpAnswer answer{static_cast<int>(parser.get().result_int()), text(http::field::content_type),
                      text(http::field::content_encoding), std::move(parser.get().body())};
    if (!keep) Drop();
    return answer;
  }

  static bool IsTls(BeastError error) {
    return error.category() == asio::error::get_ssl_category();
  }

  absl::Status Failed(std::string_view step, BeastError error) {
    Drop();
    return Unreachable(error == beast::error::timeout ? "timeout" : step, error.message());
  }

  void Drop() {
    if (stream_ == nullptr) return;
    BeastError ignored;
    tcp_layer().socket().close(ignored);
    stream_.reset();
  }

  const HttpUrl url_;
  std::optional<asio::ssl::context> tls_;
  asio::ssl::context unused_{asio::ssl::context::tls_client};
  const std::chrono::nanoseconds timeout_;
  asio::io_context io_;
  tcp::resolver resolver_{io_};
  std::unique_ptr<TlsStream> stream_;  // null: not connected
  beast::flat_buffer buffer_{kMaxAnswerHeader + (64 << 10)};
  bool peer_left_ = false;  // the last attempt ended before a byte of an answer came
};

absl::Status TakePort(std::string_view& rest, HttpUrl& url) {
  url.port = url.tls ? "443" : "80";
  if (!rest.starts_with(':')) return absl::OkStatus();
  const std::string_view digits = rest.substr(1, rest.find('/') - 1);
  const auto port = ParseDecimal(digits, 65535);
  if (!port.ok() || *port == 0) return BadUrl("its port must be 1 to 65535");
  url.port = digits;
  rest.remove_prefix(1 + digits.size());
  return absl::OkStatus();
}

absl::Status TakeHost(std::string_view& rest, HttpUrl& url) {
  const bool bracketed = rest.starts_with('[');
  const std::size_t end =
      bracketed ? rest.find(']') : std::min(rest.find_first_of(":/"), rest.size());
  if (end == std::string_view::npos) return BadUrl("its IPv6 address lacks the closing bracket");
  url.host = bracketed ? rest.substr(1, end - 1) : rest.substr(0, end);
  rest.remove_prefix(bracketed ? end + 1 : end);
  BeastError error;
  if (bracketed) asio::ip::make_address_v6(url.host, error);
  const bool good =
      bracketed ? !error : url.host.find_first_not_of(kHostCharacters) == std::string::npos;
  return good && !url.host.empty() ? absl::OkStatus()
                                   : BadUrl("its host must be a name or an address");
}

}  // namespace

absl::StatusOr<HttpUrl> HttpUrl::Parse(std::string_view text) {
  HttpUrl url;
  if (text.starts_with("https://")) {
    url.tls = true;
  } else if (!text.starts_with("http://")) {
    return BadUrl("must begin with http:// or https://");
  }
  text.remove_prefix(url.tls ? 8 : 7);
  SLUIS_RETURN_IF_ERROR(TakeHost(text, url));
  SLUIS_RETURN_IF_ERROR(TakePort(text, url));
  const bool plain = text.find_first_not_of(kPathCharacters) == std::string_view::npos &&
                     text.find("//") == std::string_view::npos && !text.ends_with('/');
  if (!plain || (!text.empty() && text.front() != '/'))
    return BadUrl("its path may not end in a slash, nor hold a query, a fragment or escapes");
  url.path = text;
  return url;
}

std::string HttpUrl::Authority() const {
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? "443" : "80") ? shown : shown + ":" + port;
}

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::Create(HttpUrl url, const HttpTls& tls,
                                                               absl::Duration timeout) {
  if (timeout <= absl::ZeroDuration() || timeout > absl::Minutes(10))
    return InvalidField("FIELD_INVALID", "timeout", "must be above zero and at most ten minutes");
  std::optional<asio::ssl::context> context;
  if (url.tls) {
    SLUIS_ASSIGN_OR_RETURN(context, ContextOf(tls));
  }
  return std::unique_ptr<HttpClient>(
      std::make_unique<BeastClient>(std::move(url), std::move(context), timeout));
}

}  // namespace sluis::edge
