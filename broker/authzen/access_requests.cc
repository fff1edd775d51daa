#include "broker/authzen/access_requests.h"

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "broker/authzen/exchange_approval.h"
#include "broker/authzen/exchange_question.h"
#include "broker/exchange/approval_task.h"
#include "broker/exchange/states.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/resource_names.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"

namespace sluis::authzen {
namespace {

using exchange::ApprovalTask;
using exchange::Caller;
using exchange::ExchangeResult;
using exchange::TaskStatus;

constexpr std::size_t kLongestKey = 255;

template <typename Start>
absl::StatusOr<ExchangeResult> WaitForAct(Start start) {
  auto promise = std::make_shared<std::promise<absl::StatusOr<ExchangeResult>>>();
  std::future<absl::StatusOr<ExchangeResult>> future = promise->get_future();
  start([promise](absl::StatusOr<ExchangeResult> done) { promise->set_value(std::move(done)); });
  return future.get();
}

std::string_view NameOfStatus(TaskStatus status) {
  switch (status) {
    case TaskStatus::kPending:
      return "pending";
    case TaskStatus::kApproved:
      return "approved";
    case TaskStatus::kDenied:
      return "denied";
    case TaskStatus::kExpired:
      return "expired";
    case TaskStatus::kCancelled:
      return "cancelled";
  }
  return "failed";
}

TaskAnswer AnswerAbout(const ExchangeResult& result, std::string_view endpoints, absl::Time now) {
  const ApprovalTask task = TaskOf(result, now);
  const storage::ExchangeRecord& exchange = result.exchange;
  TaskAnswer answer;
  answer.pending = task.status == TaskStatus::kPending;
  answer.location = absl::StrCat(RequestsUrl(endpoints), "/", TaskIdOf(exchange.id));
  Json told = {{"id", TaskIdOf(exchange.id)},
               {"status", NameOfStatus(task.status)},
               {"status_endpoint", answer.location},
               {"exchange", ExchangeName(exchange.owner, exchange.id)}};
  if (answer.pending) {
    told["expires_at"] = FormatRfc3339Millis(exchange.expire_time);
    told["links"] = {{"cancel", answer.location + "/cancel"}};
  }
  answer.body = {{"task", std::move(told)}};
  if (task.status == TaskStatus::kApproved) {
    answer.body["result"] = {{"mode", "reevaluate"},
                             {"approval",
                              {{"id", ApprovalIdOf(exchange.id)},
                               {"approved_at", FormatRfc3339Millis(task.approved_at)},
                               {"approved_until", FormatRfc3339Millis(task.approved_until)}}}};
  }
  return answer;
}

absl::Status CheckKey(std::string_view key) {
  const bool visible =
      std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!key.empty() && key.size() <= kLongestKey && visible) return absl::OkStatus();
  return InvalidField("FIELD_INVALID", "Idempotency-Key",
                      "must stand in one header, 1 to 255 visible characters; draw a random one");
}

// The key of one person is nobody else's; what he wrote in it is not kept.
exchange::RequestStamp StampOf(const Caller& caller, std::string_view key, const Digest& content) {
  const Digest scoped = Sha256({caller.ActorId(), "\n", caller.party.unit.str(), "\n", key});
  return {"AccessRequest", HexEncode(AsView(scoped)), content};
}

// What can be known without looking whether the key was used before.
absl::StatusOr<exchange::CreateExchange> ToAsk(const AccessRequestBody& body,
                                               const ExchangeQuestion& mapped) {
  if (!exchange::CanBeAskedAlone(body.question.action.name)) {
    return Error(ErrorCode::kInvalid, "NOT_REQUESTABLE",
                 "only a disclosure can be approved before it is sent; ask this in the exchange");
  }
  // What the mapping does not take was never denied for want of an approval.
  if (mapped.fault.found() || mapped.subject_mismatch) {
    return Error(ErrorCode::kInvalid, "DENIAL_NOT_BOUND",
                 "this question was not denied for want of an approval; send it back unchanged");
  }
  exchange::CreateExchange ask = mapped.ask;
  ask.time_to_live = exchange::kLongestTimeToLive;
  ask.wanted_until = body.wanted_until;
  return ask;
}

// Whether there is such an exchange is not told.
absl::Status UnlessUnknown(const absl::Status& status) {
  if (!absl::IsPermissionDenied(status)) return status;
  return Error(ErrorCode::kNotFound, "RESOURCE_NOT_FOUND", "you asked no approval under this id");
}

}  // namespace

std::string RequestsUrl(std::string_view endpoints) {
  return std::string(endpoints) + "/access/v1/requests";
}

absl::StatusOr<TaskAnswer> AccessRequests::Ask(const Caller& caller, std::string_view key,
                                               std::string_view body, std::string_view endpoints) {
  SLUIS_RETURN_IF_ERROR(CheckKey(key));
  SLUIS_ASSIGN_OR_RETURN(const AccessRequestBody read, ReadAccessRequest(body));
  SLUIS_ASSIGN_OR_RETURN(exchange::CreateExchange ask,
                         ToAsk(read, MapToExchange(read.question, caller)));
  const auto admit = [this, read, bound = BoundOf(read.question, caller)](absl::Time now) {
    const absl::Status known = denials_.Check(read.denial, bound, now);
    if (!known.ok() || read.wanted_until > now) return known;
    return InvalidField("FIELD_INVALID", "requested_access.requested_until", "must be to come");
  };
  SLUIS_ASSIGN_OR_RETURN(const ExchangeResult asked, WaitForAct([&](auto reply) {
                           service_.AskApproval(caller, StampOf(caller, key, read.content),
                                                std::move(ask), admit, std::move(reply));
                         }));
  return AnswerAbout(asked, endpoints, clock_.Now());
}

absl::StatusOr<TaskAnswer> AccessRequests::Look(const Caller& caller, std::string_view task,
                                                std::string_view endpoints) {
  const absl::StatusOr<ExchangeId> id = ParseTaskId(task);
  const absl::StatusOr<ExchangeResult> found =
      id.ok() ? service_.Get(caller, *id) : absl::PermissionDeniedError("");
  SLUIS_RETURN_IF_ERROR(UnlessUnknown(found.status()));
  if (!IsTaskOf(caller, found->exchange)) return UnlessUnknown(absl::PermissionDeniedError(""));
  return AnswerAbout(*found, endpoints, clock_.Now());
}

absl::StatusOr<TaskAnswer> AccessRequests::Cancel(const Caller& caller, std::string_view task,
                                                  std::string_view endpoints) {
  const absl::StatusOr<ExchangeId> id = ParseTaskId(task);
  if (!id.ok()) return UnlessUnknown(absl::PermissionDeniedError(""));
  // Each one anew: a second finds it cancelled.
  const exchange::RequestStamp stamp{"CancelAccessRequest", HexEncode(RandomBytes(16)), {}};
  const absl::StatusOr<ExchangeResult> ended = WaitForAct(
      [&](auto reply) { service_.CancelApproval(caller, stamp, *id, std::move(reply)); });
  SLUIS_RETURN_IF_ERROR(UnlessUnknown(ended.status()));
  return AnswerAbout(*ended, endpoints, clock_.Now());
}

}  // namespace sluis::authzen
