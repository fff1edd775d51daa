// What a person reads when a call fails: one Dutch line at level B1 for each reason (api.md §7).
#pragma once

#include <string>
#include <string_view>

namespace sluis::rpc {

// A general line for a reason without one of its own.
std::string DutchOf(std::string_view reason);

}  // namespace sluis::rpc
