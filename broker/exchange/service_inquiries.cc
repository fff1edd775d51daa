// The acts of the service around hit and no-hit: many questions at once, their subjects, recorded
// hits, and the registers in which subjects are looked up.
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "broker/exchange/access.h"
#include "broker/exchange/create_exchange.h"
#include "broker/exchange/enrolments.h"
#include "broker/exchange/exchange_result.h"
#include "broker/exchange/record_hit.h"
#include "broker/exchange/release.h"
#include "broker/exchange/send_subject.h"
#include "broker/exchange/service.h"
#include "broker/exchange/sessions.h"
#include "broker/exchange/signed_requests.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/transcribe.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"

namespace sluis::exchange {
namespace {

// What is wrong with one of many, under its own path.
absl::Status OfOne(std::size_t index, const absl::Status& status) {
  ErrorDetail detail = DetailOf(status);
  if (!absl::IsInvalidArgument(status) || detail.violations.empty()) return status;
  constexpr std::string_view kOne = "exchange";
  for (FieldViolation& violation : detail.violations) {
    if (!violation.field.starts_with(kOne)) continue;
    violation.field =
        absl::StrFormat("exchanges[%d]%s", index, violation.field.substr(kOne.size()));
  }
  return InvalidFields(detail.reason, std::move(detail.violations));
}

absl::Status CheckSubjects(std::vector<CreateExchange>& asks, const PartyId& asker,
                           const std::string& request_id, const identity::Directory& directory) {
  for (std::size_t i = 0; i < asks.size(); ++i) {
    if (!asks[i].subject) continue;
    SLUIS_RETURN_IF_ERROR(OfOne(i, VerifySubject(asks[i], asker, request_id, directory)));
    asks[i].subject->request_id = request_id;
  }
  return absl::OkStatus();
}

std::vector<ExchangeId> DrawIds(std::size_t count) {
  std::vector<ExchangeId> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(ExchangeId::FromBytes(RandomArray<16>()));
  return ids;
}

// Their ids with a slash between: the last one says how long the store remembers the request.
std::string AnswerOf(const std::vector<ExchangeId>& ids) {
  return absl::StrJoin(ids, "/",
                       [](std::string* out, const ExchangeId& id) { out->append(id.hex()); });
}

// Each gets the receipts of the leaves that were made for it: from its first one to that of the
// next.
void ShareReceipts(const Receipts& receipts, std::vector<ExchangeResult>& results) {
  for (const journal::CommittedLeaf& receipt : receipts) {
    std::size_t of = 0;
    while (of + 1 < results.size() && results[of + 1].exchange.leaves.front() <= receipt.index) {
      ++of;
    }
    results[of].receipts.push_back(receipt);
  }
}

}  // namespace

void Service::CreateMany(const Caller& caller, const RequestStamp& stamp,
                         std::vector<CreateExchange> asks,
                         Reply<std::vector<ExchangeResult>> reply) {
  const absl::Status genuine =
      CheckSubjects(asks, caller.party, stamp.request_id, *directories_.Current());
  if (!genuine.ok()) return reply(genuine);
  auto results = std::make_shared<std::vector<ExchangeResult>>();
  std::vector<ExchangeId> ids = DrawIds(asks.size());
  Take(
      caller, stamp,
      [asks = std::move(asks), ids = std::move(ids)](Turn& turn) -> absl::StatusOr<Outcome> {
        for (std::size_t i = 0; i < asks.size(); ++i) {
          SLUIS_RETURN_IF_ERROR(OfOne(i, CreateIn(turn, asks[i], ids[i]).status()));
        }
        return Outcome{AnswerOf(ids), absl::OkStatus()};
      },
      [this, results](Turn& turn, const std::string& answer) -> absl::Status {
        results->clear();
        for (const absl::string_view text : absl::StrSplit(answer, '/')) {
          SLUIS_ASSIGN_OR_RETURN(const ExchangeId id,
                                 ExchangeId::Parse(std::string_view(text.data(), text.size())));
          SLUIS_ASSIGN_OR_RETURN(ExchangeResult result, LoadResult(turn.store, id));
          SLUIS_RETURN_IF_ERROR(ShowTo(turn.caller, turn.store, result));
          results->push_back(std::move(result));
        }
        return absl::OkStatus();
      },
      [results, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        ShareReceipts(settled->receipts, *results);
        reply(std::move(*results));
      });
}

absl::StatusOr<SubjectToSend> Service::CheckSubject(const Caller& caller, const RequestStamp& stamp,
                                                    const SendSubject& send) {
  SLUIS_RETURN_IF_ERROR(RequireTranscryptors());
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(const storage::ExchangeRecord exchange,
                         AsOwner(*reader, caller, send.exchange));
  SubjectToSend sent;
  sent.exchange = send.exchange;
  SLUIS_ASSIGN_OR_RETURN(const bool repeat, IsRepeat(*reader, caller, stamp));
  if (repeat) return sent;
  SLUIS_RETURN_IF_ERROR(CheckAwaitsSubject(exchange));

  const std::shared_ptr<const identity::Directory> directory = directories_.Current();
  const PolicyInForce policy = policies_.Current();
  RequestSurroundings surroundings{
      *options_.pseudonyms, *directory, policy.digest, {}, clock_.Now()};
  SLUIS_ASSIGN_OR_RETURN(surroundings.live_contexts,
                         LiveContexts(*reader, exchange.provider_desk, surroundings.now));
  sent.directory_version = directory->version();
  sent.question = {send.signed_request, exchange.statement, std::nullopt};
  auto request = CheckSubjectRequest(send.signed_request, exchange, surroundings);
  sent.passage = request.status();
  if (request.ok()) sent.request = *std::move(request);
  return sent;
}

void Service::BringSubject(const Caller& caller, const RequestStamp& stamp, const SendSubject& send,
                           Reply<ExchangeResult> reply) {
  absl::StatusOr<SubjectToSend> sent = CheckSubject(caller, stamp, send);
  if (!sent.ok()) return reply(sent.status());
  if (!sent->request) return TakeSubject(caller, stamp, *sent, Entry::kFresh, std::move(reply));
  Admit(caller, stamp,
        [this, caller, stamp, sent = std::make_shared<SubjectToSend>(*std::move(sent)),
         reply = std::move(reply)](const absl::StatusOr<bool>& repeat) {
          if (!repeat.ok()) return reply(repeat.status());
          if (!*repeat) return SendSubjectOut(caller, stamp, sent, reply);
          TakeSubject(caller, stamp, *sent, Entry::kAdmitted, reply);
        });
}

void Service::SendSubjectOut(const Caller& caller, const RequestStamp& stamp,
                             std::shared_ptr<SubjectToSend> sent, Reply<ExchangeResult> reply) {
  using Passage = std::vector<storage::TranscryptionRecord>;
  const auto take = [this, caller, stamp, sent,
                     reply = std::move(reply)](absl::StatusOr<Passage> passage) {
    const auto refuse = [&](const absl::Status& why) {
      Abandon(caller, stamp);
      reply(why);
    };
    if (passage.ok()) {
      sent->question.transcryption = std::move(passage->front());
    } else if (!IsAway(passage.status())) {
      sent->passage = passage.status();
    } else {
      const auto statement = pseudonym::DecisionStatement::Verify(
          sent->question.statement, options_.pseudonyms->decision_key.public_key());
      if (!statement.ok()) return refuse(statement.status());
      const absl::Time until = MayWaitUntil({*sent->request}, *statement, clock_.Now());
      if (until <= clock_.Now()) return refuse(passage.status());
      sent->wait_until = until;
    }
    TakeSubject(caller, stamp, *sent, Entry::kAdmitted, reply);
  };
  Transcribe(*options_.pseudonyms, {*sent->request}, sent->question.statement, take);
}

void Service::TakeSubject(const Caller& caller, const RequestStamp& stamp,
                          const SubjectToSend& sent, Entry entry, Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [sent](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_ASSIGN_OR_RETURN(AnswerOutcome outcome, SendSubjectIn(turn, sent));
        return Outcome{outcome.exchange.hex(), std::move(outcome.refused)};
      },
      std::move(reply), entry);
}

