#include "broker/exchange/answer_exchange.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "broker/exchange/access.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/inquiry_answer.h"
#include "broker/exchange/release_steps.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

constexpr char kPseudonym[] = "pseudonym";

absl::Status Exceeds(const std::string& what) {
  return Error(ErrorCode::kPrecondition, "ANSWER_EXCEEDS_DECISION", what);
}

// Is `form` one that the field knows, and no more revealing than `permitted`?
bool IsAtMost(const policy::Pack& pack, const std::string& field, const std::string& form,
              const std::string& permitted) {
  const policy::Field* known = pack.FindField(field);
  if (known == nullptr) return false;
  if (std::find(known->forms.begin(), known->forms.end(), form) == known->forms.end()) return false;
  return pack.FormRank(form) <= pack.FormRank(permitted);
}

// A reference to somebody stands only in fields that may say at least as much as a pseudonym does,
// and a pseudonym only where a signed request brings it.
absl::Status CheckReferences(const Turn& turn, const ReleaseHeader& header) {
  const bool brings = !header.signed_requests.empty();
  if (brings && turn.pseudonyms == nullptr) {
    return Exceeds("third parties cannot be carried: no transcryptor is configured");
  }
  const int lowest = turn.policy.pack->FormRank(kPseudonym);
  bool may_refer = false;
  for (const ReleasedField& released : header.fields) {
    may_refer = may_refer || turn.policy.pack->FormRank(released.form) >= lowest;
    if (released.form != kPseudonym || brings) continue;
    const std::string_view why = turn.pseudonyms == nullptr
                                     ? "no pseudonym can be made, no transcryptor is configured"
                                     : "a pseudonym needs a signed request; send one with it";
    return Exceeds(absl::StrFormat("field %s: %s", released.field, why));
  }
  if (!brings || may_refer) return absl::OkStatus();
  return Exceeds("no field of this answer may name anybody; leave the signed requests out");
}

// A refused passage as a refusal that is logged and remembered.
absl::Status AsPrecondition(const absl::Status& status) {
  return Error(ErrorCode::kPrecondition, ReasonOf(status), MessageOf(status),
               DetailOf(status).metadata);
}

// What was checked before the turn still holds, and whatever refers to somebody was transcribed or
// will be.
absl::Status CheckUnchanged(const Turn& turn, const storage::ExchangeRecord& asked,
                            const VerifiedRelease& release) {
  const storage::MailboxRecord& content = release.content;
  const bool passed = content.transcryptions.size() == content.signed_requests.size() ||
                      release.wait_until || !release.passage.ok() || turn.pseudonyms == nullptr;
  const bool same_statement = content.signed_requests.empty() || turn.pseudonyms == nullptr ||
                              content.statement == asked.statement;
  if (turn.directory.version() == release.directory_version && same_statement && passed) {
    return absl::OkStatus();
  }
  return Error(ErrorCode::kAborted, "CONFLICTING_CHANGE",
               "the partner directory or the decision changed just now; try again");
}

}  // namespace

absl::Status CheckReleaseAgainst(const Turn& turn, const policy::Decision& decision,
                                 const ReleaseHeader& header) {
  SLUIS_RETURN_IF_ERROR(CheckPermitted(decision));
  for (const ReleasedField& released : header.fields) {
    const auto permitted = decision.fields.find(released.field);
    if (permitted == decision.fields.end()) {
      return Exceeds(absl::StrFormat("field %s is not permitted; leave it out", released.field));
    }
    if (!IsAtMost(*turn.policy.pack, released.field, released.form, permitted->second)) {
      return Exceeds(
          absl::StrFormat("field %s may leave as %s at most", released.field, permitted->second));
    }
  }
  return CheckReferences(turn, header);
}

