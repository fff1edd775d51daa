#include "broker/exchange/states.h"

#include <array>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"

namespace sluis::exchange {
namespace {

struct Transition {
  ExchangeState from;
  Verb verb;
  ExchangeState to;
};

using S = ExchangeState;

// Every transition there is; anything else is refused and changes nothing.
constexpr std::array kTransitions = {
    Transition{S::kAwaitingApproval, Verb::kForward, S::kForwarded},
    Transition{S::kAwaitingApproval, Verb::kNotApprove, S::kDenied},
    Transition{S::kAwaitingApproval, Verb::kWithdraw, S::kWithdrawn},
    Transition{S::kAwaitingApproval, Verb::kExpire, S::kExpired},
    Transition{S::kForwarded, Verb::kPrepare, S::kForwarded},
    Transition{S::kForwarded, Verb::kSend, S::kForwarded},
    Transition{S::kForwarded, Verb::kWait, S::kQueued},
    Transition{S::kForwarded, Verb::kAnswer, S::kAnswered},
    Transition{S::kForwarded, Verb::kRefuse, S::kRefused},
    Transition{S::kForwarded, Verb::kNotApprove, S::kDenied},
    Transition{S::kForwarded, Verb::kWithdraw, S::kWithdrawn},
    Transition{S::kForwarded, Verb::kExpire, S::kExpired},
    Transition{S::kQueued, Verb::kPrepare, S::kForwarded},
    Transition{S::kQueued, Verb::kReady, S::kForwarded},
    Transition{S::kQueued, Verb::kWait, S::kQueued},
    Transition{S::kQueued, Verb::kAnswer, S::kAnswered},
    Transition{S::kQueued, Verb::kRefuse, S::kRefused},
    Transition{S::kQueued, Verb::kNotApprove, S::kDenied},
    Transition{S::kQueued, Verb::kWithdraw, S::kWithdrawn},
    Transition{S::kQueued, Verb::kExpire, S::kExpired},
    Transition{S::kAnswered, Verb::kDeliver, S::kAnswered},
    Transition{S::kAnswered, Verb::kCollect, S::kCollected},
    Transition{S::kAnswered, Verb::kRecall, S::kRecalled},
    Transition{S::kAnswered, Verb::kExpire, S::kExpired},
    Transition{S::kCollected, Verb::kRecall, S::kRecalled},
    Transition{S::kCollected, Verb::kDestroy, S::kDestroyed},
    Transition{S::kCollected, Verb::kExpire, S::kCollected},
    Transition{S::kRecalled, Verb::kDestroy, S::kDestroyed},
    Transition{S::kRecalled, Verb::kExpire, S::kRecalled},
    // A second recall of what was recalled: another field of it.
    Transition{S::kRecalled, Verb::kRecall, S::kRecalled},
};

}  // namespace

absl::StatusOr<ExchangeState> NextState(ExchangeState from, Verb verb) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == from && transition.verb == verb) return transition.to;
  }
  if (from == S::kAwaitingApproval && (verb == Verb::kAnswer || verb == Verb::kSend)) {
    return Error(ErrorCode::kPrecondition, "APPROVAL_MISSING",
                 "the requester's side has not approved yet; wait for it");
  }
  return Error(
      ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
      absl::StrFormat("an exchange in state %s cannot %s", StateName(from), VerbName(verb)),
      {{"state", std::string(StateName(from))}, {"verb", std::string(VerbName(verb))}});
}

bool IsOpen(ExchangeState state) {
  return state == S::kAwaitingApproval || state == S::kForwarded || state == S::kAnswered ||
         state == S::kQueued;
}

std::string_view StateName(ExchangeState state) {
  switch (state) {
    case S::kDenied:
      return "DENIED";
    case S::kAwaitingApproval:
      return "AWAITING_APPROVAL";
    case S::kForwarded:
      return "FORWARDED";
    case S::kAnswered:
      return "ANSWERED";
    case S::kRefused:
      return "REFUSED";
    case S::kExpired:
      return "EXPIRED";
    case S::kCollected:
      return "COLLECTED";
    case S::kDestroyed:
      return "DESTROYED";
    case S::kWithdrawn:
      return "WITHDRAWN";
    case S::kRecalled:
      return "RECALLED";
    case S::kQueued:
      return "QUEUED";
  }
  return "UNKNOWN";
}

std::string_view VerbName(Verb verb) {
  switch (verb) {
    case Verb::kPrepare:
      return "be prepared for an answer";
    case Verb::kSend:
      return "bring its subject";
    case Verb::kWait:
      return "wait";
    case Verb::kReady:
      return "go on";
    case Verb::kAnswer:
      return "be answered";
    case Verb::kRefuse:
      return "be refused";
    case Verb::kWithdraw:
      return "be withdrawn";
    case Verb::kForward:
      return "be forwarded";
    case Verb::kNotApprove:
      return "be denied by an approver";
    case Verb::kDeliver:
      return "be delivered";
    case Verb::kCollect:
      return "be confirmed as opened";
    case Verb::kRecall:
      return "be recalled";
    case Verb::kDestroy:
      return "be confirmed as destroyed";
    case Verb::kExpire:
      return "expire";
  }
  return "change";
}

}  // namespace sluis::exchange