void Service::NoteHit(const Caller& caller, const RequestStamp& stamp, RecordHit hit,
                      Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [hit = std::move(hit)](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, RecordHitIn(turn, hit));
        return Outcome{id.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

void Service::PrepareEnrolment(const Caller& caller, const RequestStamp& stamp,
                               const PartyId& parent, const std::string& register_name,
                               Reply<StatementResult> reply) {
  absl::Status can = RequireTranscryptors();
  if (can.ok()) can = OwnParty(caller, parent);
  if (!can.ok()) return reply(can);
  Take(
      caller, stamp,
      [register_name](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_ASSIGN_OR_RETURN(const Bytes statement, PrepareEnrolmentIn(turn, register_name));
        return Outcome{HexEncode(statement), absl::OkStatus()};
      },
      [](Turn&, const std::string&) { return absl::OkStatus(); },
      [reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        absl::StatusOr<Bytes> statement = HexDecode(settled->answer);
        if (!statement.ok()) return reply(statement.status());
        reply(StatementResult{*std::move(statement), std::move(settled->receipts)});
      });
}

absl::StatusOr<pseudonym::SignedEnrolment> Service::CheckBatch(const Caller& caller,
                                                               const EnrolmentBatch& batch) const {
  SLUIS_RETURN_IF_ERROR(RequireTranscryptors());
  SLUIS_RETURN_IF_ERROR(OwnParty(caller, batch.parent));
  const std::shared_ptr<const identity::Directory> directory = directories_.Current();
  const PolicyInForce policy = policies_.Current();
  return CheckEnrolment(caller, batch,
                        {*options_.pseudonyms, *directory, policy.digest, clock_.Now()});
}

void Service::EvaluateEnrolment(const Caller& caller, const RequestStamp& stamp,
                                const EnrolmentBatch& batch, Reply<EnrolmentResult> reply) {
  const absl::StatusOr<pseudonym::SignedEnrolment> enrolment = CheckBatch(caller, batch);
  if (!enrolment.ok()) return reply(enrolment.status());
  const auto take = [this, caller, stamp, enrolment = *enrolment,
                     reply](absl::StatusOr<EnrolmentHops> hops) {
    if (hops.ok()) return TakeBatch(caller, stamp, enrolment, *std::move(hops), reply);
    Abandon(caller, stamp);
    reply(hops.status());
  };
  Admit(caller, stamp,
        [this, enrolment = *enrolment, statement = batch.statement, take,
         reply](const absl::StatusOr<bool>& repeat) {
          if (!repeat.ok()) return reply(repeat.status());
          EvaluateAtBoth(*options_.pseudonyms, enrolment, statement, take);
        });
}

void Service::TakeBatch(const Caller& caller, const RequestStamp& stamp,
                        const pseudonym::SignedEnrolment& enrolment, EnrolmentHops hops,
                        Reply<EnrolmentResult> reply) {
  Take(
      caller, stamp,
      [enrolment](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(NoteBatchIn(turn, enrolment));
        return Outcome{};
      },
      [](Turn&, const std::string&) { return absl::OkStatus(); },
      [hops = std::move(hops), reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        reply(EnrolmentResult{hops, std::move(settled->receipts)});
      },
      Entry::kAdmitted);
}

}  // namespace sluis::exchange
