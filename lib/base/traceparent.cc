#include "lib/base/traceparent.h"

#include <algorithm>

namespace sluis {
namespace {

constexpr std::size_t kTraceparentLength = 55;  // 00-<32>-<16>-<2>

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsAllZero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::optional<Traceparent> ParseTraceparent(std::string_view value) {
  if (value.size() < kTraceparentLength || value[2] != '-' || value[35] != '-' || value[52] != '-')
    return std::nullopt;
  const std::string_view version = value.substr(0, 2), trace = value.substr(3, 32),
                         parent = value.substr(36, 16), flags = value.substr(53, 2);
  for (const std::string_view part : {version, trace, parent, flags}) {
    if (!IsLowerHex(part)) return std::nullopt;
  }
  if (version == "ff" || IsAllZero(trace) || IsAllZero(parent)) return std::nullopt;
  // What a higher version says further on is not for us; this one says nothing further.
  if (value.size() > kTraceparentLength && (version == "00" || value[kTraceparentLength] != '-'))
    return std::nullopt;
  const bool sampled = std::string_view("13579bdf").find(flags[1]) != std::string_view::npos;
  return Traceparent{std::string(trace), std::string(parent), sampled};
}

}  // namespace sluis
