// Work that goes on by itself: releases, orders and arrangements that waited for a transcryptor,
// and exchanges that waited for a session. One round at a time, on the worker's own thread; it
// waits for the transcryptors.
#include <future>

#include "absl/strings/str_format.h"
#include "broker/exchange/end_exchange.h"
#include "broker/exchange/errands.h"
#include "broker/exchange/finish_release.h"
#include "broker/exchange/party_orders.h"
#include "broker/exchange/service.h"
#include "broker/exchange/subject.h"
#include "broker/exchange/transcribe.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

constexpr int kErrandPage = 100;

// The port answers within a bounded time (transcryptors.h), so this ends.
template <typename T>
absl::StatusOr<T> WaitFor(const std::function<void(Reply<T>)>& start) {
  auto promise = std::make_shared<std::promise<absl::StatusOr<T>>>();
  std::future<absl::StatusOr<T>> future = promise->get_future();
  start([promise](absl::StatusOr<T> result) { promise->set_value(std::move(result)); });
  return future.get();
}

absl::StatusOr<PartyId> PartyFrom(const std::string& text) {
  const std::size_t slash = text.find('/');
  PartyId party;
  SLUIS_ASSIGN_OR_RETURN(party.oin, Oin::Parse(text.substr(0, slash)));
  SLUIS_ASSIGN_OR_RETURN(party.unit,
                         UnitPath::Parse(slash == std::string::npos ? "" : text.substr(slash + 1)));
  return party;
}

}  // namespace

absl::StatusOr<ErrandReport> Service::RunErrands() {
  ErrandReport report;
  if (options_.pseudonyms != nullptr) {
    // What protects most goes first, and waits for nothing else.
    for (const int hop : {1, 2}) {
      for (const OrderKind kind :
           {OrderKind::kShred, OrderKind::kRevoke, OrderKind::kArrangement}) {
        SLUIS_ASSIGN_OR_RETURN(const bool there, RunOrders(hop, kind, report));
        if (!there) break;
      }
    }
  }
  SLUIS_RETURN_IF_ERROR(RunReady(report));
  if (options_.pseudonyms != nullptr) SLUIS_RETURN_IF_ERROR(RunTrips(report));
  return report;
}

absl::StatusOr<int> Service::ForEachErrand(
    const std::string& queue,
    const std::function<absl::StatusOr<bool>(const storage::ErrandRecord&)>& run) {
  int failed = 0;
  std::string after;
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
    SLUIS_ASSIGN_OR_RETURN(const std::vector<storage::ErrandRecord> page,
                           reader->ListErrands(queue, after, kErrandPage));
    reader.reset();
    for (const storage::ErrandRecord& errand : page) {
      const absl::StatusOr<bool> go_on = run(errand);
      if (go_on.ok() && !*go_on) return failed;
      if (go_on.ok()) continue;
      ++failed;
      LogEvent(LogLevel::kWarning, "errand_failed", "reason=" + ReasonOf(go_on.status()));
    }
    if (page.size() < kErrandPage) return failed;
    after = page.back().id;
  }
}

absl::Status Service::RunReady(ErrandReport& report) {
  const auto go_on = [&](const storage::ErrandRecord& waits) -> absl::StatusOr<bool> {
    SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ExchangeId::Parse(waits.id));
    bool went_on = false;
    const auto look = [&](Turn& turn) -> absl::Status {
      SLUIS_ASSIGN_OR_RETURN(went_on, ReadyIn(turn, id));
      return absl::OkStatus();
    };
    SLUIS_RETURN_IF_ERROR(TakeAsOperator(look));
    report.done += went_on ? 1 : 0;
    return true;
  };
  const auto look_through = [&](const storage::ErrandRecord& ready) -> absl::StatusOr<bool> {
    SLUIS_ASSIGN_OR_RETURN(const PartyId party, PartyFrom(ready.id));
    SLUIS_ASSIGN_OR_RETURN(const int failed, ForEachErrand(SessionQueue(party), go_on));
    if (failed == 0) SLUIS_RETURN_IF_ERROR(DropErrand(ready));
    return true;
  };
  return ForEachErrand(kReadyQueue, look_through).status();
}

absl::Status Service::DropErrand(const storage::ErrandRecord& errand) {
  return TakeAsOperator(
      [&](Turn& turn) { return turn.store.DeleteErrand(errand.queue, errand.id); });
}

absl::Status Service::PassOn(int hop, const Order& order) {
  Transcryptor& transcryptor = options_.pseudonyms->hop(hop);
  switch (order.kind) {
    case OrderKind::kShred:
      return WaitFor<absl::Time>([&](Reply<absl::Time> reply) {
               transcryptor.ShredDomain(order.signed_bytes, std::move(reply));
             })
          .status();
    case OrderKind::kRevoke:
      return WaitFor<Nothing>([&](Reply<Nothing> reply) {
               transcryptor.RevokeSession(order.signed_bytes, std::move(reply));
             })
          .status();
    case OrderKind::kArrangement:
      break;
  }
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::ArrangementRecord> newest,
                         reader->FindArrangement(order.arrangement));
  reader.reset();
  if (!newest) return absl::OkStatus();
  return WaitFor<Nothing>(
             [&](Reply<Nothing> reply) { transcryptor.PutArrangement(*newest, std::move(reply)); })
      .status();
}

