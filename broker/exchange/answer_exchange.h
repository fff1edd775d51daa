// The provider's person releases (architecture §5, hops 6 and 7): his act is an approval, the
// broker decides again, and the release goes out whole or not at all.
#pragma once

#include <map>
#include <string>

#include "broker/exchange/release.h"
#include "broker/exchange/turn.h"
#include "policy/engine/decision.h"

namespace sluis::exchange {

// What became of a release. A release that goes beyond the decision is refused whole: `refused`
// says why, the refusal is in the log, and the exchange stays as it was, so that a narrower release
// can follow.
struct AnswerOutcome {
  ExchangeId exchange;
  absl::Status refused;
};

// Field by field: nothing that the decision does not permit, nothing in a more revealing form, and
// nobody as a pseudonym unless signed requests bring him.
absl::Status CheckReleaseAgainst(const Turn& turn, const policy::Decision& decision,
                                 const ReleaseHeader& header);

// Does it wait for an answer? EXCHANGE_CLOSED, APPROVAL_MISSING.
absl::Status CheckAwaitsAnswer(const storage::ExchangeRecord& exchange);

absl::StatusOr<AnswerOutcome> AnswerIn(Turn& turn, const VerifiedRelease& release);

// The form in which each field may leave if the caller answered now, with the labels that the
// exchange has: what his edge needs to prepare an answer. Nothing is changed. Empty when the
// exchange is not his to answer, does not wait for an answer, or needs more than his act.
absl::StatusOr<std::map<std::string, std::string>> AnswerableIn(
    const View& view, const storage::ExchangeRecord& exchange);

}  // namespace sluis::exchange
