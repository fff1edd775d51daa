#include "broker/exchange/answer_exchange.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "broker/exchange/access.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/decision_json.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/recall.h"
#include "broker/exchange/states.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

absl::Status Exceeds(const std::string& what) {
  return Error(ErrorCode::kPrecondition, "ANSWER_EXCEEDS_DECISION", what);
}

// The exchange as the provider labels it; its own words count from here on.
storage::ExchangeRecord Relabelled(const storage::ExchangeRecord& exchange,
                                   const storage::CaseRecord& the_case,
                                   const ReleaseHeader& header) {
  storage::ExchangeRecord labelled = exchange;
  labelled.regime = header.regime;
  labelled.subject_category = header.subject_category;
  labelled.case_phase = the_case.phase;
  return labelled;
}

absl::Status NotPermitted(const policy::Decision& decision) {
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

// Is `form` one that the field knows, and no more revealing than `permitted`?
bool IsAtMost(const policy::Pack& pack, const std::string& field, const std::string& form,
              const std::string& permitted) {
  const policy::Field* known = pack.FindField(field);
  if (known == nullptr) return false;
  if (std::find(known->forms.begin(), known->forms.end(), form) == known->forms.end()) return false;
  return pack.FormRank(form) <= pack.FormRank(permitted);
}

// Field by field: nothing that was not decided, nothing in a more revealing form.
absl::Status CheckAgainst(const policy::Pack& pack, const policy::Decision& decision,
                          const ReleaseHeader& header) {
  if (decision.outcome != policy::Outcome::kPermitted) return NotPermitted(decision);
  if (!header.signed_requests.empty()) {
    return Exceeds("third parties cannot be carried yet: no transcryptor is configured");
  }
  for (const ReleasedField& released : header.fields) {
    const auto permitted = decision.fields.find(released.field);
    if (permitted == decision.fields.end()) {
      return Exceeds(absl::StrFormat("field %s is not permitted; leave it out", released.field));
    }
    if (!IsAtMost(pack, released.field, released.form, permitted->second)) {
      return Exceeds(
          absl::StrFormat("field %s may leave as %s at most", released.field, permitted->second));
    }
    if (released.form == "pseudonym") {
      return Exceeds(absl::StrFormat(
          "field %s: no pseudonym can be made, no transcryptor is configured", released.field));
    }
  }
  return absl::OkStatus();
}

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

absl::Status LogDecision(Turn& turn, storage::ExchangeRecord& exchange,
                         const policy::Decision& decision) {
  return Log(turn, exchange,
             ExchangeLeaf(turn, exchange, tlog::LeafKind::kDecision, OutcomeOf(decision),
                          DecisionMembers(decision)))
      .status();
}

// The exchange keeps its state; only the log knows more.
absl::StatusOr<AnswerOutcome> RefuseWhole(Turn& turn, storage::ExchangeRecord exchange,
                                          const policy::Decision& decision, absl::Status why) {
  journal::LeafDraft draft =
      ExchangeLeaf(turn, exchange, tlog::LeafKind::kDecision,
                   decision.outcome == policy::Outcome::kPermitted ? tlog::LeafOutcome::kInvalid
                                                                   : OutcomeOf(decision),
                   DecisionMembers(decision));
  draft.record["refused"] = ReasonOf(why);
  SLUIS_RETURN_IF_ERROR(Log(turn, exchange, std::move(draft)).status());
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return AnswerOutcome{exchange.id, std::move(why)};
}

Json ReleasedFields(const ReleaseHeader& header) {
  Json fields = Json::object();
  for (const ReleasedField& field : header.fields) fields[field.field] = field.form;
  return fields;
}

// From now on the content waits for the recipient, and its term is known.
absl::Status Release(Turn& turn, storage::ExchangeRecord& exchange,
                     const policy::Decision& decision, const VerifiedRelease& release) {
  SLUIS_ASSIGN_OR_RETURN(const absl::CivilDay last, AddPeriod(turn.now, decision.retention));
  exchange.retain_until = absl::FormatCivilTime(last);
  exchange.expire_time = turn.now + exchange.time_to_live;
  exchange.subject.reset();
  storage::MailboxRecord content = release.content;
  content.expire_time = exchange.expire_time;
  SLUIS_RETURN_IF_ERROR(turn.store.PutMailbox(content));
  SLUIS_ASSIGN_OR_RETURN(
      exchange.answer_leaf,
      Log(turn, exchange,
          ExchangeLeaf(turn, exchange, tlog::LeafKind::kAnswer, tlog::LeafOutcome::kAnswered,
                       {{"fields", ReleasedFields(release.header)}})));
  if (!decision.emergency) return absl::OkStatus();
  return Log(turn, exchange,
             ExchangeLeaf(turn, exchange, tlog::LeafKind::kBreakGlass, tlog::LeafOutcome::kNone))
      .status();
}

// What the act of answering decides, and the approvals that it brings.
absl::StatusOr<policy::Decision> DecideAnswer(const View& view,
                                              const storage::ExchangeRecord& exchange,
                                              const storage::CaseRecord& the_case,
                                              DecisionInput& input,
                                              std::vector<storage::ApprovalRecord>& given) {
  given = ApprovalsOfAct(view, exchange, the_case);
  input.approvals.insert(input.approvals.end(), given.begin(), given.end());
  return DecideOn(view, exchange, the_case, input);
}

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> AnswerableIn(
    const View& view, const storage::ExchangeRecord& exchange) {
  std::map<std::string, std::string> none;
  if (exchange.provider_desk != view.caller.party) return none;
  if (!NextState(exchange.state, Verb::kAnswer).ok()) return none;
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(view.store, exchange));
  storage::ExchangeRecord asked = exchange;
  asked.case_phase = the_case.phase;
  DecisionInput input{.approvals = exchange.approvals};
  if (exchange.subject) input.subject_verified = exchange.subject->verified ? "yes" : "no";
  std::vector<storage::ApprovalRecord> given;
  absl::StatusOr<policy::Decision> decision = DecideAnswer(view, asked, the_case, input, given);
  // A pack that no longer knows a word of the question is no reason not to show it.
  if (absl::IsInvalidArgument(decision.status())) return none;
  SLUIS_RETURN_IF_ERROR(decision.status());
  if (decision->outcome != policy::Outcome::kPermitted) return none;
  return std::move(decision->fields);
}

