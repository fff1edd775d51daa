// Access requests (exports.md §5.5): an approval that is asked for by who was denied for want of
// one. The task is an exchange of ours; what is told of it is its state, and whoever approves, does
// so there. Nothing is kept beside it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "broker/authzen/access_request_body.h"
#include "broker/exchange/service.h"
#include "lib/base/clock.h"
#include "lib/base/json.h"

namespace sluis::authzen {

// What a task looks like to who asked it.
struct TaskAnswer {
  Json body;             // {"task": {...}} and, once approved, "result"
  std::string location;  // its status_endpoint
  bool pending = false;
};

// Where the requests of `endpoints` are put.
std::string RequestsUrl(std::string_view endpoints);

// Thread-safe. Everything given outlives it. Acts wait for the log; not from the journal's thread.
// In all of them `endpoints` is what addresses begin with, without a slash at its end.
class AccessRequests {
 public:
  // `denials` made the ids of the evaluations.
  AccessRequests(exchange::Service& service, const DenialTokens& denials, const Clock& clock)
      : service_(service), denials_(denials), clock_(clock) {}

  // Once for each key: a repeat gets the task as it is now, also when the denial expired meanwhile.
  // The assertion is used up. INVALID_ARGUMENT naming what is malformed, NOT_REQUESTABLE,
  // DENIAL_NOT_BOUND; DENIAL_EXPIRED; ALREADY_EXISTS / REQUEST_ID_REUSED for another body.
  absl::StatusOr<TaskAnswer> Ask(const exchange::Caller& caller, std::string_view key,
                                 std::string_view body, std::string_view endpoints);
  // NOT_FOUND / RESOURCE_NOT_FOUND for what is no task of this very caller.
  absl::StatusOr<TaskAnswer> Look(const exchange::Caller& caller, std::string_view task,
                                  std::string_view endpoints);
  // Likewise; FAILED_PRECONDITION / EXCHANGE_CLOSED or APPROVAL_EXPIRED once it ended. The
  // assertion is used up.
  absl::StatusOr<TaskAnswer> Cancel(const exchange::Caller& caller, std::string_view task,
                                    std::string_view endpoints);

 private:
  exchange::Service& service_;
  const DenialTokens& denials_;
  const Clock& clock_;
};

}  // namespace sluis::authzen
