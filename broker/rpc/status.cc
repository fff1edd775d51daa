#include "broker/rpc/status.h"

#include <string>

#include "absl/strings/str_format.h"
#include "broker/rpc/dutch.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/crypto/random.h"

namespace sluis::rpc {
namespace {

// The trailer must stay under gRPC's 8 KiB of metadata.
constexpr int kMostViolations = 24;

absl::Status Incident(const absl::Status& status) {
  const std::string id = HexEncode(RandomBytes(8));
  LogEvent(LogLevel::kError, "incident",
           absl::StrFormat("id=%s code=%d", id, static_cast<int>(status.code())));
  return Error(ErrorCode::kInternal, "INCIDENT",
               absl::StrFormat("something went wrong here; give the operator incident %s", id),
               {{"incident", id}});
}

void AddViolations(const ErrorDetail& detail, google::rpc::Status& status) {
  if (detail.violations.empty()) return;
  google::rpc::BadRequest bad;
  for (const FieldViolation& violation : detail.violations) {
    if (bad.field_violations_size() == kMostViolations) break;
    auto* line = bad.add_field_violations();
    line->set_field(violation.field);
    line->set_description(violation.description);
  }
  status.add_details()->PackFrom(bad);
}

void AddPrecondition(const absl::Status& from, const ErrorDetail& detail,
                     google::rpc::Status& status) {
  if (from.code() != absl::StatusCode::kFailedPrecondition) return;
  google::rpc::PreconditionFailure failure;
  failure.add_violations()->set_type(detail.reason);
  failure.mutable_violations(0)->set_description(MessageOf(from));
  status.add_details()->PackFrom(failure);
}

void AddRetry(const ErrorDetail& detail, google::rpc::Status& status) {
  if (!detail.retry_after) return;
  google::rpc::RetryInfo retry;
  const std::int64_t millis = absl::ToInt64Milliseconds(*detail.retry_after);
  retry.mutable_retry_delay()->set_seconds(millis / 1000);
  retry.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(millis % 1000) * 1'000'000);
  status.add_details()->PackFrom(retry);
}

void AddDutch(const ErrorDetail& detail, google::rpc::Status& status) {
  google::rpc::LocalizedMessage message;
  message.set_locale("nl-NL");
  message.set_message(DutchOf(detail.reason));
  status.add_details()->PackFrom(message);
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& given) {
  if (given.ok()) return grpc::Status::OK;
  const absl::Status status = ReasonOf(given).empty() ? Incident(given) : given;
  const ErrorDetail detail = DetailOf(status);
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(MessageOf(status));
  google::rpc::ErrorInfo info;
  info.set_reason(detail.reason);
  info.set_domain(kErrorDomain);
  for (const auto& [key, value] : detail.metadata) (*info.mutable_metadata())[key] = value;
  wire.add_details()->PackFrom(info);
  AddViolations(detail, wire);
  AddPrecondition(status, detail, wire);
  AddRetry(detail, wire);
  AddDutch(detail, wire);
  return {static_cast<grpc::StatusCode>(status.code()), MessageOf(status),
          wire.SerializeAsString()};
}

}  // namespace sluis::rpc
