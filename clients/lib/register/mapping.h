// The mapping of a register: protobuf text of sluis.edge.v1.RegisterMapping, checked as a whole before
// any row is read. Rows of the file are not looked at here.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sluis/edge/v1/register.pb.h"

namespace sluis::edge {

inline constexpr std::size_t kMaxMappingBytes = 64 * 1024;

// Reason MAPPING_INVALID: with line and column if the text is no mapping (an unknown key too), else with
// the path of the field that is wrong, for example `fields[2].forms[0].columns`.
absl::StatusOr<v1::RegisterMapping> ParseMapping(std::string_view text);

// The rules that register.proto states beside each field. All problems at once.
absl::Status CheckMapping(const v1::RegisterMapping& mapping);

}  // namespace sluis::edge
