// The acts of the service: what is checked before the turn, and which function runs in it.
#include <utility>

#include "broker/exchange/access.h"
#include "broker/exchange/approve_exchange.h"
#include "broker/exchange/arrangements.h"
#include "broker/exchange/cases.h"
#include "broker/exchange/create_exchange.h"
#include "broker/exchange/deliver_exchange.h"
#include "broker/exchange/end_exchange.h"
#include "broker/exchange/exchange_result.h"
#include "broker/exchange/read_records.h"
#include "broker/exchange/release.h"
#include "broker/exchange/service.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"

namespace sluis::exchange {
namespace {

ExchangeId NewExchangeId() { return ExchangeId::FromBytes(RandomArray<16>()); }

}  // namespace

void Service::TakeOnExchange(const Caller& caller, const RequestStamp& stamp, Body body,
                             Reply<ExchangeResult> reply, Entry entry) {
  auto result = std::make_shared<ExchangeResult>();
  Take(
      caller, stamp, std::move(body),
      [this, result](Turn& turn, const std::string& answer) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ExchangeId::Parse(answer));
        SLUIS_ASSIGN_OR_RETURN(*result, LoadResult(turn.store, id));
        return ShowTo(turn.caller, turn.store, *result);
      },
      [result, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        result->receipts = std::move(settled->receipts);
        reply(std::move(*result));
      },
      entry);
}

void Service::TakeOnCase(const Caller& caller, const RequestStamp& stamp, const CaseId& id,
                         std::function<absl::Status(Turn&)> body, Reply<CaseResult> reply) {
  auto result = std::make_shared<CaseResult>();
  Take(
      caller, stamp,
      [body = std::move(body)](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(body(turn));
        return Outcome{};
      },
      [result, id](Turn& turn, const std::string&) -> absl::Status {
        SLUIS_ASSIGN_OR_RETURN(result->record, CaseOf(turn.store, turn.caller, id));
        return absl::OkStatus();
      },
      [result, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        result->receipts = std::move(settled->receipts);
        reply(std::move(*result));
      });
}

