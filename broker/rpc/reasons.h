// The reasons that a partner may be told (api.md §7, pseudonyms.md §17): a closed list, each with
// its one code and a line of Dutch for the person who reads it.
#pragma once

#include <span>
#include <string_view>

#include "absl/status/status.h"

namespace sluis::rpc {

struct ToldReason {
  std::string_view reason;
  absl::StatusCode code;
  std::string_view dutch;  // B1
};

// All of them.
std::span<const ToldReason> ToldReasons();

// Null for a reason that stays inside: the caller hears of an incident. What an opened seal or a
// proof is wrong about (the third line of pseudonyms.md §17) is told as E_REFUSED.
const ToldReason* FindToldReason(std::string_view reason);

}  // namespace sluis::rpc
