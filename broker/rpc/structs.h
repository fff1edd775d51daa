// google.protobuf.Struct: what a caller may put into one, and the JSON that it stands for.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <optional>
#include <string>

#include "lib/base/json.h"
#include "sluis/v1/field_rules.pb.h"

namespace sluis::rpc {

struct StructFault {
  const char* reason;  // UNKNOWN_FIELD or FIELD_INVALID
  std::string description;
};

// The first thing that is wrong with `object` as a field with these rules: larger or deeper than
// they allow, an unknown field, a value of no kind, a number that JSON has not. Names no member of
// it: those are the caller's words.
std::optional<StructFault> FaultOf(const google::protobuf::Struct& object,
                                   const v1::FieldRules& rules);

// Whole numbers below 2^53 become integers, as if they had been read from a body. Precondition:
// FaultOf found nothing.
Json ToJson(const google::protobuf::Struct& object);

// Precondition: `json` is an object.
void ToStruct(const Json& json, google::protobuf::Struct* out);

}  // namespace sluis::rpc
