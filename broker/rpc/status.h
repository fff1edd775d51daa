// The one place where our statuses become gRPC's (api.md §7): google.rpc.Status in the details with
// exactly one ErrorInfo, BadRequest with the fields, RetryInfo, and a line of Dutch for the person
// who reads it. At most 6 KiB of details.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace sluis::rpc {

inline constexpr char kErrorDomain[] = "sluis.example";

// The code is that of the reason (reasons.h). A status without a reason, or with one that no
// partner may be told, becomes INTERNAL / INCIDENT with a random incident id; its own reason and
// code go to the operational log under that id, its text goes nowhere.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace sluis::rpc
