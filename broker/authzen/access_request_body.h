// The body of an access request (exports.md §5.5, step 2). Of the profile we take the binding by
// evaluation id alone: items are malformed, and callbacks are ignored as any unknown member.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/authzen/denial_tokens.h"
#include "broker/authzen/question.h"
#include "lib/base/bytes.h"

namespace sluis::authzen {

struct AccessRequestBody {
  Question question;
  Denial denial;
  absl::Time wanted_until = absl::InfiniteFuture();
  Digest content{};  // the same for bodies that say the same
};

// INVALID_ARGUMENT naming the member for what is malformed.
absl::StatusOr<AccessRequestBody> ReadAccessRequest(std::string_view text);

}  // namespace sluis::authzen
