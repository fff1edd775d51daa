// The trace that a call belongs to (api.md §10, W3C Trace Context): random numbers that let two
// operators find the same call in their logs. They hold nothing about anybody.
#pragma once

#include <grpcpp/support/string_ref.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sluis::rpc {

struct Trace {
  std::string trace_id;  // 32 lower-case hex
  std::string span_id;   // 16 lower-case hex: this hop
  bool sampled = false;  // as it came; changes nothing here
};

// The trace id and flags of a `traceparent`, with a span of our own; nullopt when it is not valid.
std::optional<Trace> ParseTraceparent(std::string_view value);

// Goes on with the trace of the call's metadata, or starts one when that is absent, doubled or not
// valid.
Trace TraceOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

}  // namespace sluis::rpc
