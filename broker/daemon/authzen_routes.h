// AuthZEN over HTTP (exports.md §5.1): paths, content type, log-in, X-Request-ID and trace; what is
// asked and answered is for broker/authzen. To be served by a listener that asks for client
// certificates. Every call but the metadata brings a person assertion
// (`Authorization: Bearer <JWT>`), which may be used again while it lasts, but for an access
// request and its cancellation: only these change anything.
//
//   <base>[/<tenant>]/access/v1/evaluation, evaluations, search/subject, search/resource,
//     search/action
//   <base>/access/v1/requests, requests/<task>, requests/<task>/cancel
//   <base>/.well-known/authzen-configuration[/<tenant>]
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "broker/authzen/access_requests.h"
#include "broker/authzen/protocols.h"
#include "broker/daemon/access_calls.h"
#include "broker/exchange/caller.h"
#include "broker/http/message.h"

namespace sluis::daemon {

inline constexpr char kRequestIdHeader[] = "X-Request-ID";

// Told of log-ins that were refused. Thread-safe.
using NoteRefusal = std::function<void(std::string_view reason)>;

// Thread-safe. Everything given outlives it.
class AuthzenRoutes : public http::Handler {
 public:
  struct Parts {
    const exchange::Authenticator& authenticator;
    NoteRefusal note_refusal;
    // By tenant; "" is what has none in its path.
    const authzen::Protocols& points;
    // `https://host[:port]` that the metadata name; empty: what the caller asked.
    std::string base_url;
    // What approvals are asked of, for the point without a tenant; none: they cannot be asked for.
    authzen::AccessRequests* requests = nullptr;
  };
  explicit AuthzenRoutes(Parts parts) : parts_(std::move(parts)) {}

  http::Response Handle(const http::Request& request) override;

 private:
  http::Response Answer(const http::Request& request) const;
  http::Response AnswerMetadata(const http::Request& request, std::string_view tenant) const;
  http::Response AnswerCall(const http::Request& request, const authzen::Protocol& protocol,
                            std::string_view call) const;
  // `call` as it stands behind `requests`.
  http::Response AnswerRequests(const http::Request& request, std::string_view call) const;
  absl::StatusOr<authzen::TaskAnswer> CarryOut(const http::Request& request,
                                               const TaskCall& call) const;
  absl::StatusOr<exchange::Caller> LogIn(const http::Request& request) const;

  const Parts parts_;
};

}  // namespace sluis::daemon
