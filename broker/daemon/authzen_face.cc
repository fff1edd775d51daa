#include "broker/daemon/authzen_face.h"

#include <utility>

#include "broker/daemon/listen.h"
#include "lib/base/status_macros.h"

namespace sluis::daemon {
namespace {

constexpr std::uint64_t kMostBody = 1 << 20;  // api.md §13

}  // namespace

absl::StatusOr<std::unique_ptr<AuthzenFace>> AuthzenFace::Start(const broker::v1::Authzen& config,
                                                                const Parts& parts) {
  std::unique_ptr<AuthzenFace> face(new AuthzenFace);
  face->routes_ = std::make_unique<AuthzenRoutes>(AuthzenRoutes::Parts{
      parts.authenticator,
      [&service = parts.service](std::string_view reason) { service.NoteRefusedLogin(reason); },
      parts.points, config.base_url(), parts.requests});
  SLUIS_ASSIGN_OR_RETURN(http::ServerOptions options, ListenOptionsOf(config.listen()));
  options.max_body_bytes = kMostBody;
  options.echoed_header = kRequestIdHeader;
  SLUIS_ASSIGN_OR_RETURN(face->server_, http::Server::Start(options, *face->routes_, &parts.tls,
                                                            parts.observer, parts.clock));
  return face;
}

}  // namespace sluis::daemon
