#include "broker/exchange/finish_release.h"

#include "broker/exchange/access.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/errands.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/inquiry_answer.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/release.h"
#include "broker/exchange/release_steps.h"
#include "broker/exchange/send_subject.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

// The releaser acted earlier, and the leaves say so.
class LateSink : public journal::LeafSink {
 public:
  explicit LateSink(journal::LeafSink& sink) : sink_(sink) {}
  absl::StatusOr<std::uint64_t> Append(journal::LeafDraft draft) override {
    draft.record["late"] = true;
    return sink_.Append(std::move(draft));
  }

 private:
  journal::LeafSink& sink_;
};

// The provider may still answer, so what he was asked stays.
absl::Status KeepOnlyQuestion(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::QuestionRecord> question,
                         QuestionOf(turn.store, id));
  if (!question) return turn.store.DeleteMailbox(id);
  storage::MailboxRecord kept;
  kept.exchange = id;
  kept.question = std::move(question);
  return turn.store.PutMailbox(kept);
}

// Nothing was delivered and nothing is kept of it; the provider may release again.
absl::Status GiveBack(Turn& turn, storage::ExchangeRecord& exchange, const Decided& decided,
                      const absl::Status& why) {
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kReady));
  exchange.statement.clear();
  exchange.release_refusal = ReasonOf(why);
  exchange.expire_time = exchange.create_time + kQuestionLife;
  SLUIS_RETURN_IF_ERROR(KeepOnlyQuestion(turn, exchange.id));
  SLUIS_RETURN_IF_ERROR(RefuseWhole(turn, exchange, decided, why).status());
  return Notify(turn, exchange.provider_desk, InboxEvent::kReleaseRefused, exchange.id);
}

absl::StatusOr<storage::MailboxRecord> WaitingContent(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::MailboxRecord> content, turn.store.FindMailbox(id));
  if (content) return *std::move(content);
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "the content of a release that waits is gone; call the operator");
}

// The keys that it was checked with may have changed, or a desk may have left, while it waited.
absl::Status CheckStillSigned(const Turn& turn, const storage::ExchangeRecord& exchange,
                              const storage::MailboxRecord& content, std::int64_t checked_with) {
  if (turn.directory.version() == checked_with) return absl::OkStatus();
  const Answer answer{.exchange = exchange.id,
                      .header = content.header,
                      .signature = content.signature,
                      .sealed_fields = content.sealed_fields,
                      .signed_requests = content.signed_requests};
  return VerifyRelease(answer, exchange, turn.directory).status();
}

// What no longer can be decided, because the rules changed, is refused like what is not permitted.
absl::StatusOr<Decided> DecideLate(Turn& turn, const storage::ExchangeRecord& exchange,
                                   const storage::CaseRecord& the_case, const ReleaseHeader& header,
                                   absl::Status& allowed) {
  absl::StatusOr<Decided> decided =
      DecideOn(turn, exchange, the_case,
               {.subject_verified = header.subject_verified ? "yes" : "no",
                .approvals = exchange.approvals});
  if (decided.ok()) {
    if (allowed.ok()) allowed = CheckReleaseAgainst(turn, decided->decision, header);
    return decided;
  }
  if (!absl::IsInvalidArgument(decided.status())) return decided.status();
  allowed = decided.status();
  return Decided{};  // INVALID
}

absl::Status FinishLate(Turn& turn, storage::ExchangeRecord exchange, std::int64_t checked_with,
                        absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage) {
  SLUIS_ASSIGN_OR_RETURN(storage::MailboxRecord content, WaitingContent(turn, exchange.id));
  SLUIS_ASSIGN_OR_RETURN(const ReleaseHeader header, ParseReleaseHeader(content.header));
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(turn.store, exchange));
  exchange.case_phase = the_case.phase;
  absl::Status allowed = passage.status();
  if (allowed.ok()) allowed = CheckStillSigned(turn, exchange, content, checked_with);
  SLUIS_ASSIGN_OR_RETURN(const Decided decided,
                         DecideLate(turn, exchange, the_case, header, allowed));
  const policy::Decision& decision = decided.decision;
  if (!allowed.ok()) return GiveBack(turn, exchange, decided, allowed);

  content.transcryptions = *std::move(passage);
  SLUIS_RETURN_IF_ERROR(LogAct(turn, exchange, decided, {}));
  SLUIS_RETURN_IF_ERROR(HandOver(turn, exchange, decision, header, std::move(content)));
  return Notify(turn, exchange.provider_desk, InboxEvent::kConfirmed, exchange.id);
}

}  // namespace

absl::Status FinishIn(Turn& turn, const storage::ErrandRecord& trip,
                      absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage) {
  SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ExchangeId::Parse(trip.id));
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ExchangeRecord> found, turn.store.FindExchange(id));
  if (!found || !WaitsFor(*found, QueueReason::kTranscryptor)) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const Releaser releaser, ReleaserOf(trip));
  LateSink log(turn.log);
  Turn late{turn.store,     log,      releaser.caller, turn.policy,
            turn.directory, turn.now, turn.pseudonyms};
  const std::int64_t checked_with = releaser.directory_version;
  SLUIS_RETURN_IF_ERROR(
      AwaitsSubject(*found)
          ? FinishSubject(late, *std::move(found), checked_with, std::move(passage))
          : FinishLate(late, *std::move(found), checked_with, std::move(passage)));
  turn.told.merge(late.told);
  turn.errands = turn.errands || late.errands;
  return absl::OkStatus();
}

}  // namespace sluis::exchange
