// The acts of the service in which the transcryptors take part: what is asked of them first, and
// which turn notes it.
#include <algorithm>
#include <iterator>
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

// The times of those that carried it out, or what one said against it.
absl::StatusOr<std::vector<absl::Time>> TimesOf(const OrderOutcomes& outcomes) {
  std::vector<absl::Time> done;
  for (const absl::StatusOr<absl::Time>& outcome : outcomes) {
    if (outcome.ok()) done.push_back(*outcome);
    if (outcome.ok() || IsAway(outcome.status())) continue;
    const absl::Status told = pseudonym::ForSender(outcome.status());
    return Error(ErrorCode::kPrecondition, ReasonOf(told), MessageOf(told));
  }
  return done;
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
  // Before the transcryptors are given anything to do.
  SLUIS_RETURN_IF_ERROR(CheckAwaitsAnswer(exchange));

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
    return TakeAnswer(caller, stamp, std::move(sending->release), Entry::kFresh, std::move(reply));
  }
  Admit(caller, stamp,
        [this, caller, stamp, sending = std::make_shared<Sending>(*std::move(sending)),
         reply = std::move(reply)](const absl::StatusOr<bool>& repeat) {
          if (!repeat.ok()) return reply(repeat.status());
          if (!*repeat) return SendOut(caller, stamp, sending, reply);
          TakeAnswer(caller, stamp, std::move(sending->release), Entry::kAdmitted, reply);
        });
}

void Service::SendOut(const Caller& caller, const RequestStamp& stamp,
                      std::shared_ptr<Sending> sending, Reply<ExchangeResult> reply) {
  Transcribe(*options_.pseudonyms, sending->requests, sending->release.content.statement,
             [this, caller, stamp, sending, reply = std::move(reply)](
                 absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage) {
               TakePassage(caller, stamp, std::move(*sending), std::move(passage), reply);
             });
}

void Service::TakePassage(const Caller& caller, const RequestStamp& stamp, Sending sending,
                          absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage,
                          Reply<ExchangeResult> reply) {
  VerifiedRelease& release = sending.release;
  const auto refuse = [&](const absl::Status& why) {
    Abandon(caller, stamp);
    reply(why);
  };
  if (passage.ok()) {
    release.content.transcryptions = *std::move(passage);
  } else if (!IsAway(passage.status())) {
    release.passage = passage.status();
  } else {
    const auto statement = pseudonym::DecisionStatement::Verify(
        release.content.statement, options_.pseudonyms->decision_key.public_key());
    if (!statement.ok()) return refuse(statement.status());
    const absl::Time until = MayWaitUntil(sending.requests, *statement, clock_.Now());
    if (until <= clock_.Now()) return refuse(passage.status());
    release.wait_until = until;
  }
  TakeAnswer(caller, stamp, std::move(release), Entry::kAdmitted, std::move(reply));
}

void Service::TakeAnswer(const Caller& caller, const RequestStamp& stamp, VerifiedRelease release,
                         Entry entry, Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [release = std::move(release)](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_ASSIGN_OR_RETURN(AnswerOutcome outcome, AnswerIn(turn, release));
        return Outcome{outcome.exchange.hex(), std::move(outcome.refused)};
      },
      std::move(reply), entry);
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

absl::Status Service::RequireTranscryptors() const {
  if (options_.pseudonyms != nullptr) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "NO_TRANSCRYPTOR",
               "this broker has no transcryptors, so there are no pseudonyms here");
}

absl::StatusOr<SignedBytes> Service::CheckOrder(const Caller& caller,
                                                const PartyOrder& order) const {
  SLUIS_RETURN_IF_ERROR(RequireTranscryptors());
  SLUIS_RETURN_IF_ERROR(OwnParty(caller, order.parent));
  return SignedBytes{order.bytes, order.signature};
}

void Service::OpenSession(const Caller& caller, const RequestStamp& stamp, const PartyOrder& order,
                          Reply<SessionResult> reply) {
  const absl::StatusOr<SignedBytes> checked = CheckOrder(caller, order);
  if (!checked.ok()) return reply(checked.status());
  const SignedBytes& head_bytes = *checked;
  const absl::StatusOr<pseudonym::SessionHead> head =
      CheckSessionOrder(caller, head_bytes, *directories_.Current());
  if (!head.ok()) return reply(head.status());
  if (head->end <= head->issued) {
    return reply(
        Error(ErrorCode::kPrecondition, "E_LIFETIME", "a session must end after its issue"));
  }
  const auto take = [this, caller, stamp, head = *head, head_bytes,
                     reply](const absl::StatusOr<SessionHalves>& halves) {
    if (halves.ok()) return TakeSession(caller, stamp, head, head_bytes, *halves, reply);
    Abandon(caller, stamp);
    reply(halves.status());
  };
  Admit(caller, stamp, [this, head_bytes, take, reply](const absl::StatusOr<bool>& repeat) {
    if (!repeat.ok()) return reply(repeat.status());
    if (*repeat) return take(SessionHalves{});
    OpenAtBoth(*options_.pseudonyms, head_bytes, take);
  });
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
      },
      Entry::kAdmitted);
}

void Service::RevokeSession(const Caller& caller, const RequestStamp& stamp,
                            const PartyOrder& order, Reply<OrderResult> reply) {
  const absl::StatusOr<SignedBytes> checked = CheckOrder(caller, order);
  if (!checked.ok()) return reply(checked.status());
  const absl::StatusOr<pseudonym::SessionHead> head =
      CheckSessionOrder(caller, *checked, *directories_.Current());
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
  const absl::StatusOr<SignedBytes> checked = CheckOrder(caller, order);
  if (!checked.ok()) return reply(checked.status());
  if (absl::Status own = CheckShredOrder(caller, *checked); !own.ok()) return reply(own);
  PassOrder(caller, stamp, OrderKind::kShred, *checked, {}, std::move(reply));
}

void Service::PassOrder(const Caller& caller, const RequestStamp& stamp, OrderKind kind,
                        const SignedBytes& order, const Bytes& context, Reply<OrderResult> reply) {
  Take(
      caller, stamp,
      [kind, order, context](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(OrderIn(turn, kind, order, context));
        return Outcome{};
      },
      [](Turn&, const std::string&) { return absl::OkStatus(); },
      [this, caller, kind, order, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        CarryOut(caller, kind, order, std::move(settled->receipts), reply);
      });
}

// Also of a repeat: at the transcryptors the same order twice is the same order, and the answer
// says what has become of it.
void Service::CarryOut(const Caller& caller, OrderKind kind, const SignedBytes& order,
                       Receipts ordered, Reply<OrderResult> reply) {
  OrderBoth(*options_.pseudonyms, kind, order,
            [this, caller, kind, order, ordered = std::move(ordered),
             reply = std::move(reply)](const OrderOutcomes& outcomes) {
              TakeAfter(
                  caller,
                  [kind, order, outcomes](Turn& turn) {
                    return NoteOrderIn(turn, kind, order, outcomes);
                  },
                  [outcomes, ordered, reply](absl::StatusOr<Receipts> noted) {
                    if (!noted.ok()) return reply(noted.status());
                    absl::StatusOr<std::vector<absl::Time>> times = TimesOf(outcomes);
                    if (!times.ok()) return reply(times.status());
                    Receipts receipts = ordered;
                    std::move(noted->begin(), noted->end(), std::back_inserter(receipts));
                    reply(OrderResult{*std::move(times), std::move(receipts)});
                  });
            });
}

}  // namespace sluis::exchange
