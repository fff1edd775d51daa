// An error of the broker, or of the way to it, as the person may be told (api.md §7). It travels as
// an absl::Status, whose reason, metadata and retry hint lib/base/error.h gives too.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/error.h"

namespace sluis::edge {

// Reasons made here, when the broker itself said nothing:
//   BROKER_UNREACHABLE  UNAVAILABLE: no connection, or its certificate is not trusted
//   BROKER_TOO_SLOW     DEADLINE_EXCEEDED: whether the act was done is not known; repeat it
//   BROKER_ERROR        any other answer without details
struct RemoteError {
  absl::StatusCode code = absl::StatusCode::kUnknown;
  std::string reason;
  std::string message;                          // English
  std::map<std::string, std::string> metadata;  // lowerCamelCase keys
  std::vector<FieldViolation> field_violations;
  std::string localized_nl;  // Dutch (B1), or empty
  std::optional<absl::Duration> retry_after;
  std::string trace_id;  // 32 hex; names the call to the operator
};

absl::Status ToStatus(const RemoteError& error);
// Nothing for a status that did not come from a call.
std::optional<RemoteError> RemoteErrorOf(const absl::Status& status);

// From what gRPC gives: code number, message, and the bytes of grpc-status-details-bin, which are
// believed only as far as they parse.
RemoteError ReadRemoteError(int grpc_code, std::string_view message, std::string_view details,
                            std::string_view trace_id);

}  // namespace sluis::edge
