// The shapes that a string of a request may have (proto/sluis/v1/field_rules.proto).
#pragma once

#include <string>
#include <string_view>

#include "sluis/v1/field_rules.pb.h"

namespace sluis::rpc {

// Empty if `value` has the shape; else what it must be, without the value itself.
std::string ShapeProblem(v1::Shape shape, std::string_view value);

}  // namespace sluis::rpc
