// One generic check of every request by descriptor reflection (api.md §1, §12): unknown fields,
// what is missing, what only the broker may set, lengths, characters, shapes, ranges, enums and
// codes of the vocabulary. The rules stand beside the fields in proto/sluis/v1, so no field can be
// forgotten here.
#pragma once

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "policy/engine/pack.h"

namespace sluis::rpc {

// OK, or INVALID_ARGUMENT with every violation at once, each under its path in proto names, such as
// `exchange.fields[2]`. The reason is that of the first: UNKNOWN_FIELD, FIELD_MISSING,
// FIELD_INVALID, UNKNOWN_PURPOSE, UNKNOWN_LEGAL_BASIS, UNKNOWN_FIELD_NAME. No text repeats a value.
// Thread-safe.
absl::Status ValidateRequest(const google::protobuf::Message& request, const policy::Pack& pack);

}  // namespace sluis::rpc
