#include "broker/http/problem.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/json.h"

namespace sluis::http {
namespace {

constexpr absl::Duration kDefaultRetry = absl::Seconds(1);

std::string_view TitleOf(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Internal Server Error";
  }
}

Response ProblemOf(int status, const ErrorDetail& detail, const std::string& text,
                   std::string_view type = "") {
  const std::string reason = detail.reason.empty() ? "INCIDENT" : detail.reason;
  Json json = {
      {"type", type.empty() ? "https://sluis.example/problems/" + reason : std::string(type)},
      {"title", TitleOf(status)},
      {"status", status},
      {"reason", reason}};
  if (status != 500) {
    json["detail"] = text;
    if (!detail.metadata.empty()) json["metadata"] = detail.metadata;
  }
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

}  // namespace

int HttpStatusOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

Response Problem(const absl::Status& status) {
  const int code = HttpStatusOf(status);
  const ErrorDetail detail = DetailOf(status);
  Response response = ProblemOf(code, detail, MessageOf(status));
  if (code == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (code == 429 || code == 503) {
    const absl::Duration wait =
        absl::Ceil(detail.retry_after.value_or(kDefaultRetry), absl::Seconds(1));
    response.headers.emplace_back("Retry-After", absl::StrFormat("%d", absl::ToInt64Seconds(wait)));
  }
  return response;
}

Response TypedProblem(int status, std::string_view type, const absl::Status& error) {
  return ProblemOf(status, DetailOf(error), MessageOf(error), type);
}

Response NotFound() {
  return Problem(
      Error(ErrorCode::kNotFound, "RESOURCE_NOT_FOUND", "there is nothing at this address"));
}

Response MethodNotAllowed(std::string_view allowed) {
  Response response = ProblemOf(405, {"METHOD_NOT_ALLOWED", {}, {}, std::nullopt},
                                "use one of the methods of the Allow header");
  response.headers.emplace_back("Allow", std::string(allowed));
  return response;
}

}  // namespace sluis::http
