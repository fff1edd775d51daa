// What the policy decided about an exchange, as an AuthZEN answer: reason, obligations and what to
// do about an approval (exports.md §5.3 to §5.5). Nothing in it tells whether data exist, and
// nothing names another purpose or basis than was asked.
#pragma once

#include "absl/status/status.h"
#include "broker/authzen/decision_point.h"
#include "broker/authzen/exchange_question.h"
#include "broker/exchange/moment.h"

namespace sluis::authzen {

// Reasons that an approval, or the want of one, is spoken of with.
inline constexpr char kApprovalRequired[] = "approval_required";
inline constexpr char kNoLegalBasis[] = "no_legal_basis";
inline constexpr char kProhibited[] = "prohibited";
inline constexpr char kPolicyDenied[] = "policy_denied";

// `decided` is the result of Moment::TryOut for `question`.
Verdict VerdictOf(const ExchangeQuestion& question, const exchange::ExchangeResult& decided,
                  const exchange::Moment& moment);

// For what is outside the vocabulary or our mapping: false, reason `invalid`.
Verdict InvalidVerdict(const Fault& fault, const exchange::Moment& moment);
// For a subject that claims to be another than who calls: false, reason `subject_mismatch`.
Verdict MismatchVerdict(const exchange::Moment& moment);

// The fault that an error of Moment::TryOut tells, in the words of the request. Not found() for an
// error that is no fault of the request.
Fault FaultOf(const absl::Status& status);

}  // namespace sluis::authzen
