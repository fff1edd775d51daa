#include "broker/exchange/finish_release.h"

#include "broker/exchange/access.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/inbox.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/release_steps.h"
#include "broker/exchange/states.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

// Nothing was delivered and nothing is kept of it; the provider may release again.
absl::Status GiveBack(Turn& turn, storage::ExchangeRecord& exchange,
                      const policy::Decision& decision, const absl::Status& why) {
  SLUIS_RETURN_IF_ERROR(LeaveQueue(turn, exchange));
  SLUIS_ASSIGN_OR_RETURN(exchange.state, NextState(exchange.state, Verb::kReady));
  exchange.statement.clear();
  exchange.release_refusal = ReasonOf(why);
  exchange.expire_time = exchange.create_time + kQuestionLife;
  SLUIS_RETURN_IF_ERROR(turn.store.DeleteMailbox(exchange.id));
  SLUIS_RETURN_IF_ERROR(RefuseWhole(turn, exchange, decision, why).status());
  return Notify(turn, exchange.provider_desk, InboxEvent::kReleaseRefused, exchange.id);
}

absl::StatusOr<storage::MailboxRecord> WaitingContent(Turn& turn, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::MailboxRecord> content, turn.store.FindMailbox(id));
  if (content) return *std::move(content);
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "the content of a release that waits is gone; call the operator");
}

}  // namespace

absl::Status FinishIn(Turn& turn, const ExchangeId& id,
                      absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ExchangeRecord> found, turn.store.FindExchange(id));
  if (!found || !WaitsFor(*found, QueueReason::kTranscryptor)) return absl::OkStatus();
  storage::ExchangeRecord exchange = *std::move(found);
  SLUIS_ASSIGN_OR_RETURN(storage::MailboxRecord content, WaitingContent(turn, id));
  SLUIS_ASSIGN_OR_RETURN(const ReleaseHeader header, ParseReleaseHeader(content.header));
  SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(turn.store, exchange));
  exchange.case_phase = the_case.phase;
  SLUIS_ASSIGN_OR_RETURN(const Decided decided,
                         DecideOn(turn, exchange, the_case,
                                  {.subject_verified = header.subject_verified ? "yes" : "no",
                                   .approvals = exchange.approvals}));
  absl::Status allowed = passage.status();
  if (allowed.ok()) allowed = CheckReleaseAgainst(turn, decided.decision, header);
  if (!allowed.ok()) return GiveBack(turn, exchange, decided.decision, allowed);

  content.transcryptions = *std::move(passage);
  SLUIS_RETURN_IF_ERROR(LogAct(turn, exchange, decided.decision, {}));
  SLUIS_RETURN_IF_ERROR(HandOver(turn, exchange, decided.decision, header, std::move(content)));
  return Notify(turn, exchange.provider_desk, InboxEvent::kConfirmed, id);
}

}  // namespace sluis::exchange
