// What a request must hold to beyond its single fields: which members go with which action, and
// ranges that the contract says in words.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

namespace sluis::rpc {

struct RuleViolation {
  std::string_view reason;  // FIELD_INVALID or FIELD_MISSING
  std::string field;        // path in proto names
  std::string description;
};

// Every violation of a request; none for a type without such rules. Assumes nothing of its fields.
std::vector<RuleViolation> CrossViolations(const google::protobuf::Message& request);

}  // namespace sluis::rpc
