#include "broker/exchange/approve_exchange.h"

#include "broker/exchange/access.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/decision_json.h"
#include "broker/exchange/end_exchange.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

absl::Status CheckApprover(const Turn& turn, const storage::ExchangeRecord& exchange,
                           const storage::CaseRecord& the_case, const std::string& role) {
  // Whether there is such an exchange is told only to those who may approve it.
  if (!turn.caller.HasRole(role) ||
      !CanGiveRole(turn, exchange, the_case, turn.caller.party.oin, role)) {
    return NotAccessible();
  }
  if (turn.caller.party.oin == exchange.owner.oin && turn.caller.person == exchange.requester) {
    return Error(ErrorCode::kPrecondition, "APPROVER_IS_REQUESTER",
                 "who asks cannot approve; let a colleague with this role do it");
  }
  if (exchange.state == ExchangeState::kAwaitingApproval ||
      exchange.state == ExchangeState::kForwarded ||
      WaitsFor(exchange, QueueReason::kRecipientSession)) {
    return absl::OkStatus();
  }
  return NextState(exchange.state, Verb::kNotApprove).status();
}

absl::Status LogApproval(Turn& turn, storage::ExchangeRecord& exchange, const Approve& approve) {
  return Log(turn, exchange,
             ExchangeLeaf(
                 turn, exchange, tlog::LeafKind::kApproval,
                 approve.granted ? tlog::LeafOutcome::kApproved : tlog::LeafOutcome::kNotApproved,
                 {{"approvals", Json::array({approve.role})}}))
      .status();
}

// Ends without content: nothing sealed is kept.
absl::Status EndDenied(Turn& turn, storage::ExchangeRecord& exchange) {
  const bool provider_knew =
      exchange.state != ExchangeState::kAwaitingApproval && !AwaitsSubject(exchange);
  SLUIS_RETURN_IF_ERROR(DenyIn(turn, exchange));
  SLUIS_RETURN_IF_ERROR(Notify(turn, exchange.owner, InboxEvent::kEnded, exchange.id));
  if (!provider_knew || exchange.provider_desk == exchange.owner) return absl::OkStatus();
  return Notify(turn, exchange.provider_desk, InboxEvent::kEnded, exchange.id);
}

// The provider hears of it when the subject has arrived.
absl::Status LetAskerSend(Turn& turn, storage::ExchangeRecord& exchange, const Decided& decided) {
  SLUIS_RETURN_IF_ERROR(LetSend(turn, exchange, decided, /*needs_session=*/true));
  if (exchange.state != ExchangeState::kForwarded) return absl::OkStatus();
  return Notify(turn, exchange.owner, InboxEvent::kSessionReady, exchange.id);
}

// The fresh decision after an approval moves the exchange on, leaves it waiting, or ends it.
absl::Status DecideAgain(Turn& turn, storage::ExchangeRecord& exchange,
                         const storage::CaseRecord& the_case) {
  exchange.case_phase = the_case.phase;
  DecisionInput input{.approvals = exchange.approvals};
  if (exchange.subject) input.subject_verified = exchange.subject->verified ? "yes" : "no";
  SLUIS_ASSIGN_OR_RETURN(const Decided decided, DecideOn(turn, exchange, the_case, input));
  const policy::Decision& decision = decided.decision;
  exchange.decision = DecisionToJson(decided, turn.policy, turn.now);
  SLUIS_RETURN_IF_ERROR(Log(turn, exchange,
                            ExchangeLeaf(turn, exchange, tlog::LeafKind::kDecision,
                                         OutcomeOf(decision), DecisionMembers(decided)))
                            .status());
  const bool waits = decision.outcome == policy::Outcome::kNeedsApproval;
  if (decision.outcome != policy::Outcome::kPermitted && !waits) return EndDenied(turn, exchange);
  if (exchange.state != ExchangeState::kAwaitingApproval) return absl::OkStatus();
  if (waits && !OnlyProviderRolesMissing(turn, exchange, the_case, decision))
    return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kForward));
  if (AwaitsSubject(exchange)) return LetAskerSend(turn, exchange, decided);
  if (!waits && exchange.provider_desk == exchange.owner) {
    SLUIS_RETURN_IF_ERROR(LetSend(turn, exchange, decided, NeedsSession(exchange, decision)));
  }
  return Notify(turn, exchange.provider_desk, InboxEvent::kQuestion, exchange.id);
}

}  // namespace

absl::StatusOr<ExchangeId> ApproveIn(Turn& turn, const Approve& approve) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ExchangeRecord> found,
                         turn.store.FindExchange(approve.exchange));
  if (!found) return NotAccessible();
  storage::ExchangeRecord exchange = *std::move(found);
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(turn.store, exchange));
  SLUIS_RETURN_IF_ERROR(CheckApprover(turn, exchange, the_case, approve.role));

  exchange.approvals.push_back(
      {approve.role, turn.caller.party.oin, turn.caller.person, approve.granted, turn.now});
  SLUIS_RETURN_IF_ERROR(LogApproval(turn, exchange, approve));
  SLUIS_RETURN_IF_ERROR(approve.granted ? DecideAgain(turn, exchange, the_case)
                                        : EndDenied(turn, exchange));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return exchange.id;
}

}  // namespace sluis::exchange
