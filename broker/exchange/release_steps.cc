#include "broker/exchange/release_steps.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "broker/exchange/cases.h"
#include "broker/exchange/decision_json.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/recall.h"
#include "broker/exchange/states.h"
#include "broker/exchange/waiting.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

absl::Status LogApproval(Turn& turn, storage::ExchangeRecord& exchange,
                         const std::vector<storage::ApprovalRecord>& given) {
  if (given.empty()) return absl::OkStatus();
  Json roles = Json::array();
  for (const storage::ApprovalRecord& approval : given) roles.push_back(approval.role);
  return Log(turn, exchange,
             ExchangeLeaf(turn, exchange, tlog::LeafKind::kApproval, tlog::LeafOutcome::kApproved,
                          {{"approvals", roles}, {"by_answering", true}}))
      .status();
}

Json ReleasedFields(const ReleaseHeader& header) {
  Json fields = Json::object();
  for (const ReleasedField& field : header.fields) fields[field.field] = field.form;
  return fields;
}

absl::Status LogAnswer(Turn& turn, storage::ExchangeRecord& exchange, const ReleaseHeader& header,
                       const storage::MailboxRecord& content) {
  Json members = {{"fields", ReleasedFields(header)}};
  if (!content.transcryptions.empty()) members["transcryptions"] = content.transcryptions.size();
  SLUIS_ASSIGN_OR_RETURN(exchange.answer_leaf,
                         Log(turn, exchange,
                             ExchangeLeaf(turn, exchange, tlog::LeafKind::kAnswer,
                                          tlog::LeafOutcome::kAnswered, std::move(members))));
  return absl::OkStatus();
}

// CASE_CHANGE "promoted": the casus received a pseudonym of the weighing table (log.md B5).
absl::Status LogPromotion(Turn& turn, const storage::ExchangeRecord& exchange) {
  if (exchange.action != "promote") return absl::OkStatus();
  journal::LeafDraft draft = StructuralLeaf(turn, tlog::LeafKind::kCaseChange,
                                            {{"case", exchange.case_id.hex()},
                                             {"change", "promoted"},
                                             {"from", exchange.from_domain->hex()}});
  draft.parties = {exchange.recipient_desk};
  return turn.log.Append(std::move(draft)).status();
}

}  // namespace

storage::ExchangeRecord Relabelled(const storage::ExchangeRecord& exchange,
                                   const storage::CaseRecord& the_case, const std::string& regime,
                                   const std::string& subject_category) {
  storage::ExchangeRecord labelled = exchange;
  labelled.regime = regime;
  labelled.subject_category = subject_category;
  labelled.case_phase = the_case.phase;
  return labelled;
}

absl::Status CheckPermitted(const policy::Decision& decision) {
  if (decision.outcome == policy::Outcome::kPermitted) return absl::OkStatus();
  if (decision.outcome == policy::Outcome::kNeedsApproval) {
    std::vector<std::string> conditions;
    for (const auto& [condition, need] : decision.approvals_needed) {
      conditions.push_back(
          absl::StrFormat("%s: %d of %s", condition, need.k, absl::StrJoin(need.roles, ", ")));
    }
    return Error(ErrorCode::kPrecondition, "APPROVAL_MISSING",
                 "an approval is still needed (" + absl::StrJoin(conditions, "; ") + ")");
  }
  return Error(ErrorCode::kPrecondition, "ANSWER_EXCEEDS_DECISION",
               "with these labels the rules do not permit this answer",
               {{"outcome", std::string(policy::OutcomeName(decision.outcome))},
                {"rules", absl::StrJoin(decision.deciding_rules, ",")}});
}

absl::Status LogAct(Turn& turn, storage::ExchangeRecord& exchange, const Decided& decided,
                    const std::vector<storage::ApprovalRecord>& given) {
  exchange.decision = DecisionToJson(decided, turn.policy, turn.now);
  SLUIS_RETURN_IF_ERROR(LogApproval(turn, exchange, given));
  return Log(turn, exchange,
             ExchangeLeaf(turn, exchange, tlog::LeafKind::kDecision, OutcomeOf(decided.decision),
                          DecisionMembers(decided)))
      .status();
}

absl::StatusOr<AnswerOutcome> RefuseWhole(Turn& turn, storage::ExchangeRecord exchange,
                                          const Decided& decided, absl::Status why) {
  const policy::Decision& decision = decided.decision;
  journal::LeafDraft draft =
      ExchangeLeaf(turn, exchange, tlog::LeafKind::kDecision,
                   decision.outcome == policy::Outcome::kPermitted ? tlog::LeafOutcome::kInvalid
                                                                   : OutcomeOf(decision),
                   DecisionMembers(decided));
  draft.record["refused"] = ReasonOf(why);
  const auto metadata = DetailOf(why).metadata;
  if (const auto by = metadata.find("transcryptor"); by != metadata.end()) {
    draft.record["transcryptor"] = by->second;
  }
  SLUIS_RETURN_IF_ERROR(Log(turn, exchange, std::move(draft)).status());
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return AnswerOutcome{exchange.id, std::move(why)};
}

absl::Status HandOver(Turn& turn, storage::ExchangeRecord& exchange,
                      const policy::Decision& decision, const ReleaseHeader& header,
                      storage::MailboxRecord content) {
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kAnswer));
  SLUIS_ASSIGN_OR_RETURN(const absl::CivilDay last, AddPeriod(turn.now, decision.retention));
  exchange.retain_until = absl::FormatCivilTime(last);
  exchange.expire_time = turn.now + exchange.time_to_live;
  exchange.subject.reset();
  exchange.statement.clear();
  content.expire_time = exchange.expire_time;
  content.question.reset();
  SLUIS_RETURN_IF_ERROR(turn.store.PutMailbox(content));
  SLUIS_RETURN_IF_ERROR(LogAnswer(turn, exchange, header, content));
  if (decision.emergency) {
    SLUIS_RETURN_IF_ERROR(
        Log(turn, exchange,
            ExchangeLeaf(turn, exchange, tlog::LeafKind::kBreakGlass, tlog::LeafOutcome::kNone))
            .status());
  }
  SLUIS_RETURN_IF_ERROR(LogPromotion(turn, exchange));
  if (exchange.earlier) SLUIS_RETURN_IF_ERROR(RecallEarlier(turn, exchange));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return Notify(turn, exchange.recipient_desk,
                exchange.earlier ? InboxEvent::kRecall : InboxEvent::kDelivery, exchange.id);
}

}  // namespace sluis::exchange
