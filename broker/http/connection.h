// One connection of a Server, over a plain or a TLS stream: handshake, then requests one after the
// other, each under its own deadline. Private to broker/http.
#pragma once

#include <boost/asio/dispatch.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "broker/http/message.h"
#include "broker/http/problem.h"
#include "broker/http/server.h"
#include "broker/http/tls.h"
#include "broker/http/wire.h"

namespace sluis::http {

using PlainStream = boost::beast::tcp_stream;
using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

// What a connection needs of its server. Outlives it.
struct ConnectionContext {
  const ServerOptions& options;
  Handler& handler;
  const TlsIdentity* tls;
  ServerObserver& observer;
  const Clock& clock;
};

// Kept alive by the operation under way; everything runs on the stream's strand.
template <typename Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>> {
 public:
  // `ticket` counts the connection for as long as it lives.
  Connection(Stream stream, const ConnectionContext& context, std::shared_ptr<void> ticket)
      : ticket_(std::move(ticket)),
        stream_(std::move(stream)),
        context_(context),
        buffer_(context.options.max_header_bytes + kBufferSlack) {}

  void Run() {
    boost::asio::dispatch(stream_.get_executor(), [self = this->shared_from_this()] {
      if constexpr (kTls) {
        self->Handshake();
      } else {
        self->ReadRequest();
      }
    });
  }

 private:
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;
  static constexpr std::size_t kBufferSlack = 4096;  // a header and what a client sent after it
  static constexpr std::size_t kMaxDrain = 1 << 20;
  static constexpr std::chrono::seconds kDrainTime{2};

  PlainStream& tcp() { return boost::beast::get_lowest_layer(stream_); }
  void Deadline(absl::Duration after) { tcp().expires_after(absl::ToChronoNanoseconds(after)); }

  void Handshake() {
    Deadline(context_.options.handshake_timeout);
    stream_.async_handshake(
        boost::asio::ssl::stream_base::server,
        [self = this->shared_from_this()](ErrorCodeOf error) { self->OnHandshake(error); });
  }

  void OnHandshake(ErrorCodeOf error) {
    if (error) {
      context_.observer.OnRefusal(
          error == boost::beast::error::timeout
              ? "timeout"
              : TlsIdentity::RefusalOf(stream_.native_handle(),
                                       static_cast<unsigned long>(error.value())));
      return CloseTcp();  // the alert is on its way
    }
    certificate_pem_ = TlsIdentity::PeerPem(stream_.native_handle());
    ReadRequest();
  }

  void ReadRequest() {
    parser_.emplace();
    parser_->header_limit(context_.options.max_header_bytes);
    parser_->body_limit(context_.options.max_body_bytes);
    Deadline(context_.options.request_timeout);
    boost::beast::http::async_read(stream_, buffer_, *parser_,
                                   [self = this->shared_from_this()](
                                       ErrorCodeOf error, std::size_t) { self->OnRequest(error); });
  }

  void OnRequest(ErrorCodeOf error) {
    if (error) return OnBadRead(error);
    const auto start = std::chrono::steady_clock::now();
    const WireRequest& request = parser_->get();
    head_ = request.method() == boost::beast::http::verb::head;
    const bool last = ++requests_ >= context_.options.max_requests_per_connection;
    Response response = Answer(request);
    context_.observer.OnAnswer(response.route, response.status,
                               absl::FromChrono(std::chrono::steady_clock::now() - start));
    Write(std::move(response), request.keep_alive() && !last && !refused_);
  }

  // The certificate is judged again: what was revoked or ran out since the handshake ends here.
  Response Answer(const WireRequest& wire) {
    if constexpr (kTls) {
      if (absl::Status status = context_.tls->Check(certificate_pem_); !status.ok()) {
        return Refuse("certificate", Problem(status));
      }
    }
    absl::StatusOr<Request> request = FromWire(wire);
    if (!request.ok()) return Refuse("malformed", MalformedRequest());
    request->certificate_pem = certificate_pem_;
    return context_.handler.Handle(*request);
  }

  Response Refuse(std::string_view cause, Response response) {
    context_.observer.OnRefusal(cause);
    refused_ = true;
    EchoHeader(response);
    return response;
  }

  // Of two values nobody knows which counts.
  void EchoHeader(Response& response) const {
    const std::string& name = context_.options.echoed_header;
    const WireRequest& request = parser_->get();
    if (name.empty() || request.count(name) != 1) return;
    const auto value = request[name];
    response.headers.emplace_back(name, std::string(value.data(), value.size()));
  }

  void OnBadRead(ErrorCodeOf error) {
    if (error == boost::beast::error::timeout) {
      // A connection that merely stayed idle after an answer is no refusal.
      if (requests_ == 0 || buffer_.size() > 0) context_.observer.OnRefusal("timeout");
      return;
    }
    const std::optional<BadRead> bad = JudgeBadRead(error);
    if (!bad) return Close();  // the peer left
    Write(Refuse(bad->cause, UnreadableRequest(bad->status)), false);
  }

  void Write(Response response, bool keep_alive) {
    response_ = ToWire(std::move(response), keep_alive, context_.clock.Now());
    serializer_.emplace(*response_);
    Deadline(context_.options.response_timeout);
    auto written = [self = this->shared_from_this(), keep_alive](ErrorCodeOf error, std::size_t) {
      self->OnWritten(error, keep_alive);
    };
    if (head_) {
      serializer_->split(true);
      boost::beast::http::async_write_header(stream_, *serializer_, std::move(written));
    } else {
      boost::beast::http::async_write(stream_, *serializer_, std::move(written));
    }
  }

  void OnWritten(ErrorCodeOf error, bool keep_alive) {
    if (error) return;
    serializer_.reset();
    response_.reset();
    if (keep_alive) return ReadRequest();
    Close();
  }

  void Close() {
    if constexpr (kTls) {
      tcp().expires_after(kDrainTime);
      stream_.async_shutdown([self = this->shared_from_this()](ErrorCodeOf) { self->CloseTcp(); });
    } else {
      CloseTcp();
    }
  }

  void CloseTcp() {
    ErrorCodeOf ignored;
    tcp().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    tcp().expires_after(kDrainTime);
    Drain();
  }

  // Closing with unread bytes would reset the connection and take our last answer with it.
  void Drain() {
    buffer_.clear();
    tcp().async_read_some(buffer_.prepare(kBufferSlack),
                          [self = this->shared_from_this()](ErrorCodeOf error, std::size_t size) {
                            self->drained_ += size;
                            if (!error && self->drained_ < kMaxDrain) self->Drain();
                          });
  }

  const std::shared_ptr<void> ticket_;
  Stream stream_;
  const ConnectionContext& context_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  std::optional<WireResponse> response_;
  std::optional<boost::beast::http::serializer<false, boost::beast::http::string_body>> serializer_;
  std::string certificate_pem_;
  bool head_ = false, refused_ = false;
  int requests_ = 0;
  std::size_t drained_ = 0;
};

}  // namespace sluis::http
