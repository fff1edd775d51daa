#include "broker/exchange/prepare_answer.h"

#include "broker/exchange/access.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/release_steps.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

absl::Status CheckCanBePrepared(const Turn& turn, const storage::ExchangeRecord& exchange) {
  if (turn.pseudonyms == nullptr) {
    return Error(
        ErrorCode::kPrecondition, "NO_TRANSCRYPTOR",
        "this broker has no transcryptors, so nobody can stand in an answer as a pseudonym");
  }
  if (!MayHaveStatement(exchange)) {
    return Error(ErrorCode::kPrecondition, "E_MANDATE",
                 "under a mandate no pseudonym can be made: the parties themselves must act");
  }
  if (exchange.action == kInquire) {
    return Error(ErrorCode::kPrecondition, "ANSWER_EXCEEDS_DECISION",
                 "nobody stands in the answer to an inquiry; answer without preparing it");
  }
  SLUIS_RETURN_IF_ERROR(CheckSubjectSent(exchange));
  if (WaitsFor(exchange, QueueReason::kTranscryptor)) {
    return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
                 "an answer was released already and is on its way; it goes on by itself");
  }
  return NextState(exchange.state, Verb::kPrepare).status();
}

}  // namespace

absl::StatusOr<AnswerOutcome> PrepareIn(Turn& turn, const Prepare& prepare) {
  SLUIS_ASSIGN_OR_RETURN(const storage::ExchangeRecord asked,
                         AsProvider(turn.store, turn.caller, prepare.exchange));
  SLUIS_RETURN_IF_ERROR(CheckCanBePrepared(turn, asked));
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(turn.store, asked));
  const storage::ExchangeRecord labelled =
      Relabelled(asked, the_case, prepare.regime, prepare.subject_category);

  const std::vector<storage::ApprovalRecord> given = ApprovalsOfAct(turn, labelled, the_case);
  const DecisionInput input{.subject_verified = prepare.subject_verified ? "yes" : "no",
                            .approvals = WithApprovals(asked.approvals, given)};
  SLUIS_ASSIGN_OR_RETURN(const Decided decided, DecideOn(turn, labelled, the_case, input));
  if (absl::Status no = CheckPermitted(decided.decision); !no.ok()) {
    return RefuseWhole(turn, asked, decided, std::move(no));
  }

  // The labels become the exchange's own when it is released; until then the statement holds them.
  storage::ExchangeRecord exchange = asked;
  exchange.case_phase = the_case.phase;
  exchange.approvals = input.approvals;
  SLUIS_RETURN_IF_ERROR(LogAct(turn, exchange, decided, given));
  SLUIS_RETURN_IF_ERROR(LetSend(turn, exchange, decided, /*needs_session=*/true));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return AnswerOutcome{exchange.id, absl::OkStatus()};
}

}  // namespace sluis::exchange
