#include "broker/http/wire.h"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "broker/http/problem.h"
#include "lib/base/error.h"

namespace sluis::http {
namespace {

namespace beast = boost::beast;

constexpr int kHttp10 = 10;
constexpr int kVersion11 = 11;

std::string Text(beast::string_view view) { return std::string(view.data(), view.size()); }

Method MethodOf(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return Method::kGet;
    case beast::http::verb::head:
      return Method::kHead;
    case beast::http::verb::post:
      return Method::kPost;
    default:
      return Method::kOther;
  }
}

absl::Status Malformed() {
  return Error(ErrorCode::kInvalid, "FIELD_INVALID",
               "send an HTTP/1.1 request with one Host header and a path that begins with a slash");
}

// RFC 9112 6.3: these end with their header.
bool HasBody(int status) { return status >= 200 && status != 204 && status != 304; }

// RFC 9110 5.6.7.
std::string HttpDate(absl::Time now) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<Request> FromWire(const WireRequest& wire) {
  const bool known = wire.version() == kVersion11 || wire.version() == kHttp10;
  const std::size_t hosts = wire.count(beast::http::field::host);
  const bool addressed = wire.version() == kHttp10 ? hosts <= 1 : hosts == 1;
  if (!known || !addressed || wire.target().empty() || wire.target().front() != '/')
    return Malformed();
  Request request;
  request.method = MethodOf(wire.method());
  request.target = Text(wire.target());
  request.body = wire.body();
  for (const auto& field : wire) {
    std::string name = Text(field.name_string());
    absl::AsciiStrToLower(&name);
    request.headers.emplace_back(std::move(name), Text(field.value()));
  }
  return request;
}

WireResponse ToWire(Response response, bool keep_alive, absl::Time now) {
  WireResponse wire(static_cast<beast::http::status>(response.status), kVersion11);
  wire.set(beast::http::field::date, HttpDate(now));
  wire.set(beast::http::field::content_type, response.content_type);
  wire.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) wire.set(name, value);
  if (HasBody(response.status)) wire.body() = std::move(response.body);
  wire.keep_alive(keep_alive);
  wire.prepare_payload();
  return wire;
}

std::optional<BadRead> JudgeBadRead(ErrorCodeOf code) {
  using beast::http::error;
  if (code == error::end_of_stream || code == error::partial_message) return std::nullopt;
  if (code == error::header_limit || code == error::buffer_overflow)
    return BadRead{"header-too-large", 431};
  if (code == error::body_limit) return BadRead{"body-too-large", 413};
  if (code.category() == beast::http::make_error_code(error::bad_method).category())
    return BadRead{"malformed", 400};
  return std::nullopt;
}

Response UnreadableRequest(int status) {
  Response response = MalformedRequest();
  response.status = status;
  if (status == 400) return response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = status == 413 ? "the body is larger than this address takes\n"
                                : "the header is larger than this server takes\n";
  return response;
}

Response MalformedRequest() { return Problem(Malformed()); }

}  // namespace sluis::http
