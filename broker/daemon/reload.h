// What the operator asks with SIGHUP: read directory, trust and certificates again.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "broker/daemon/sources.h"
#include "broker/exchange/service.h"

namespace sluis::daemon {

// Each for itself: one that cannot be used keeps the last good one in force and does not keep the
// others from being renewed. A new directory version is announced in the log. `more` reads what
// else there is. Returns the first error.
absl::Status Reload(DirectoryFromFile& directory, TrustFromFiles& trust, exchange::Service& service,
                    const std::function<absl::Status()>& more);

}  // namespace sluis::daemon
