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
  std::unique_ptr<AuthzenFace> face(new AuthzenFace(parts.service, parts.clock));
  face->routes_ = std::make_unique<AuthzenRoutes>(AuthzenRoutes::Parts{
      parts.authenticator,
      [&service = parts.service](std::string_view reason) { service.NoteRefusedLogin(reason); },
      parts.clock, config.base_url()});
  face->routes_->Add("", face->exchange_);
  face->routes_->TakeRequests(face->requests_);
  for (const broker::v1::ForeignPack& foreign : config.foreign_packs()) {
    SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<authzen::EntityPack> pack,
                           authzen::EntityPack::Load(foreign.file()));
    face->routes_->Add(foreign.tenant(), *pack);
    face->foreign_.push_back(std::move(pack));
  }
  SLUIS_ASSIGN_OR_RETURN(http::ServerOptions options, ListenOptionsOf(config.listen()));
  options.max_body_bytes = kMostBody;
  options.echoed_header = kRequestIdHeader;
  SLUIS_ASSIGN_OR_RETURN(face->server_, http::Server::Start(options, *face->routes_, &parts.tls,
                                                            parts.observer, parts.clock));
  return face;
}

}  // namespace sluis::daemon
