#include "broker/http/public_routes.h"

#include "broker/http/log_routes.h"
#include "broker/http/problem.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"

namespace sluis::http {
namespace {

// Verifiers in a browser are welcome: nothing here depends on who asks.
void OpenToAll(Response& response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
}

Response Routed(Response response, std::string_view route) {
  response.route = route;
  OpenToAll(response);
  return response;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PublicRoutes>> PublicRoutes::Create(std::string prefix,
                                                                   const journal::Journal& journal,
                                                                   storage::Store& store) {
  SLUIS_RETURN_IF_ERROR(CheckPrefix(prefix));
  return std::unique_ptr<PublicRoutes>(new PublicRoutes(std::move(prefix), journal, store));
}

Response PublicRoutes::Handle(const Request& request) {
  if (!request.IsRead()) return Routed(MethodNotAllowed("GET, HEAD"), "other");
  if (request.target == "/healthz") return Routed(Health(journal_), "healthz");
  const auto path = BelowPrefix(request.target, prefix_);
  if (path && *path == "checkpoint") return Routed(Checkpoint(), "checkpoint");
  if (path && path->starts_with("tile/")) return Routed(Tile(*path), "tile");
  return Routed(NotFound(), "other");
}

Response PublicRoutes::Checkpoint() const {
  storage::LogHead head = journal_.Published();
  if (head.note.empty()) return NotFound();
  Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(head.note);
  response.headers = {{"Cache-Control", "public, max-age=1"}};
  return response;
}

Response PublicRoutes::Tile(std::string_view path) const {
  const auto id = tlog::ParseTilePath(path);
  if (!id.ok()) return NotFound();
  auto hashes = ReadPublishedTile(store_, *id, journal_.Published().size);
  if (!hashes.ok()) {
    if (absl::IsDataLoss(hashes.status()))
      LogEvent(LogLevel::kError, "http-tile-inconsistent", path);
    return Problem(hashes.status());
  }
  Response response;
  response.content_type = "application/octet-stream";
  response.body = *std::move(hashes);
  response.headers = {{"Cache-Control", "public, max-age=31536000, immutable"}};
  return response;
}

Response Health(const journal::Journal& journal) {
  if (!journal.healthy()) {
    return Problem(Error(ErrorCode::kUnavailable, "LOG_UNAVAILABLE",
                         "the log cannot be written; try again later"));
  }
  Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = "ok\n";
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

}  // namespace sluis::http
