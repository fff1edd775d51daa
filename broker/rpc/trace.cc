#include "broker/rpc/trace.h"

#include "lib/base/encoding.h"
#include "lib/base/traceparent.h"
#include "lib/crypto/random.h"

namespace sluis::rpc {
namespace {

std::string NewSpan() { return HexEncode(RandomBytes(8)); }

}  // namespace

std::optional<Trace> ParseTraceparent(std::string_view value) {
  const std::optional<Traceparent> parsed = sluis::ParseTraceparent(value);
  if (!parsed) return std::nullopt;
  return Trace{parsed->trace_id, NewSpan(), parsed->sampled};
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
