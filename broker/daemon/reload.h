// What the operator asks with SIGHUP: read policy, directory, trust and certificates again.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "broker/daemon/policy_source.h"
#include "broker/daemon/sources.h"
#include "broker/exchange/service.h"

namespace sluis::daemon {

// Brings the bundle in force into the log, unless that was done, and notes it as the last one.
absl::Status ConfirmPolicy(PolicyFromBundle& policies, exchange::Service& service);

// Each for itself: one that cannot be used keeps the last good one in force and does not keep the
// others from being renewed. A new policy and a new directory version are announced in the log.
// `more` reads what else there is. Returns the first error.
absl::Status Reload(PolicyFromBundle& policies, DirectoryFromFile& directory, TrustFromFiles& trust,
                    exchange::Service& service, const std::function<absl::Status()>& more);

}  // namespace sluis::daemon