absl::StatusOr<AnswerOutcome> AnswerIn(Turn& turn, const VerifiedRelease& release) {
  SLUIS_ASSIGN_OR_RETURN(const storage::ExchangeRecord asked,
                         AsProvider(turn.store, turn.caller, release.header.exchange));
  SLUIS_ASSIGN_OR_RETURN(const ExchangeState answered, NextState(asked.state, Verb::kAnswer));
  if (turn.directory.version() != release.directory_version) {
    return Error(ErrorCode::kAborted, "CONFLICTING_CHANGE",
                 "the partner directory changed just now; try again");
  }
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(turn.store, asked));
  storage::ExchangeRecord exchange = Relabelled(asked, the_case, release.header);

  DecisionInput input{.subject_verified = release.header.subject_verified ? "yes" : "no",
                      .approvals = exchange.approvals};
  std::vector<storage::ApprovalRecord> given;
  SLUIS_ASSIGN_OR_RETURN(const policy::Decision decision,
                         DecideAnswer(turn, exchange, the_case, input, given));
  if (absl::Status beyond = CheckAgainst(*turn.policy.pack, decision, release.header);
      !beyond.ok()) {
    return RefuseWhole(turn, asked, decision, std::move(beyond));
  }

  exchange.state = answered;
  exchange.approvals = input.approvals;
  exchange.decision = DecisionToJson(decision, turn.policy.digest, turn.now);
  SLUIS_RETURN_IF_ERROR(LogApproval(turn, exchange, given));
  SLUIS_RETURN_IF_ERROR(LogDecision(turn, exchange, decision));
  SLUIS_RETURN_IF_ERROR(Release(turn, exchange, decision, release));
  if (exchange.earlier) SLUIS_RETURN_IF_ERROR(RecallEarlier(turn, exchange));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  SLUIS_RETURN_IF_ERROR(Notify(turn, exchange.recipient_desk,
                               exchange.earlier ? InboxEvent::kRecall : InboxEvent::kDelivery,
                               exchange.id));
  return AnswerOutcome{exchange.id, absl::OkStatus()};
}

}  // namespace sluis::exchange