absl::StatusOr<bool> Service::RunOrders(int hop, OrderKind kind, ErrandReport& report) {
  bool there = true;
  const auto run = [&](const storage::ErrandRecord& errand) -> absl::StatusOr<bool> {
    SLUIS_ASSIGN_OR_RETURN(const Order order, OrderOf(errand));
    if (order.kind != kind) return true;
    const absl::Status outcome = PassOn(hop, order);
    if (IsAway(outcome)) {
      report.away = true;
      there = false;
      return false;
    }
    if (!outcome.ok()) {
      LogEvent(LogLevel::kWarning, "order_refused",
               absl::StrFormat("hop=%d reason=%s", hop, ReasonOf(outcome)));
    }
    const auto note = [&](Turn& turn) -> absl::Status {
      // Who ordered it may have been told meanwhile that it was taken.
      SLUIS_ASSIGN_OR_RETURN(const bool left, IsLeft(turn.store, errand));
      if (!left) return absl::OkStatus();
      SLUIS_RETURN_IF_ERROR(turn.store.DeleteErrand(errand.queue, errand.id));
      return NoteLateOrderIn(turn, hop, order, outcome);
    };
    SLUIS_RETURN_IF_ERROR(TakeAsOperator(note));
    ++report.done;
    return true;
  };
  SLUIS_RETURN_IF_ERROR(ForEachErrand(HopQueue(hop), run).status());
  return there;
}

absl::StatusOr<std::optional<Service::WaitingTrip>> Service::FindTrip(const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::ExchangeRecord> exchange,
                         reader->FindExchange(id));
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::MailboxRecord> content,
                         reader->FindMailbox(id));
  if (!exchange || !content || !WaitsFor(*exchange, QueueReason::kTranscryptor)) {
    return std::optional<WaitingTrip>();
  }
  const bool asks = AwaitsSubject(*exchange) && content->question;
  WaitingTrip trip{
      {}, asks ? content->question->statement : content->statement, exchange->expire_time};
  const std::vector<Bytes> sent =
      asks ? std::vector<Bytes>{content->question->signed_request} : content->signed_requests;
  for (const Bytes& bytes : sent) {
    SLUIS_ASSIGN_OR_RETURN(pseudonym::SignedRequest request,
                           pseudonym::SignedRequest::Decode(bytes));
    trip.requests.push_back(std::move(request));
  }
  return std::optional<WaitingTrip>(std::move(trip));
}

absl::Status Service::RunTrips(ErrandReport& report) {
  const auto run = [&](const storage::ErrandRecord& errand) -> absl::StatusOr<bool> {
    SLUIS_ASSIGN_OR_RETURN(const ExchangeId id, ExchangeId::Parse(errand.id));
    SLUIS_ASSIGN_OR_RETURN(const std::optional<WaitingTrip> trip, FindTrip(id));
    if (!trip) {
      SLUIS_RETURN_IF_ERROR(DropErrand(errand));
      return true;
    }
    if (trip->until <= clock_.Now()) {
      SLUIS_RETURN_IF_ERROR(TakeAsOperator([&](Turn& turn) { return ExpireIn(turn, id); }));
      return true;
    }
    using Passage = std::vector<storage::TranscryptionRecord>;
    absl::StatusOr<Passage> passage = WaitFor<Passage>([&](Reply<Passage> reply) {
      Transcribe(*options_.pseudonyms, trip->requests, trip->statement, std::move(reply));
    });
    if (IsAway(passage.status())) {
      report.away = true;
      return false;
    }
    SLUIS_RETURN_IF_ERROR(
        TakeAsOperator([&](Turn& turn) { return FinishIn(turn, errand, passage); }));
    ++report.done;
    return true;
  };
  return ForEachErrand(kTripQueue, run).status();
}

absl::Status Service::RelayArrangements() {
  if (options_.pseudonyms == nullptr) return absl::OkStatus();
  const std::shared_ptr<const identity::Directory> directory = directories_.Current();
  std::set<std::string> ids;
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  for (const identity::Partner& partner : directory->partners()) {
    std::string after;
    for (;;) {
      SLUIS_ASSIGN_OR_RETURN(const std::vector<storage::ArrangementRecord> page,
                             reader->ListArrangements(partner.oin, after, kErrandPage));
      for (const storage::ArrangementRecord& record : page) ids.insert(record.id);
      if (page.size() < kErrandPage) break;
      after = page.back().id;
    }
  }
  reader.reset();
  return TakeAsOperator([&ids](Turn& turn) -> absl::Status {
    for (const std::string& id : ids) {
      for (const int hop : {1, 2}) {
        SLUIS_RETURN_IF_ERROR(LeaveErrand(turn, ArrangementErrand(hop, id, turn.now)));
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace sluis::exchange
