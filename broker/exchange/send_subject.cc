#include "broker/exchange/send_subject.h"

#include "broker/exchange/access.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/inquiry_answer.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/release_steps.h"
#include "broker/exchange/signed_requests.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/waiting.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::exchange {
namespace {

// What is decided about bringing the subject now.
struct Weighed {
  Decided decided;
  absl::Status allowed;  // or why it may not go
};

absl::StatusOr<Weighed> Weigh(const Turn& turn, storage::ExchangeRecord& exchange) {
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(turn.store, exchange));
  exchange.case_phase = the_case.phase;
  SLUIS_ASSIGN_OR_RETURN(Decided decided,
                         DecideOn(turn, exchange, the_case, {.approvals = exchange.approvals}));
  absl::Status allowed = MaySendSubject(turn, exchange, the_case, decided.decision)
                             ? absl::OkStatus()
                             : CheckPermitted(decided.decision);
  return Weighed{std::move(decided), std::move(allowed)};
}

// Rules that no longer know a word of the question let nothing go.
absl::StatusOr<Weighed> WeighLate(const Turn& turn, storage::ExchangeRecord& exchange) {
  absl::StatusOr<Weighed> weighed = Weigh(turn, exchange);
  if (weighed.ok() || !absl::IsInvalidArgument(weighed.status())) return weighed;
  Weighed none{{}, weighed.status()};
  none.decided.decision.outcome = policy::Outcome::kInvalid;
  return none;
}

// As the person may see it, remembered and logged.
absl::Status AsPrecondition(const absl::Status& status) {
  return Error(ErrorCode::kPrecondition, ReasonOf(status), MessageOf(status),
               DetailOf(status).metadata);
}

absl::StatusOr<AnswerOutcome> RefuseSubject(Turn& turn, storage::ExchangeRecord exchange,
                                            const Weighed& weighed, const absl::Status& why) {
  exchange.statement.clear();
  if (weighed.allowed.ok()) {
    SLUIS_RETURN_IF_ERROR(LetSend(turn, exchange, weighed.decided, /*needs_session=*/true));
  }
  return RefuseWhole(turn, std::move(exchange), weighed.decided, AsPrecondition(why));
}

absl::StatusOr<int> PositionsOf(const storage::QuestionRecord& question) {
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::SignedRequest request,
                         pseudonym::SignedRequest::Decode(question.signed_request));
  return static_cast<int>(request.items().size());
}

// From now on the provider has it.
absl::Status Keep(Turn& turn, storage::ExchangeRecord& exchange,
                  const storage::QuestionRecord& question) {
  SLUIS_ASSIGN_OR_RETURN(exchange.positions, PositionsOf(question));
  exchange.subject_sent = true;
  exchange.statement.clear();
  exchange.release_refusal.clear();
  exchange.expire_time = exchange.create_time + kQuestionLife;
  const Json members = {
      {"subject",
       {{"request", HexEncode(AsView(Sha256(question.signed_request)))},
        {"response", HexEncode(AsView(Sha256(question.transcryption->second.batch_response)))},
        {"items", exchange.positions}}}};
  SLUIS_RETURN_IF_ERROR(Log(turn, exchange,
                            ExchangeLeaf(turn, exchange, tlog::LeafKind::kDelivery,
                                         tlog::LeafOutcome::kDelivered, members))
                            .status());
  storage::MailboxRecord kept;
  kept.exchange = exchange.id;
  kept.expire_time = exchange.expire_time;
  kept.question = question;
  SLUIS_RETURN_IF_ERROR(turn.store.PutMailbox(kept));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  return Notify(turn, exchange.provider_desk, InboxEvent::kQuestion, exchange.id);
}

absl::Status LetWait(Turn& turn, storage::ExchangeRecord& exchange,
                     const storage::QuestionRecord& question, absl::Time until) {
  exchange.release_refusal.clear();
  SLUIS_RETURN_IF_ERROR(LetWaitForTranscryptor(turn, exchange, until));
  SLUIS_RETURN_IF_ERROR(turn.store.PutExchange(exchange));
  storage::MailboxRecord kept;
  kept.exchange = exchange.id;
  kept.expire_time = until;
  kept.question = question;
  return turn.store.PutMailbox(kept);
}

