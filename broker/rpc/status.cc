#include "broker/rpc/status.h"

#include <string>

#include "absl/strings/str_format.h"
#include "broker/rpc/reasons.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/crypto/random.h"

namespace sluis::rpc {
namespace {

// The trailer must stay under gRPC's 8 KiB of metadata: 6 KiB in all, of which so much for the
// violations. A field path and a description are ours, so one violation is always far smaller.
constexpr std::size_t kMostViolationBytes = 4 << 10;
constexpr absl::Duration kRetryAfter = absl::Seconds(1);

// What a partner may not be told stays in the operational log.
absl::Status Incident(const absl::Status& status) {
  const std::string id = HexEncode(RandomBytes(8));
  LogEvent(LogLevel::kError, "incident",
           absl::StrFormat("id=%s code=%d reason=%s", id, static_cast<int>(status.code()),
                           ReasonOf(status)));
  return Error(ErrorCode::kInternal, "INCIDENT",
               absl::StrFormat("something went wrong here; give the operator incident %s", id),
               {{"incident", id}});
}

// What is wrong inside something sealed is for the operator alone.
absl::Status Refused(const absl::Status& status) {
  LogEvent(LogLevel::kWarning, "refused", "reason=" + ReasonOf(status));
  return Error(ErrorCode::kPrecondition, "E_REFUSED",
               "what was sealed or proved is not in order; make it anew");
}

absl::Status ToTell(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  const ToldReason* told = FindToldReason(reason);
  if (told == nullptr) return Incident(status);
  return told->reason == reason ? status : Refused(status);
}

void AddViolations(const ErrorDetail& detail, google::rpc::Status& status) {
  if (detail.violations.empty()) return;
  google::rpc::BadRequest bad;
  std::size_t size = 0;
  for (std::size_t i = 0; i < detail.violations.size(); ++i) {
    const FieldViolation& violation = detail.violations[i];
    size += violation.field.size() + violation.description.size();
    auto* line = bad.add_field_violations();
    if (size > kMostViolationBytes) {
      line->set_field("request");
      line->set_description(absl::StrFormat("holds %d more fields that are not in order",
                                            detail.violations.size() - i));
      break;
    }
    line->set_field(violation.field);
    line->set_description(violation.description);
  }
  status.add_details()->PackFrom(bad);
}

void AddPrecondition(const ToldReason& told, google::rpc::Status& status) {
  if (told.code != absl::StatusCode::kFailedPrecondition) return;
  google::rpc::PreconditionFailure failure;
  failure.add_violations()->set_type(std::string(told.reason));
  failure.mutable_violations(0)->set_description(status.message());
  status.add_details()->PackFrom(failure);
}

void AddRetry(const ToldReason& told, const ErrorDetail& detail, google::rpc::Status& status) {
  if (told.code != absl::StatusCode::kUnavailable &&
      told.code != absl::StatusCode::kResourceExhausted) {
    return;
  }
  google::rpc::RetryInfo retry;
  const std::int64_t millis = absl::ToInt64Milliseconds(detail.retry_after.value_or(kRetryAfter));
  retry.mutable_retry_delay()->set_seconds(millis / 1000);
  retry.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(millis % 1000) * 1'000'000);
  status.add_details()->PackFrom(retry);
}

void AddDutch(const ToldReason& told, google::rpc::Status& status) {
  google::rpc::LocalizedMessage message;
  message.set_locale("nl-NL");
  message.set_message(std::string(told.dutch));
  status.add_details()->PackFrom(message);
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& given) {
  if (given.ok()) return grpc::Status::OK;
  const absl::Status status = ToTell(given);
  const ErrorDetail detail = DetailOf(status);
  const ToldReason& told = *FindToldReason(detail.reason);
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(told.code));
  wire.set_message(MessageOf(status));
  google::rpc::ErrorInfo info;
  info.set_reason(detail.reason);
  info.set_domain(kErrorDomain);
  for (const auto& [key, value] : detail.metadata) (*info.mutable_metadata())[key] = value;
  wire.add_details()->PackFrom(info);
  AddViolations(detail, wire);
  AddPrecondition(told, wire);
  AddRetry(told, detail, wire);
  AddDutch(told, wire);
  return {static_cast<grpc::StatusCode>(told.code), MessageOf(status), wire.SerializeAsString()};
}

}  // namespace sluis::rpc
