#include "broker/daemon/access_calls.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "broker/authzen/exchange_approval.h"
#include "broker/http/problem.h"
#include "lib/base/error.h"
#include "lib/base/log.h"

namespace sluis::daemon {
namespace {

constexpr std::string_view kErrorType = "urn:openid:authzen:access-request:error:";
constexpr std::string_view kCapability = "urn:openid:authzen:capability:access-request";

struct TaskProblem {
  std::string_view reason, type;  // ours, and what the profile calls it
  int status;
};
constexpr std::array kTaskProblems = {
    TaskProblem{"NOT_REQUESTABLE", "not_requestable", 400},
    TaskProblem{"DENIAL_NOT_BOUND", "invalid_denial_binding", 400},
    TaskProblem{"DENIAL_EXPIRED", "expired_denial", 410},
    TaskProblem{"REQUEST_ID_REUSED", "duplicate_request", 409},
    TaskProblem{"RESOURCE_NOT_FOUND", "unknown_task", 404},
    TaskProblem{"APPROVAL_EXPIRED", "task_expired", 410},
    TaskProblem{"EXCHANGE_CLOSED", "invalid_task_state", 409},
};

http::Response ErrorResponse(const absl::Status& error) {
  const std::string reason = ReasonOf(error);
  const auto known = std::find_if(kTaskProblems.begin(), kTaskProblems.end(),
                                  [&](const TaskProblem& one) { return one.reason == reason; });
  if (known != kTaskProblems.end()) {
    return http::TypedProblem(known->status, std::string(kErrorType) + std::string(known->type),
                              error);
  }
  http::Response response = http::Problem(error);
  if (response.status >= 500) LogEvent(LogLevel::kError, "authzen-request", "reason=" + reason);
  return response;
}

}  // namespace

bool TaskCall::TakesMethod(const http::Request& request) const {
  return act == Act::kLook ? request.IsRead() : request.method == http::Method::kPost;
}

std::string_view TaskCall::Methods() const { return act == Act::kLook ? "GET, HEAD" : "POST"; }

std::string_view TaskCall::Route() const {
  switch (act) {
    case Act::kAsk:
      return "authzen-request";
    case Act::kLook:
      return "authzen-task";
    case Act::kCancel:
      return "authzen-cancel";
  }
  return "other";
}

std::optional<TaskCall> ReadTaskCall(std::string_view path) {
  constexpr std::string_view kCancel = "/cancel";
  if (path.empty()) return TaskCall{TaskCall::Act::kAsk, ""};
  if (!path.starts_with('/')) return std::nullopt;
  TaskCall call{TaskCall::Act::kLook, path.substr(1)};
  if (call.task.ends_with(kCancel)) {
    call.act = TaskCall::Act::kCancel;
    call.task.remove_suffix(kCancel.size());
  }
  if (call.task.empty() || call.task.find('/') != std::string_view::npos) return std::nullopt;
  return call;
}

http::Response TaskResponse(const absl::StatusOr<authzen::TaskAnswer>& answer, TaskCall::Act act) {
  if (!answer.ok()) return ErrorResponse(answer.status());
  http::Response response;
  response.content_type = "application/json";
  response.body = answer->body.dump();
  if (act == TaskCall::Act::kAsk) {
    response.status = answer->pending ? 202 : 201;
    response.headers.emplace_back("Location", answer->location);
  }
  if (answer->pending) {
    response.headers.emplace_back("Retry-After",
                                  absl::StrCat(absl::ToInt64Seconds(authzen::kPollPause)));
  }
  return response;
}

void AddRequestsTo(Json& metadata, std::string_view endpoints) {
  metadata["access_request_endpoint"] = authzen::RequestsUrl(endpoints);
  metadata["capabilities"].push_back(std::string(kCapability));
}

}  // namespace sluis::daemon
