// The bytes of a request for comparison within one process version: deterministic, not canonical
// (api.md §12).
#pragma once

#include <google/protobuf/message.h>

#include "lib/base/bytes.h"

namespace sluis::rpc {

Bytes RequestBytes(const google::protobuf::Message& request);

}  // namespace sluis::rpc
