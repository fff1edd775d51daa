// Desks: what each unit sees first, its templates and its words. Data of clients/<kind>/desk.txtpb, which
// the build puts into the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sluis/edge/v1/desk.pb.h"

namespace sluis::cli {

// CONFIG_INVALID with line and column for a text that is no Desks; DESK_INVALID with the path for a missing
// word, a unit of another kind or what stands twice.
absl::StatusOr<edge::v1::Desks> ParseDesks(std::string_view text);

// Those that came with the program.
absl::StatusOr<std::vector<edge::v1::Desks>> BuiltInDesks();

// NOT_FOUND / DESK_UNKNOWN, with the nearest unit that has one.
absl::StatusOr<edge::v1::Desk> FindDesk(const std::vector<edge::v1::Desks>& all, std::string_view unit);

// The command line of a template; the person fills in the organisation.
std::string TemplateLine(const edge::v1::Template& filled);

}  // namespace sluis::cli
