// The wire's words for parties, and ids that the edge makes. Resource names:
// lib/base/resource_names.h.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/base/ids.h"
#include "lib/base/resource_names.h"
#include "sluis/v1/partner.pb.h"

namespace sluis::edge {

// The wire messages; `v1` alone is proto/sluis/edge/v1 here.
namespace wire = ::sluis::v1;

absl::StatusOr<PartyId> ReadParty(const wire::Party& party);
void WriteParty(const PartyId& party, wire::Party* out);

// A random UUID (RFC 9562 version 4) as text.
std::string NewRequestId();

}  // namespace sluis::edge
