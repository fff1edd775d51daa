// The `traceparent` of W3C Trace Context (api.md §10): random numbers that let two operators find
// the same call in their logs. They hold nothing about anybody.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluis {

struct Traceparent {
  std::string trace_id;   // 32 lower-case hex
  std::string parent_id;  // 16 lower-case hex: the hop before
  bool sampled = false;
};

// nullopt when it is not valid. Of a higher version than 00 only the first 55 characters count.
std::optional<Traceparent> ParseTraceparent(std::string_view value);

}  // namespace sluis
