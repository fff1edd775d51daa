// The acts of the service in which the transcryptors take part: what is asked of them first, and
// which turn notes it.
#include <utility>

#include "broker/exchange/access.h"
#include "broker/exchange/answer_exchange.h"
#include "broker/exchange/arrangements.h"
#include "broker/exchange/party_orders.h"
#include "broker/exchange/prepare_answer.h"
#include "broker/exchange/release.h"
#include "broker/exchange/service.h"
#include "broker/exchange/sessions.h"
#include "broker/exchange/signed_requests.h"
#include "broker/exchange/transcribe.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::exchange {
namespace {

absl::Status NoTranscryptors() {
  return Error(ErrorCode::kPrecondition, "NO_TRANSCRYPTOR",
               "this broker has no transcryptors, so there are no pseudonyms here");
}

}  // namespace

// A release on its way from the caller to its turn.
struct Service::Sending {
  VerifiedRelease release;
  std::vector<pseudonym::SignedRequest> requests;  // those that the transcryptors are to pass on
};

absl::StatusOr<bool> Service::IsRepeat(storage::Reader& reader, const Caller& caller,
                                       const RequestStamp& stamp) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::RequestRecord> used,
                         reader.FindRequest({caller.party.oin, stamp.method, stamp.request_id}));
  return used.has_value();
}

absl::StatusOr<Service::Sending> Service::CheckAnswer(const Caller& caller,
                                                      const RequestStamp& stamp,
                                                      const Answer& answer) {
  SLUIS_RETURN_IF_ERROR(RequireMultiFactor(caller));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(const storage::ExchangeRecord exchange,
                         AsProvider(*reader, caller, answer.exchange));
  const std::shared_ptr<const identity::Directory> directory = directories_.Current();
  Sending sending;
  SLUIS_ASSIGN_OR_RETURN(sending.release, VerifyRelease(answer, exchange, *directory));
  if (answer.signed_requests.empty() || options_.pseudonyms == nullptr) return sending;
  SLUIS_ASSIGN_OR_RETURN(const bool repeat, IsRepeat(*reader, caller, stamp));
  if (repeat) return sending;

  const PolicyInForce policy = policies_.Current();
  RequestSurroundings surroundings{
      *options_.pseudonyms, *directory, policy.digest, {}, clock_.Now()};
  SLUIS_ASSIGN_OR_RETURN(surroundings.live_contexts,
                         LiveContexts(*reader, exchange.recipient_desk, surroundings.now));
  sending.release.content.statement = exchange.statement;
  auto requests = CheckSignedRequests(sending.release, exchange, surroundings);
  sending.release.passage = requests.status();
  if (requests.ok()) sending.requests = *std::move(requests);
  return sending;
}

void Service::AnswerOne(const Caller& caller, const RequestStamp& stamp, const Answer& answer,
                        Reply<ExchangeResult> reply) {
  absl::StatusOr<Sending> sending = CheckAnswer(caller, stamp, answer);
  if (!sending.ok()) return reply(sending.status());
  if (sending->requests.empty()) {
    return TakeAnswer(caller, stamp, std::move(sending->release), std::move(reply));
  }
  const Bytes statement = sending->release.content.statement;
  const std::vector<pseudonym::SignedRequest> requests = sending->requests;
  Transcribe(*options_.pseudonyms, requests, statement,
             [this, caller, stamp, sending = *std::move(sending), reply = std::move(reply)](
                 absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage) mutable {
               TakePassage(caller, stamp, std::move(sending), std::move(passage), std::move(reply));
             });
}

void Service::TakePassage(const Caller& caller, const RequestStamp& stamp, Sending sending,
                          absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage,
                          Reply<ExchangeResult> reply) {
  VerifiedRelease& release = sending.release;
  if (passage.ok()) {
    release.content.transcryptions = *std::move(passage);
  } else if (!IsAway(passage.status())) {
    release.passage = passage.status();
  } else {
    const auto statement = pseudonym::DecisionStatement::Verify(
        release.content.statement, options_.pseudonyms->decision_key.public_key());
    if (!statement.ok()) return reply(statement.status());
    const absl::Time until = MayWaitUntil(sending.requests, *statement, clock_.Now());
    if (until <= clock_.Now()) return reply(passage.status());
    release.wait_until = until;
  }
  TakeAnswer(caller, stamp, std::move(release), std::move(reply));
}

void Service::TakeAnswer(const Caller& caller, const RequestStamp& stamp, VerifiedRelease release,
                         Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [release = std::move(release)](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_ASSIGN_OR_RETURN(AnswerOutcome outcome, AnswerIn(turn, release));
        return Outcome{outcome.exchange.hex(), std::move(outcome.refused)};
      },
      std::move(reply));
}

void Service::PrepareOne(const Caller& caller, const RequestStamp& stamp, Prepare prepare,
                         Reply<ExchangeResult> reply) {
  if (absl::Status strong = RequireMultiFactor(caller); !strong.ok()) return reply(strong);
  TakeOnExchange(
      caller, stamp,
      [prepare = std::move(prepare)](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_ASSIGN_OR_RETURN(AnswerOutcome outcome, PrepareIn(turn, prepare));
        return Outcome{outcome.exchange.hex(), std::move(outcome.refused)};
      },
      std::move(reply));
}

