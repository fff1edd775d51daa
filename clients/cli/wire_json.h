// Messages of the contract as JSON for scripts: names as in the proto files, absent members left out.
#pragma once

#include <google/protobuf/message.h>

#include "lib/base/json.h"

namespace sluis::cli {

// Enums by name without their prefix (`FORWARDED`), bytes in base64, a Timestamp as RFC 3339 with
// milliseconds, a Duration as `12s`, a party as {organisation, unit}.
Json WireJson(const google::protobuf::Message& message);

}  // namespace sluis::cli
