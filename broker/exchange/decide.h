// One decision: the request of architecture §5 put into the policy's words, with the facts of this
// moment.
#pragma once

#include "broker/exchange/facts.h"
#include "broker/exchange/view.h"
#include "broker/storage/records.h"
#include "policy/engine/decision.h"
#include "policy/engine/request.h"

namespace sluis::exchange {

// What a decision is asked about besides the exchange itself.
struct DecisionInput {
  std::string subject_verified = "unknown";        // yes or no from a signed header
  std::vector<storage::ApprovalRecord> approvals;  // all that were given, the present act included
};

// A decision with the question that was put to the engine, whole: the same question gives it again.
struct Decided {
  policy::EvaluationRequest request;
  policy::Decision decision;
};

// Decides on `exchange` in `the_case` now. INVALID of the rulebook is INVALID_ARGUMENT naming the
// member; FAILED_PRECONDITION / POLICY_PACK_STALE once the pack is older than its maximum age.
absl::StatusOr<Decided> DecideOn(const View& view, const storage::ExchangeRecord& exchange,
                                 const storage::CaseRecord& the_case, const DecisionInput& input);

// That DecideOn refused because the pack is too old.
bool IsStale(const absl::Status& status);

// Those of `given` take the place of older ones of the same person and role.
std::vector<storage::ApprovalRecord> WithApprovals(
    std::vector<storage::ApprovalRecord> approvals,
    const std::vector<storage::ApprovalRecord>& given);

// The approvals that the present act brings: one for each role of the caller that is an approval
// role and that his organisation can give here (rulebook §2.11, §3.10). None from the requester
// himself.
std::vector<storage::ApprovalRecord> ApprovalsOfAct(const View& view,
                                                    const storage::ExchangeRecord& exchange,
                                                    const storage::CaseRecord& the_case);

// May this organisation give this role in this exchange (rulebook §3.10)?
bool CanGiveRole(const View& view, const storage::ExchangeRecord& exchange,
                 const storage::CaseRecord& the_case, const Oin& organisation,
                 std::string_view role);

// True when a NEEDS_APPROVAL decision waits for roles of the provider alone: then the question is
// forwarded and his answer brings them.
bool OnlyProviderRolesMissing(const View& view, const storage::ExchangeRecord& exchange,
                              const storage::CaseRecord& the_case,
                              const policy::Decision& decision);

}  // namespace sluis::exchange
