#include "broker/daemon/listen.h"

#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"

namespace sluis::daemon {

absl::StatusOr<http::ServerOptions> ListenOptionsOf(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  http::ServerOptions options;
  options.address = address.substr(0, colon);
  SLUIS_ASSIGN_OR_RETURN(const std::uint64_t port, ParseDecimal(address.substr(colon + 1), 65535));
  options.port = static_cast<std::uint16_t>(port);
  return options;
}

}  // namespace sluis::daemon
