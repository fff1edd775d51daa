// The two calls of an enrolment, as its builder needs them. The edge makes them over the broker.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "clients/lib/names.h"
#include "lib/base/bytes.h"
#include "sluis/v1/pseudonym.pb.h"

namespace sluis::edge {

// Called by one thread at a time, not always the same. Waits and tries again by itself while
// somebody is away; what it returns is final.
class EnrolmentPort {
 public:
  virtual ~EnrolmentPort() = default;
  // The decision statement, wire form.
  virtual absl::StatusOr<Bytes> Prepare(const std::string& register_id) = 0;
  virtual absl::StatusOr<wire::EvaluateEnrolmentResponse> Evaluate(BytesView signed_enrolment,
                                                                   BytesView statement) = 0;
};

}  // namespace sluis::edge
