// JSON under our rules: strict reading (duplicate members, invalid UTF-8, depth and size refused, which
// nlohmann's plain parser does not do) and RFC 8785 canonical writing of the subset we sign.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sluis {

using Json = nlohmann::json;

struct JsonLimits {
  std::size_t max_bytes = 1 << 20;
  int max_depth = 32;
};

// INVALID_ARGUMENT with line and column for anything that is not one JSON value under the limits.
absl::StatusOr<Json> ParseJsonStrict(std::string_view text, const JsonLimits& limits = {});

// RFC 8785 of a value made of objects, arrays, strings, booleans and integers below 2^53 in absolute
// value; null, floats and larger integers are INVALID_ARGUMENT (E_STATEMENT).
absl::StatusOr<std::string> CanonicalJson(const Json& value);

// Strict reading of bytes that must already be in canonical form; E_STATEMENT otherwise.
absl::StatusOr<Json> ParseCanonicalJson(std::string_view bytes);

}  // namespace sluis
