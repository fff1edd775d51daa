// Typed errors: an absl::Status that carries a machine-readable reason (api.md §7), the field it is
// about, and the variables of its text. broker/rpc turns it into google.rpc.Status, the CLI into words.
//
// Text rules: English, short, lower case, says what is wrong and what to do; no personal data, no SQL, no
// path of the server, and nothing that tells whether data exist.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace sluis {

enum class ErrorCode {
  kInvalid,          // INVALID_ARGUMENT
  kUnauthenticated,  // UNAUTHENTICATED
  kDenied,           // PERMISSION_DENIED
  kNotFound,         // NOT_FOUND
  kExists,           // ALREADY_EXISTS
  kPrecondition,     // FAILED_PRECONDITION
  kAborted,          // ABORTED
  kExhausted,        // RESOURCE_EXHAUSTED
  kUnavailable,      // UNAVAILABLE
  kDeadline,         // DEADLINE_EXCEEDED
  kInternal,         // INTERNAL
  kDataLoss,         // DATA_LOSS
};

struct FieldViolation {
  std::string field;        // path in proto names, for example `exchange.fields[2]`
  std::string description;  // what is wrong and what to do
};

// What travels in the status payload.
struct ErrorDetail {
  std::string reason;                           // [A-Z][A-Z0-9_]+, one cause each
  std::map<std::string, std::string> metadata;  // lowerCamelCase keys
  std::vector<FieldViolation> violations;
  std::optional<absl::Duration> retry_after;
};

absl::Status Error(ErrorCode code, std::string_view reason, std::string_view message,
                   std::map<std::string, std::string> metadata = {});

// INVALID_ARGUMENT about named fields, all at once. Precondition: at least one violation.
absl::Status InvalidFields(std::string_view reason, std::vector<FieldViolation> violations);
absl::Status InvalidField(std::string_view reason, std::string_view field,
                          std::string_view description);

// Adds a hint when to try again (UNAVAILABLE and RESOURCE_EXHAUSTED).
absl::Status WithRetry(const absl::Status& status, absl::Duration after);

// The detail of a status made here; a detail with empty reason for any other status.
ErrorDetail DetailOf(const absl::Status& status);
// Shorthand: DetailOf(status).reason.
std::string ReasonOf(const absl::Status& status);

// std::string of a status message (absl::string_view is not std::string_view in Debian's build).
std::string MessageOf(const absl::Status& status);

}  // namespace sluis
