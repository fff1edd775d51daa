// Access requests over HTTP (exports.md §5.5): which call an address is, and how its answer and its
// errors look.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "broker/authzen/access_requests.h"
#include "broker/http/message.h"
#include "lib/base/json.h"

namespace sluis::daemon {

struct TaskCall {
  enum class Act { kAsk, kLook, kCancel };
  Act act = Act::kAsk;
  std::string_view task;  // of the others than kAsk; a part of what was read

  bool TakesMethod(const http::Request& request) const;
  std::string_view Methods() const;
  std::string_view Route() const;  // for metrics
};

// What stands behind `requests`: nothing, /<task> or /<task>/cancel; nullopt for anything else.
std::optional<TaskCall> ReadTaskCall(std::string_view path);

// 201 for what was decided at once and 202 for what waits, 200 for a look; application/problem+json
// with the types of the profile where it has one.
http::Response TaskResponse(const absl::StatusOr<authzen::TaskAnswer>& answer, TaskCall::Act act);

// Names the endpoint and the capability in the metadata.
void AddRequestsTo(Json& metadata, std::string_view endpoints);

}  // namespace sluis::daemon
