#include "broker/exchange/caller.h"

#include <algorithm>

#include "lib/base/error.h"

namespace sluis::exchange {

bool Caller::HasRole(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

absl::Status RequireMultiFactor(const Caller& caller) {
  if (caller.multi_factor) return absl::OkStatus();
  return Error(ErrorCode::kUnauthenticated, "ASSERTION_INVALID",
               "this act needs a log-in with more than one factor; log in again",
               {{"check", "acr"}});
}

}  // namespace sluis::exchange
