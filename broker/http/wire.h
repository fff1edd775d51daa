// Between our messages and those of Boost.Beast. Private to broker/http.
#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/http/message.h"

namespace sluis::http {

using ErrorCodeOf = boost::beast::error_code;
using WireRequest = boost::beast::http::request<boost::beast::http::string_body>;
using WireResponse = boost::beast::http::response<boost::beast::http::string_body>;

// INVALID_ARGUMENT unless it is HTTP/1.0 or 1.1 with a target that begins with '/' and, for 1.1,
// one Host.
absl::StatusOr<Request> FromWire(const WireRequest& wire);
WireResponse ToWire(Response response, bool keep_alive, absl::Time now);

struct BadRead {
  std::string_view cause;  // for ServerObserver::OnRefusal
  int status;
};
// What to answer to a request that could not be read; nullopt when nobody is there to be answered.
std::optional<BadRead> JudgeBadRead(ErrorCodeOf error);
// Answers to those: 400, 413 or 431.
Response UnreadableRequest(int status);
Response MalformedRequest();

}  // namespace sluis::http
