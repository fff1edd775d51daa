// Configuration in protobuf text format, read strictly: an unknown key, a value of another type or
// a member that stands twice is an error with its line and column.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace sluis {

// INVALID_ARGUMENT / CONFIG_INVALID: `name:line:column: what`, and the nearest known key for an
// unknown one. `name` is how the text is called in errors. Replaces the content of `message`.
absl::Status ParseTextProto(std::string_view text, const std::string& name,
                            google::protobuf::Message* message);

}  // namespace sluis