absl::StatusOr<std::map<std::string, std::string>> AnswerableIn(
    const View& view, const storage::ExchangeRecord& exchange) {
  std::map<std::string, std::string> none;
  if (exchange.provider_desk != view.caller.party) return none;
  if (!NextState(exchange.state, Verb::kAnswer).ok() || AwaitsSubject(exchange)) return none;
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(view.store, exchange));
  storage::ExchangeRecord asked = exchange;
  asked.case_phase = the_case.phase;
  DecisionInput input{.approvals =
                          WithApprovals(exchange.approvals, ApprovalsOfAct(view, asked, the_case))};
  if (exchange.subject) input.subject_verified = exchange.subject->verified ? "yes" : "no";
  absl::StatusOr<Decided> decided = DecideOn(view, asked, the_case, input);
  // A pack that no longer knows a word of the question is no reason not to show it.
  // And nothing may leave under one that is too old.
  if (absl::IsInvalidArgument(decided.status()) || IsStale(decided.status())) return none;
  SLUIS_RETURN_IF_ERROR(decided.status());
  if (decided->decision.outcome != policy::Outcome::kPermitted) return none;
  return std::move(decided->decision.fields);
}

absl::Status CheckAwaitsAnswer(const storage::ExchangeRecord& exchange) {
  SLUIS_RETURN_IF_ERROR(NextState(exchange.state, Verb::kAnswer).status());
  SLUIS_RETURN_IF_ERROR(CheckSubjectSent(exchange));
  if (!WaitsFor(exchange, QueueReason::kTranscryptor)) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
               "an answer was released already and is on its way; it goes on by itself");
}

absl::StatusOr<AnswerOutcome> AnswerIn(Turn& turn, const VerifiedRelease& release) {
  SLUIS_ASSIGN_OR_RETURN(const storage::ExchangeRecord asked,
                         AsProvider(turn.store, turn.caller, release.header.exchange));
  SLUIS_RETURN_IF_ERROR(CheckAwaitsAnswer(asked));
  SLUIS_RETURN_IF_ERROR(CheckUnchanged(turn, asked, release));
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(turn.store, asked));
  storage::ExchangeRecord exchange =
      Relabelled(asked, the_case, release.header.regime, release.header.subject_category);

  const std::vector<storage::ApprovalRecord> given = ApprovalsOfAct(turn, exchange, the_case);
  const DecisionInput input{.subject_verified = release.header.subject_verified ? "yes" : "no",
                            .approvals = WithApprovals(exchange.approvals, given)};
  SLUIS_ASSIGN_OR_RETURN(const Decided decided, DecideOn(turn, exchange, the_case, input));
  absl::Status beyond = CheckInquiryAnswer(asked, release);
  if (beyond.ok()) beyond = CheckReleaseAgainst(turn, decided.decision, release.header);
  if (!beyond.ok()) {
    return RefuseWhole(turn, asked, decided, std::move(beyond));
  }
  if (!release.passage.ok()) {
    return RefuseWhole(turn, asked, decided, AsPrecondition(release.passage));
  }

  exchange.approvals = input.approvals;
  exchange.release_refusal.clear();
  SLUIS_RETURN_IF_ERROR(LogAct(turn, exchange, decided, given));
  if (!release.wait_until) {
    SLUIS_RETURN_IF_ERROR(
        HandOver(turn, exchange, decided.decision, release.header, release.content));
    return AnswerOutcome{exchange.id, absl::OkStatus()};
  }
  // A transcryptor is away: the release is kept whole, and goes on by itself.
  SLUIS_RETURN_IF_ERROR(LetWaitForTranscryptor(turn, exchange, *release.wait_until));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  storage::MailboxRecord content = release.content;
  content.expire_time = *release.wait_until;
  SLUIS_ASSIGN_OR_RETURN(content.question, QuestionOf(turn.store, exchange.id));
  SLUIS_RETURN_IF_ERROR(turn.store.PutMailbox(content));
  return AnswerOutcome{exchange.id, absl::OkStatus()};
}

}  // namespace sluis::exchange
