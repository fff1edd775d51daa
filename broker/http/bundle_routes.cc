#include "broker/http/bundle_routes.h"

#include "broker/http/log_routes.h"
#include "broker/http/problem.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/certificate.h"

namespace sluis::http {
namespace {

constexpr std::string_view kBearer = "Bearer ";

absl::StatusOr<std::string_view> BearerOf(const Request& request) {
  const auto value = request.Header("authorization");
  if (!value || !value->starts_with(kBearer)) {
    return Error(ErrorCode::kUnauthenticated, "ASSERTION_MISSING",
                 "send the person assertion in one header `Authorization: Bearer <token>`");
  }
  return value->substr(kBearer.size());
}

absl::StatusOr<LogUse> UseOf(const Request& request) {
  const auto use = ParseLogUse(request.Header("sluis-log-use").value_or(""));
  if (use) return *use;
  return Error(ErrorCode::kDenied, "USE_NOT_ALLOWED",
               "name the use in one header `Sluis-Log-Use`: LAWFULNESS_CHECK, INTERNAL_CONTROL, "
               "INTEGRITY_SECURITY or CRIMINAL_PROCEEDINGS");
}

}  // namespace

std::optional<LogUse> ParseLogUse(std::string_view name) {
  if (name == "LAWFULNESS_CHECK") return LogUse::kLawfulnessCheck;
  if (name == "INTERNAL_CONTROL") return LogUse::kInternalControl;
  if (name == "INTEGRITY_SECURITY") return LogUse::kIntegritySecurity;
  if (name == "CRIMINAL_PROCEEDINGS") return LogUse::kCriminalProceedings;
  return std::nullopt;
}

absl::StatusOr<std::unique_ptr<BundleRoutes>> BundleRoutes::Create(
    std::string prefix, const journal::Journal& journal, storage::Store& store,
    const exchange::Authenticator& authenticator, BundleGate& gate) {
  SLUIS_RETURN_IF_ERROR(CheckPrefix(prefix));
  return std::unique_ptr<BundleRoutes>(
      new BundleRoutes(std::move(prefix), journal, store, authenticator, gate));
}

Response BundleRoutes::Handle(const Request& request) {
  const auto path = BelowPrefix(request.target, prefix_);
  if (!path || !path->starts_with("tile/entries/")) return NotFound();
  Response response;
  // A bundle is GET only: a HEAD would be a look that shows nothing and still costs a leaf.
  if (request.method != Method::kGet) {
    response = MethodNotAllowed("GET");
  } else if (auto bundle = Read(request, *path); bundle.ok()) {
    response.content_type = "application/octet-stream";
    response.body = *std::move(bundle);
    response.headers = {{"Cache-Control", "private, max-age=31536000, immutable"},
                        {"Vary", "Authorization"}};
  } else {
    if (absl::IsDataLoss(bundle.status()))
      LogEvent(LogLevel::kError, "http-bundle-inconsistent", *path);
    response = Problem(bundle.status());
  }
  response.route = "bundle";
  return response;
}

absl::StatusOr<exchange::Caller> BundleRoutes::LogIn(const Request& request) const {
  absl::StatusOr<exchange::Caller> caller = [&]() -> absl::StatusOr<exchange::Caller> {
    SLUIS_ASSIGN_OR_RETURN(const std::string_view bearer, BearerOf(request));
    return authenticator_.Authenticate(request.certificate_pem, bearer);
  }();
  // A fault of ours, such as a store that is away, is no refused log-in.
  if (absl::IsUnauthenticated(caller.status()) || absl::IsPermissionDenied(caller.status())) {
    const auto peer = ParsePeerCertificate(request.certificate_pem);
    gate_.NoteRefusedLogin(ReasonOf(caller.status()), peer.ok() ? peer->oin : Oin());
  }
  return caller;
}

absl::StatusOr<Bytes> BundleRoutes::Read(const Request& request, std::string_view path) const {
  SLUIS_ASSIGN_OR_RETURN(const exchange::Caller caller, LogIn(request));
  SLUIS_ASSIGN_OR_RETURN(const LogUse use, UseOf(request));
  const auto id = tlog::ParseBundlePath(path);
  if (!id.ok())
    return Error(ErrorCode::kNotFound, "RESOURCE_NOT_FOUND", "this is not the path of a bundle");
  // Read first, so that a look is recorded only for what can be shown; nothing leaves before the
  // gate.
  SLUIS_ASSIGN_OR_RETURN(Bytes bundle, ReadPublishedBundle(store_, *id, journal_.Published().size));
  const std::uint64_t first = id->index * tlog::kTileWidth;
  SLUIS_RETURN_IF_ERROR(
      gate_.Admit(caller, use, first, first + static_cast<std::uint64_t>(id->width)));
  return bundle;
}

}  // namespace sluis::http
