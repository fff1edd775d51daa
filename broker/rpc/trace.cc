#include "broker/rpc/trace.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/crypto/random.h"

namespace sluis::rpc {
namespace {

constexpr std::size_t kLength = 55;  // 00-<32>-<16>-<2>

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

std::string NewSpan() { return HexEncode(RandomBytes(8)); }

}  // namespace

std::optional<Trace> ParseTraceparent(std::string_view value) {
  if (value.size() < kLength || value[2] != '-' || value[35] != '-' || value[52] != '-')
    return std::nullopt;
  const std::string_view version = value.substr(0, 2), trace = value.substr(3, 32),
                         parent = value.substr(36, 16), flags = value.substr(53, 2);
  for (const std::string_view part : {version, trace, parent, flags}) {
    if (!IsLowerHex(part)) return std::nullopt;
  }
  if (version == "ff" || IsZero(trace) || IsZero(parent)) return std::nullopt;
  // What a higher version says further on is not for us; this one says nothing further.
  if (value.size() > kLength && (version == "00" || value[kLength] != '-')) return std::nullopt;
  const bool sampled = std::string_view("13579bdf").find(flags[1]) != std::string_view::npos;
  return Trace{std::string(trace), NewSpan(), sampled};
}

Trace TraceOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  const auto [first, last] = metadata.equal_range("traceparent");
  if (first != last && std::next(first) == last) {
    std::optional<Trace> known = ParseTraceparent({first->second.data(), first->second.size()});
    if (known) return *std::move(known);
  }
  return {HexEncode(RandomBytes(16)), NewSpan(), false};
}

}  // namespace sluis::rpc
