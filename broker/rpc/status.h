// The one place where our statuses become gRPC's (api.md §7): google.rpc.Status in the details with
// exactly one ErrorInfo, BadRequest with the fields, RetryInfo, and a line of Dutch for the person
// who reads it.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace sluis::rpc {

inline constexpr char kErrorDomain[] = "sluis.example";

// A status without a reason of ours becomes INTERNAL / INCIDENT with a random incident id, which is
// also logged; its text goes nowhere.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace sluis::rpc