void Service::Create(const Caller& caller, const RequestStamp& stamp, CreateExchange ask,
                     Reply<ExchangeResult> reply) {
  if (ask.subject) {
    const absl::Status genuine =
        VerifySubject(ask, caller.party, stamp.request_id, *directories_.Current());
    if (!genuine.ok()) return reply(genuine);
    ask.subject->request_id = stamp.request_id;
  }
  if (ask.validate_only) return TryOut(caller, stamp, std::move(ask), std::move(reply));
  TakeOnExchange(
      caller, stamp,
      [ask = std::move(ask), id = NewExchangeId()](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(CreateIn(turn, ask, id).status());
        return Outcome{id.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

void Service::TryOut(const Caller& caller, const RequestStamp& stamp, CreateExchange ask,
                     Reply<ExchangeResult> reply) {
  auto result = std::make_shared<ExchangeResult>();
  // A dry run is decided anew when it is repeated, without a second leaf.
  Take(
      caller, stamp,
      [ask, result](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(DryRunIn(turn, ask, result.get()));
        return Outcome{};
      },
      [ask, result](Turn& turn, const std::string&) -> absl::Status {
        return result->policy_digest.empty() ? DecideDryRun(turn, ask, result.get())
                                             : absl::OkStatus();
      },
      [result, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        reply(std::move(*result));
      });
}

void Service::ApproveOne(const Caller& caller, const RequestStamp& stamp, Approve approve,
                         Reply<ExchangeResult> reply) {
  if (absl::Status strong = RequireMultiFactor(caller); !strong.ok()) return reply(strong);
  TakeOnExchange(
      caller, stamp,
      [approve = std::move(approve)](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ApproveIn(turn, approve));
        return Outcome{id.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

void Service::RefuseOne(const Caller& caller, const RequestStamp& stamp, Refuse refuse,
                        Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [refuse](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(RefuseIn(turn, refuse).status());
        return Outcome{refuse.exchange.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

void Service::Withdraw(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                       Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [id](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(WithdrawIn(turn, id).status());
        return Outcome{id.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

void Service::OpenDelivery(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                           Reply<DeliveryResult> reply) {
  if (absl::Status strong = RequireMultiFactor(caller); !strong.ok()) return reply(strong);
  auto result = std::make_shared<DeliveryResult>();
  Take(
      caller, stamp,
      [id](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(DeliverIn(turn, id).status());
        return Outcome{id.hex(), absl::OkStatus()};
      },
      [this, id, result](Turn& turn, const std::string&) -> absl::Status {
        // Also for a repeat: content that was collected meanwhile is not handed over again.
        SLUIS_ASSIGN_OR_RETURN(result->content, ContentOf(turn, id));
        SLUIS_ASSIGN_OR_RETURN(result->exchange, LoadResult(turn.store, id));
        return ShowTo(turn.caller, turn.store, result->exchange);
      },
      [result, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        result->exchange.receipts = std::move(settled->receipts);
        reply(std::move(*result));
      });
}

void Service::ConfirmOpening(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                             Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [id](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(CollectIn(turn, id).status());
        return Outcome{id.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

void Service::ConfirmDestruction(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                                 Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [id](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(DestroyIn(turn, id).status());
        return Outcome{id.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

void Service::OpenCase(const Caller& caller, const RequestStamp& stamp, CreateCase create,
                       Reply<CaseResult> reply) {
  TakeOnCase(
      caller, stamp, create.id,
      [create](Turn& turn) -> absl::Status {
        SLUIS_RETURN_IF_ERROR(OwnParty(turn.caller, create.parent));
        return OpenCaseIn(turn, create.id, create.phase).status();
      },
      std::move(reply));
}

void Service::ChangeCaseOf(const Caller& caller, const RequestStamp& stamp, ChangeCase change,
                           Reply<CaseResult> reply) {
  TakeOnCase(
      caller, stamp, change.id, [change](Turn& turn) { return ChangeCaseIn(turn, change); },
      std::move(reply));
}

void Service::RegisterArrangement(const Caller& caller, const RequestStamp& stamp,
                                  storage::ArrangementRecord record,
                                  Reply<ArrangementResult> reply) {
  const absl::StatusOr<identity::Arrangement> arrangement =
      identity::VerifyArrangement(record.statement, record.signatures, *directories_.Current());
  if (!arrangement.ok()) return reply(arrangement.status());
  if (!record.id.empty() && record.id != arrangement->terms().id) {
    return reply(InvalidField("FIELD_INVALID", "arrangement.name",
                              "must name the arrangement of the statement, or be left out"));
  }
  record.id = arrangement->terms().id;
  record.serial = arrangement->terms().serial;
  record.organisations = OrganisationsOf(arrangement->terms());
  Take(
      caller, stamp,
      [record](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(RegisterIn(turn, record));
        return Outcome{};
      },
      [](Turn&, const std::string&) { return absl::OkStatus(); },
      [record, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        reply(ArrangementResult{record, std::move(settled->receipts)});
      });
}

void Service::ReadRecords(const Caller& caller, const RequestStamp& stamp, ListRecords list,
                          Reply<RecordsResult> reply) {
  if (absl::Status strong = RequireMultiFactor(caller); !strong.ok()) return reply(strong);
  Take(
      caller, stamp,
      [list](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_ASSIGN_OR_RETURN(const RecordsFound found, FindRecordsIn(turn, list));
        return Outcome{found.ToJson(), absl::OkStatus()};
      },
      [](Turn&, const std::string&) { return absl::OkStatus(); },
      [this, reply = std::move(reply)](absl::StatusOr<Settled> settled) {
        if (!settled.ok()) return reply(settled.status());
        reply(OpenRecords(settled->answer, std::move(settled->receipts)));
      });
}

}  // namespace sluis::exchange
