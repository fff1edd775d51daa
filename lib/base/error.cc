#include "lib/base/error.h"

#include <nlohmann/json.hpp>

#include "absl/strings/cord.h"
#include "absl/strings/str_format.h"

namespace sluis {
namespace {

constexpr char kPayloadUrl[] = "sluis.example/ErrorDetail";

absl::StatusCode ToAbsl(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid: return absl::StatusCode::kInvalidArgument;
    case ErrorCode::kUnauthenticated: return absl::StatusCode::kUnauthenticated;
    case ErrorCode::kDenied: return absl::StatusCode::kPermissionDenied;
    case ErrorCode::kNotFound: return absl::StatusCode::kNotFound;
    case ErrorCode::kExists: return absl::StatusCode::kAlreadyExists;
    case ErrorCode::kPrecondition: return absl::StatusCode::kFailedPrecondition;
    case ErrorCode::kAborted: return absl::StatusCode::kAborted;
    case ErrorCode::kExhausted: return absl::StatusCode::kResourceExhausted;
    case ErrorCode::kUnavailable: return absl::StatusCode::kUnavailable;
    case ErrorCode::kDeadline: return absl::StatusCode::kDeadlineExceeded;
    case ErrorCode::kInternal: return absl::StatusCode::kInternal;
    case ErrorCode::kDataLoss: return absl::StatusCode::kDataLoss;
  }
  return absl::StatusCode::kInternal;
}

// The payload is process-internal: JSON keeps it readable in a debugger and free of a schema here.
void Attach(absl::Status& status, const ErrorDetail& detail) {
  nlohmann::json json = {{"reason", detail.reason}, {"metadata", detail.metadata}};
  for (const FieldViolation& violation : detail.violations) {
    json["violations"].push_back({violation.field, violation.description});
  }
  if (detail.retry_after) json["retry_ms"] = absl::ToInt64Milliseconds(*detail.retry_after);
  using Handler = nlohmann::json::error_handler_t;
  status.SetPayload(kPayloadUrl, absl::Cord(json.dump(-1, ' ', false, Handler::replace)));
}

}  // namespace

absl::Status Error(ErrorCode code, std::string_view reason, std::string_view message,
                   std::map<std::string, std::string> metadata) {
  absl::Status status(ToAbsl(code), absl::StrFormat("%s", message));
  Attach(status, {std::string(reason), std::move(metadata), {}, std::nullopt});
  return status;
}

absl::Status InvalidFields(std::string_view reason, std::vector<FieldViolation> violations) {
  const FieldViolation& first = violations.front();
  absl::Status status = absl::InvalidArgumentError(
      violations.size() == 1
          ? absl::StrFormat("%s: %s", first.field, first.description)
          : absl::StrFormat("%s: %s (and %d more)", first.field, first.description,
                            violations.size() - 1));
  Attach(status, {std::string(reason), {{"field", first.field}}, violations, std::nullopt});
  return status;
}

absl::Status InvalidField(std::string_view reason, std::string_view field,
                          std::string_view description) {
  return InvalidFields(reason, {{std::string(field), std::string(description)}});
}

absl::Status WithRetry(const absl::Status& status, absl::Duration after) {
  absl::Status hinted = status;
  ErrorDetail detail = DetailOf(status);
  detail.retry_after = after;
  Attach(hinted, detail);
  return hinted;
}

ErrorDetail DetailOf(const absl::Status& status) {
  ErrorDetail detail;
  auto payload = status.GetPayload(kPayloadUrl);
  if (!payload) return detail;
  auto json = nlohmann::json::parse(std::string(*payload));
  detail.reason = json["reason"];
  detail.metadata = json["metadata"].get<std::map<std::string, std::string>>();
  if (json.contains("violations")) {
    for (const auto& pair : json["violations"]) detail.violations.push_back({pair[0], pair[1]});
  }
  if (json.contains("retry_ms")) detail.retry_after = absl::Milliseconds(json["retry_ms"].get<int64_t>());
  return detail;
}

std::string ReasonOf(const absl::Status& status) { return DetailOf(status).reason; }

std::string MessageOf(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

}  // namespace sluis