absl::Status CheckUnchanged(const Turn& turn, const storage::ExchangeRecord& exchange,
                            const SubjectToSend& sent) {
  const bool done = sent.question.transcryption || sent.wait_until || !sent.passage.ok();
  if (done && turn.directory.version() == sent.directory_version &&
      exchange.statement == sent.question.statement) {
    return absl::OkStatus();
  }
  return Error(ErrorCode::kAborted, "CONFLICTING_CHANGE",
               "the partner directory or the decision changed just now; try again");
}

// The keys or the epoch that it was checked with may have changed while it waited.
absl::Status CheckStillSigned(const Turn& turn, const storage::ExchangeRecord& exchange,
                              const storage::QuestionRecord& question, std::int64_t checked_with) {
  if (turn.directory.version() == checked_with) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::SignedRequest request,
                         pseudonym::SignedRequest::Decode(question.signed_request));
  return CheckSubjectStillSigned(request, exchange, turn.directory);
}

// Nothing of it was delivered and nothing is kept; the asker may sign again.
absl::Status GiveBack(Turn& turn, storage::ExchangeRecord exchange, const Weighed& weighed,
                      const absl::Status& why) {
  exchange.release_refusal = ReasonOf(why);
  exchange.expire_time = exchange.create_time + kQuestionLife;
  SLUIS_RETURN_IF_ERROR(turn.store.DeleteMailbox(exchange.id));
  const PartyId asker = exchange.owner;
  const ExchangeId id = exchange.id;
  SLUIS_RETURN_IF_ERROR(RefuseSubject(turn, std::move(exchange), weighed, why).status());
  return Notify(turn, asker, InboxEvent::kReleaseRefused, id);
}

}  // namespace

absl::StatusOr<AnswerOutcome> SendSubjectIn(Turn& turn, const SubjectToSend& sent) {
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord exchange,
                         AsOwner(turn.store, turn.caller, sent.exchange));
  SLUIS_RETURN_IF_ERROR(CheckAwaitsSubject(exchange));
  SLUIS_RETURN_IF_ERROR(CheckUnchanged(turn, exchange, sent));
  SLUIS_ASSIGN_OR_RETURN(const Weighed weighed, Weigh(turn, exchange));
  const absl::Status& refused = weighed.allowed.ok() ? sent.passage : weighed.allowed;
  if (!refused.ok()) return RefuseSubject(turn, std::move(exchange), weighed, refused);
  SLUIS_RETURN_IF_ERROR(sent.wait_until ? LetWait(turn, exchange, sent.question, *sent.wait_until)
                                        : Keep(turn, exchange, sent.question));
  return AnswerOutcome{exchange.id, absl::OkStatus()};
}

absl::Status FinishSubject(Turn& turn, storage::ExchangeRecord exchange, std::int64_t checked_with,
                           absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::QuestionRecord> question,
                         QuestionOf(turn.store, exchange.id));
  if (!question) {
    return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
                 "the subject of a question that waits is gone; call the operator");
  }
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kReady));
  SLUIS_ASSIGN_OR_RETURN(const Weighed weighed, WeighLate(turn, exchange));
  absl::Status allowed = passage.status();
  if (allowed.ok()) allowed = CheckStillSigned(turn, exchange, *question, checked_with);
  if (allowed.ok()) allowed = weighed.allowed;
  if (!allowed.ok()) return GiveBack(turn, std::move(exchange), weighed, allowed);

  question->transcryption = std::move(passage->front());
  SLUIS_RETURN_IF_ERROR(Keep(turn, exchange, *question));
  return Notify(turn, exchange.owner, InboxEvent::kConfirmed, exchange.id);
}

}  // namespace sluis::exchange
