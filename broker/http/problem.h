// Errors as application/problem+json (RFC 9457): the same reasons as the gRPC face (api.md §7).
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "broker/http/message.h"

namespace sluis::http {

// The HTTP status of an error: 400, 401, 403, 404, 409, 429, 500, 503 or 504.
int HttpStatusOf(const absl::Status& status);

// Members type, title, status, detail, reason, metadata. Of INTERNAL and DATA_LOSS only the reason
// leaves the process. Precondition: not OK. 401 names the scheme, 429 and 503 say when to come
// back.
Response Problem(const absl::Status& status);

// Likewise, with the type and status that an outside profile gives this error.
Response TypedProblem(int status, std::string_view type, const absl::Status& error);

// The two that every route knows.
Response NotFound();
Response MethodNotAllowed(std::string_view allowed);

}  // namespace sluis::http
