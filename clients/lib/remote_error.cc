#include "clients/lib/remote_error.h"

#include <google/protobuf/any.pb.h>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/base/json.h"

namespace sluis::edge {
namespace {

constexpr char kPayloadUrl[] = "sluis.example/RemoteError";

ErrorCode CodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return ErrorCode::kInvalid;
    case absl::StatusCode::kUnauthenticated:
      return ErrorCode::kUnauthenticated;
    case absl::StatusCode::kPermissionDenied:
      return ErrorCode::kDenied;
    case absl::StatusCode::kNotFound:
      return ErrorCode::kNotFound;
    case absl::StatusCode::kAlreadyExists:
      return ErrorCode::kExists;
    case absl::StatusCode::kFailedPrecondition:
      return ErrorCode::kPrecondition;
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kAborted:
      return ErrorCode::kAborted;
    case absl::StatusCode::kResourceExhausted:
      return ErrorCode::kExhausted;
    case absl::StatusCode::kUnavailable:
      return ErrorCode::kUnavailable;
    case absl::StatusCode::kDeadlineExceeded:
      return ErrorCode::kDeadline;
    case absl::StatusCode::kDataLoss:
      return ErrorCode::kDataLoss;
    default:
      return ErrorCode::kInternal;
  }
}

void ReadDetail(const google::protobuf::Any& any, RemoteError& error) {
  if (google::rpc::ErrorInfo info; any.UnpackTo(&info)) {
    error.reason = info.reason();
    error.metadata.insert(info.metadata().begin(), info.metadata().end());
  } else if (google::rpc::BadRequest bad; any.UnpackTo(&bad)) {
    for (const auto& violation : bad.field_violations()) {
      error.field_violations.push_back({violation.field(), violation.description()});
    }
  } else if (google::rpc::LocalizedMessage text; any.UnpackTo(&text)) {
    if (text.locale().starts_with("nl")) error.localized_nl = text.message();
  } else if (google::rpc::RetryInfo retry; any.UnpackTo(&retry)) {
    error.retry_after = absl::Seconds(retry.retry_delay().seconds()) +
                        absl::Nanoseconds(retry.retry_delay().nanos());
  }
}

// No word of the broker: the cause is gRPC's own text, for the administrator.
void ExplainTransport(RemoteError& error) {
  error.metadata["cause"] = error.message;
  switch (error.code) {
    case absl::StatusCode::kUnavailable:
      error.reason = "BROKER_UNREACHABLE";
      error.message =
          "the broker cannot be reached; check its address, the network and the "
          "certificates, then repeat the command";
      break;
    case absl::StatusCode::kDeadlineExceeded:
      error.reason = "BROKER_TOO_SLOW";
      error.message =
          "the broker did not answer in time; repeat the command, nothing is done twice";
      break;
    default:
      error.reason = "BROKER_ERROR";
      error.message = "the broker or the network in between failed; repeat the command later";
  }
}

}  // namespace

absl::Status ToStatus(const RemoteError& error) {
  absl::Status status = Error(CodeOf(error.code), error.reason, error.message, error.metadata);
  if (error.retry_after) status = WithRetry(status, *error.retry_after);
  Json json = {{"code", static_cast<int>(error.code)},
               {"nl", error.localized_nl},
               {"trace", error.trace_id},
               {"violations", Json::array()}};
  for (const FieldViolation& violation : error.field_violations) {
    json["violations"].push_back({violation.field, violation.description});
  }
  status.SetPayload(kPayloadUrl,
                    absl::Cord(json.dump(-1, ' ', false, Json::error_handler_t::replace)));
  return status;
}

std::optional<RemoteError> RemoteErrorOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload) return std::nullopt;
  const Json json = Json::parse(std::string(*payload));
  ErrorDetail detail = DetailOf(status);
  RemoteError error;
  error.code = static_cast<absl::StatusCode>(json["code"].get<int>());
  error.reason = std::move(detail.reason);
  error.message = MessageOf(status);
  error.metadata = std::move(detail.metadata);
  error.retry_after = detail.retry_after;
  error.localized_nl = json["nl"];
  error.trace_id = json["trace"];
  for (const Json& pair : json["violations"]) {
    error.field_violations.push_back({pair[0], pair[1]});
  }
  return error;
}

RemoteError ReadRemoteError(int grpc_code, std::string_view message, std::string_view details,
                            std::string_view trace_id) {
  RemoteError error;
  error.code = static_cast<absl::StatusCode>(grpc_code);
  error.message = std::string(message);
  error.trace_id = std::string(trace_id);
  google::rpc::Status status;
  if (status.ParseFromString(std::string(details))) {
    for (const google::protobuf::Any& any : status.details()) ReadDetail(any, error);
  }
  if (error.reason.empty()) ExplainTransport(error);
  return error;
}

}  // namespace sluis::edge
