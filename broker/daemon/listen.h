// host:port of the configuration as options of a listener.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "broker/http/server.h"

namespace sluis::daemon {

// Precondition: LoadConfig checked the address: there is a colon and a port behind it.
absl::StatusOr<http::ServerOptions> ListenOptionsOf(const std::string& address);

}  // namespace sluis::daemon
