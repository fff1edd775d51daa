#include "broker/daemon/authzen_routes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "broker/http/problem.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/base/traceparent.h"
#include "lib/crypto/random.h"

namespace sluis::daemon {
namespace {

using authzen::Protocol;
using authzen::Searched;

constexpr std::string_view kWellKnown = "/.well-known/authzen-configuration";
constexpr std::string_view kAccess = "/access/v1/";
constexpr std::string_view kRequests = "requests";
constexpr std::string_view kBearerScheme = "Bearer ";
constexpr std::string_view kJsonType = "application/json";

struct CallName {
  std::string_view path;   // behind kAccess
  std::string_view route;  // for metrics
};
constexpr std::array kCalls = {CallName{"evaluation", "authzen-evaluation"},
                               CallName{"evaluations", "authzen-evaluations"},
                               CallName{"search/subject", "authzen-search-subject"},
                               CallName{"search/resource", "authzen-search-resource"},
                               CallName{"search/action", "authzen-search-action"}};

http::Response JsonAnswer(const Json& json) {
  http::Response response;
  response.content_type = std::string(kJsonType);
  response.body = json.dump();
  return response;
}

// Of what is malformed: the place and what it must be, in one line of text.
http::Response MalformedAnswer(const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  http::Response response;
  response.status = 400;
  response.content_type = "text/plain; charset=utf-8";
  response.body = detail.violations.empty() ? MessageOf(status)
                                            : absl::StrCat(detail.violations.front().field, ": ",
                                                           detail.violations.front().description);
  response.body += "\n";
  return response;
}

http::Response AnswerOf(const absl::StatusOr<Json>& answer) {
  if (answer.ok()) return JsonAnswer(*answer);
  if (absl::IsInvalidArgument(answer.status())) return MalformedAnswer(answer.status());
  LogEvent(LogLevel::kError, "authzen", "reason=" + ReasonOf(answer.status()));
  return http::Problem(answer.status());
}

// Parameters may stand behind the type.
absl::Status CheckContentType(const http::Request& request) {
  const std::string_view value = request.Header("content-type").value_or("");
  std::string_view type = value.substr(0, value.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  if (absl::EqualsIgnoreCase({type.data(), type.size()}, {kJsonType.data(), kJsonType.size()}))
    return absl::OkStatus();
  return InvalidField("FIELD_INVALID", "Content-Type", "must be application/json, once");
}

// What the caller wrote as its host; nullopt for what cannot stand in a URL.
std::optional<std::string> AskedBase(const http::Request& request) {
  const std::string_view host = request.Header("host").value_or("");
  constexpr std::string_view kInHost =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
  if (host.empty() || host.find_first_not_of(kInHost) != std::string_view::npos)
    return std::nullopt;
  return absl::StrCat("https://", std::string(host));
}

std::string RequestIdOf(const http::Request& request) {
  const auto sent = request.Header("x-request-id");
  return sent && !sent->empty() ? std::string(*sent) : HexEncode(RandomBytes(16));
}

// The trace in the context of a question, if there is one.
std::optional<Traceparent> TraceInContext(const std::string& body) {
  const absl::StatusOr<Json> root = ParseJsonStrict(body);
  if (!root.ok() || !root->is_object()) return std::nullopt;
  const auto context = root->find("context");
  if (context == root->end() || !context->is_object()) return std::nullopt;
  const auto trace = context->find("traceparent");
  if (trace == context->end() || !trace->is_string()) return std::nullopt;
  return ParseTraceparent(trace->get<std::string>());
}

// The trace of the context wins over that of the header; both are noted when they differ. A body
// that was not taken is not looked into again.
void NoteTrace(const http::Request& request, std::string_view route, int status) {
  const auto in_header = ParseTraceparent(request.Header("traceparent").value_or(""));
  const bool taken = status >= 200 && status < 300;
  const auto in_context = taken ? TraceInContext(request.body) : std::nullopt;
  const std::string trace = in_context  ? in_context->trace_id
                            : in_header ? in_header->trace_id
                                        : HexEncode(RandomBytes(16));
  std::string facts =
      absl::StrCat("route=", std::string(route), " status=", status, " trace=", trace);
  if (in_header && in_header->trace_id != trace)
    absl::StrAppend(&facts, " header_trace=", in_header->trace_id);
  LogEvent(LogLevel::kInfo, "authzen-call", facts);
}

absl::StatusOr<Json> Call(const Protocol& protocol, std::string_view call,
                          const exchange::Caller& caller, const std::string& body) {
  if (call == "evaluation") return protocol.Evaluation(caller, body);
  if (call == "evaluations") return protocol.Evaluations(caller, body);
  const Searched searched = call == "search/subject"    ? Searched::kSubject
                            : call == "search/resource" ? Searched::kResource
                                                        : Searched::kAction;
  return protocol.Search(searched, caller, body);
}

}  // namespace

http::Response AuthzenRoutes::Handle(const http::Request& request) {
  http::Response response = Answer(request);
  response.headers.emplace_back(kRequestIdHeader, RequestIdOf(request));
  if (std::none_of(response.headers.begin(), response.headers.end(),
                   [](const auto& header) { return header.first == "Cache-Control"; }))
    response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Response AuthzenRoutes::Answer(const http::Request& request) const {
  const std::string_view target = request.target;
  if (target.starts_with(kWellKnown)) {
    std::string_view tenant = target.substr(kWellKnown.size());
    if (tenant.empty()) return AnswerMetadata(request, "");
    if (tenant.size() < 2 || tenant.front() != '/') return http::NotFound();
    return AnswerMetadata(request, tenant.substr(1));
  }
  const std::size_t access = target.find(kAccess);
  if (access == std::string_view::npos) return http::NotFound();
  const std::string_view tenant = access == 0 ? "" : target.substr(1, access - 1);
  const Protocol* found = parts_.points.Find(tenant);
  // The bare path is the exchange's own, and only that.
  if (found == nullptr || (access != 0 && tenant.empty())) return http::NotFound();
  const std::string_view call = target.substr(access + kAccess.size());
  if (tenant.empty() && parts_.requests != nullptr && call.starts_with(kRequests))
    return AnswerRequests(request, call.substr(kRequests.size()));
  return AnswerCall(request, *found, call);
}

http::Response AuthzenRoutes::AnswerMetadata(const http::Request& request,
                                             std::string_view tenant) const {
  const Protocol* found = parts_.points.Find(tenant);
  if (found == nullptr) return http::NotFound();
  http::Response response;
  const std::optional<std::string> asked = AskedBase(request);
  if (!request.IsRead()) {
    response = http::MethodNotAllowed("GET, HEAD");
  } else if (parts_.base_url.empty() && !asked) {
    response = MalformedAnswer(InvalidField("FIELD_INVALID", "Host", "must be a host and a port"));
  } else {
    std::string base = parts_.base_url.empty() ? *asked : parts_.base_url;
    if (!tenant.empty()) base += "/" + std::string(tenant);
    Json metadata = found->Metadata(base, base);
    if (tenant.empty() && parts_.requests != nullptr) AddRequestsTo(metadata, base);
    response = JsonAnswer(metadata);
  }
  response.route = "authzen-metadata";
  return response;
}

http::Response AuthzenRoutes::AnswerCall(const http::Request& request, const Protocol& protocol,
                                         std::string_view call) const {
  const auto known = std::find_if(kCalls.begin(), kCalls.end(),
                                  [&](const CallName& one) { return one.path == call; });
  if (known == kCalls.end()) return http::NotFound();
  http::Response response;
  if (request.method != http::Method::kPost) {
    response = http::MethodNotAllowed("POST");
  } else if (const auto caller = LogIn(request); !caller.ok()) {
    response = http::Problem(caller.status());
  } else if (const absl::Status type = CheckContentType(request); !type.ok()) {
    response = MalformedAnswer(type);
  } else {
    response = AnswerOf(Call(protocol, call, *caller, request.body));
  }
  response.route = known->route;
  NoteTrace(request, known->route, response.status);
  return response;
}

http::Response AuthzenRoutes::AnswerRequests(const http::Request& request,
                                             std::string_view call) const {
  const std::optional<TaskCall> known = ReadTaskCall(call);
  if (!known) return http::NotFound();
  http::Response response;
  if (known->TakesMethod(request)) {
    response = TaskResponse(CarryOut(request, *known), known->act);
  } else {
    response = http::MethodNotAllowed(known->Methods());
  }
  response.route = known->Route();
  NoteTrace(request, response.route, response.status);
  return response;
}

absl::StatusOr<authzen::TaskAnswer> AuthzenRoutes::CarryOut(const http::Request& request,
                                                            const TaskCall& call) const {
  SLUIS_ASSIGN_OR_RETURN(const exchange::Caller caller, LogIn(request));
  const std::optional<std::string> asked = AskedBase(request);
  if (parts_.base_url.empty() && !asked)
    return InvalidField("FIELD_INVALID", "Host", "must be a host and a port");
  const std::string base = parts_.base_url.empty() ? *asked : parts_.base_url;
  if (call.act == TaskCall::Act::kLook) return parts_.requests->Look(caller, call.task, base);
  if (call.act == TaskCall::Act::kCancel) return parts_.requests->Cancel(caller, call.task, base);
  SLUIS_RETURN_IF_ERROR(CheckContentType(request));
  return parts_.requests->Ask(caller, request.Header("idempotency-key").value_or(""), request.body, base);
}

absl::StatusOr<exchange::Caller> AuthzenRoutes::LogIn(const http::Request& request) const {
  const std::string_view value = request.Header("authorization").value_or("");
  absl::StatusOr<exchange::Caller> caller =
      value.starts_with(kBearerScheme)
          ? parts_.authenticator.Authenticate(request.certificate_pem,
                                              value.substr(kBearerScheme.size()))
          : Error(ErrorCode::kUnauthenticated, "ASSERTION_MISSING",
                  "send the person assertion in one header `Authorization: Bearer <token>`");
  // A fault of ours, such as a store that is away, is no refused log-in.
  if (absl::IsUnauthenticated(caller.status()) || absl::IsPermissionDenied(caller.status()))
    parts_.note_refusal(ReasonOf(caller.status()));
  return caller;
}

}  // namespace sluis::daemon
