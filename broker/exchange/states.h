// The state machine of an exchange (architecture §5) as a table: which verb leads from which state
// to which.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/storage/records.h"

namespace sluis::exchange {

using storage::ExchangeState;

// Approvals are at most 30 days old, so a question that waits longer could not be answered anyway.
inline constexpr absl::Duration kQuestionLife = absl::Hours(24 * 30);

// How long a sealed answer waits in the mailbox at most, and where nobody says less.
inline constexpr absl::Duration kLongestTimeToLive = absl::Hours(24 * 14);

enum class Verb {
  kPrepare,     // the provider's person is about to release; the state stays
  kSend,        // the asker brings the subject; the state stays
  kAnswer,      // the provider's person releases
  kWait,        // what it needs is away: a session of the recipient, a transcryptor
  kReady,       // what it waited for is there, or a release of the queue was refused
  kRefuse,      // the provider's person refuses
  kWithdraw,    // the requester takes it back
  kForward,     // the missing approvals of the requester's side are there
  kNotApprove,  // a needed approval was withheld
  kDeliver,     // content handed over; the state stays
  kCollect,     // the recipient confirmed the opening
  kRecall,      // a recall about it was released
  kDestroy,     // the recipient confirmed the destruction
  kExpire,      // its time is over
};

// The state after `verb`, or FAILED_PRECONDITION / EXCHANGE_CLOSED (APPROVAL_MISSING while
// approvals of the requester's side are missing) that names state and verb.
absl::StatusOr<ExchangeState> NextState(ExchangeState from, Verb verb);

// True while something may still happen that an inbox waits for.
bool IsOpen(ExchangeState state);

std::string_view StateName(ExchangeState state);
std::string_view VerbName(Verb verb);

}  // namespace sluis::exchange