absl::StatusOr<Service::CheckedOrder> Service::CheckOrder(const Caller& caller,
                                                          const RequestStamp& stamp,
                                                          const PartyOrder& order) {
  if (options_.pseudonyms == nullptr) return NoTranscryptors();
  SLUIS_RETURN_IF_ERROR(OwnParty(caller, order.parent));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(const bool repeat, IsRepeat(*reader, caller, stamp));
  return CheckedOrder{{order.bytes, order.signature}, repeat};
}

void Service::OpenSession(const Caller& caller, const RequestStamp& stamp, const PartyOrder& order,
                          Reply<SessionResult> reply) {
  const absl::StatusOr<CheckedOrder> checked = CheckOrder(caller, stamp, order);
  if (!checked.ok()) return reply(checked.status());
  const SignedBytes head_bytes = checked->order;
  const absl::StatusOr<pseudonym::SessionHead> head =
      CheckSessionOrder(caller, head_bytes, *directories_.Current());
  if (!head.ok()) return reply(head.status());
  if (head->end <= head->issued) {
    return reply(
        Error(ErrorCode::kPrecondition, "E_LIFETIME", "a session must end after its issue"));
  }
  const auto take = [this, caller, stamp, head = *head, head_bytes,
                     reply](const absl::StatusOr<SessionHalves>& halves) {
    if (!halves.ok()) return reply(halves.status());
    TakeSession(caller, stamp, head, head_bytes, *halves, reply);
  };
  if (checked->repeat) return take(SessionHalves{});
  OpenAtBoth(*options_.pseudonyms, head_bytes, take);
}

void Service::TakeSession(const Caller& caller, const RequestStamp& stamp,
                          const pseudonym::SessionHead& head, const SignedBytes& order,
                          const SessionHalves& halves, Reply<SessionResult> reply) {
  Take(
      caller, stamp,
      [head, order, halves](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(NoteSessionIn(turn, head, order));
        return Outcome{HalvesToText(halves), absl::OkStatus()};
      },
      [](Turn&, const std::string&) { return absl::OkStatus(); },
      [head, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        absl::StatusOr<SessionHalves> kept = HalvesFromText(settled->answer);
        if (!kept.ok()) return reply(kept.status());
        reply(SessionResult{head.context, *std::move(kept),
                            absl::FromUnixSeconds(static_cast<std::int64_t>(head.end)),
                            std::move(settled->receipts)});
      });
}

void Service::RevokeSession(const Caller& caller, const RequestStamp& stamp,
                            const PartyOrder& order, Reply<OrderResult> reply) {
  const absl::StatusOr<CheckedOrder> checked = CheckOrder(caller, stamp, order);
  if (!checked.ok()) return reply(checked.status());
  const absl::StatusOr<pseudonym::SessionHead> head =
      CheckSessionOrder(caller, checked->order, *directories_.Current());
  if (!head.ok()) return reply(head.status());
  if (head->end != head->issued) {
    return reply(Error(ErrorCode::kPrecondition, "E_LIFETIME",
                       "a revocation is a session head whose end is its issue"));
  }
  PassOrder(caller, stamp, OrderKind::kRevoke, *checked, head->context, std::move(reply));
}

void Service::ShredDomain(const Caller& caller, const RequestStamp& stamp, const PartyOrder& order,
                          Reply<OrderResult> reply) {
  if (absl::Status strong = RequireMultiFactor(caller); !strong.ok()) return reply(strong);
  const absl::StatusOr<CheckedOrder> checked = CheckOrder(caller, stamp, order);
  if (!checked.ok()) return reply(checked.status());
  if (absl::Status own = CheckShredOrder(caller, checked->order); !own.ok()) return reply(own);
  PassOrder(caller, stamp, OrderKind::kShred, *checked, {}, std::move(reply));
}

void Service::PassOrder(const Caller& caller, const RequestStamp& stamp, OrderKind kind,
                        const CheckedOrder& checked, const Bytes& context,
                        Reply<OrderResult> reply) {
  const auto take = [this, caller, stamp, kind, order = checked.order, context,
                     reply = std::move(reply)](const OrderOutcomes& outcomes) {
    Take(
        caller, stamp,
        [kind, order, context, outcomes](Turn& turn) -> absl::StatusOr<Outcome> {
          SLUIS_RETURN_IF_ERROR(NoteOrderIn(turn, kind, order, context, outcomes));
          return OutcomeOfOrder(outcomes);
        },
        [](Turn&, const std::string&) { return absl::OkStatus(); },
        [reply](absl::StatusOr<Settled> settled) {
          if (!settled.ok()) return reply(settled.status());
          absl::StatusOr<std::vector<absl::Time>> times = TimesFromText(settled->answer);
          if (!times.ok()) return reply(times.status());
          reply(OrderResult{*std::move(times), std::move(settled->receipts)});
        });
  };
  if (checked.repeat) return take({absl::UnixEpoch(), absl::UnixEpoch()});
  OrderBoth(*options_.pseudonyms, kind, checked.order, take);
}

Service::Outcome Service::OutcomeOfOrder(const OrderOutcomes& outcomes) {
  std::vector<absl::Time> done;
  absl::Status refused;
  for (const absl::StatusOr<absl::Time>& outcome : outcomes) {
    if (outcome.ok()) done.push_back(*outcome);
    if (outcome.ok() || IsAway(outcome.status()) || !refused.ok()) continue;
    const absl::Status told = pseudonym::ForSender(outcome.status());
    refused = Error(ErrorCode::kPrecondition, ReasonOf(told), MessageOf(told));
  }
  return {TimesToText(done), refused};
}

}  // namespace sluis::exchange
