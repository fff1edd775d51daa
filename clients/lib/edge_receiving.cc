// Verbs of the desk that receives, and the inbox.
#include "clients/lib/edge_calls.h"
#include "clients/lib/seal_exchange.h"
#include "lib/base/error.h"

namespace sluis::edge {
namespace {

// A repeated OpenDelivery is answered without content; a fresh one hands it over again.
constexpr int kDeliveryAttempts = 2;

bool HasContent(const wire::Delivery& delivery) {
  return delivery.release().sealed_fields_size() > 0;
}

absl::Status NothingToDestroy() {
  return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
               "nothing was received in this exchange, so there is nothing to destroy");
}

}  // namespace

absl::Status Edge::FetchAnswer(const std::string& name, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, Directory());
  wire::Delivery delivery;
  for (int i = 0; i < kDeliveryAttempts && !HasContent(delivery); ++i) {
    wire::OpenDeliveryRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    SLUIS_ASSIGN_OR_RETURN(delivery, Read(kOpenDelivery, request));
    SLUIS_RETURN_IF_ERROR(KeepReceipts(kOpenDelivery.path, request.SerializeAsString(),
                                       delivery.SerializeAsString()));
  }
  const wire::Exchange& exchange = delivery.exchange();
  SLUIS_ASSIGN_OR_RETURN(const Answerer answerer, AnswererOf(exchange, *directory));
  SLUIS_ASSIGN_OR_RETURN(const ReleaseHeader header,
                         OpenHeader(exchange, delivery.release(), answerer));
  SLUIS_ASSIGN_OR_RETURN(const ReceivedItems people, VerifyPeople(delivery, header, answerer));
  SLUIS_ASSIGN_OR_RETURN(OpenedRelease opened, OpenRelease(exchange, delivery.release(), header,
                                                           answerer, people, party_, clock_.Now()));
  // Who was seen comes first: what a crash leaves half is written again with the same answer.
  SLUIS_RETURN_IF_ERROR(NotePeople(exchange, people, answerer, std::move(opened.seen)));
  SLUIS_RETURN_IF_ERROR(TakeHits(name, answerer, exchange.action(), opened.answer));
  return answers_.Write(id, opened.answer);
}

absl::StatusOr<ReceivedItems> Edge::VerifyPeople(const wire::Delivery& delivery,
                                                 const ReleaseHeader& header,
                                                 const Answerer& answerer) {
  if (header.signed_requests.empty() && delivery.transcryptions().empty()) return ReceivedItems();
  SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party_.pseudonyms());
  const ReceivingTerms terms{
      party_, *trust, sessions_, commitments_, answerer.party, answerer.desk.signing, clock_.Now()};
  return VerifyTranscriptions(delivery, header, terms);
}

absl::Status Edge::NotePeople(const wire::Exchange& exchange, const ReceivedItems& people,
                              const Answerer& answerer, std::vector<SeenPseudonym> seen) {
  if (people.items.empty()) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party_.pseudonyms());
  for (SeenPseudonym& one : seen) {
    if (!one.from_human_form.empty()) one.from_domain = exchange.from_domain();
  }
  return pseudonyms_->Note({*people.domain, trust->key_set.digest(), exchange.name(),
                            answerer.party.ToString(), clock_.Now()},
                           seen);
}

absl::Status Edge::ConfirmIfWaiting(const std::string& name) {
  SLUIS_ASSIGN_OR_RETURN(const auto again, ActAgain(kConfirmOpening, {name}));
  if (again) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const wire::Exchange exchange, Get(name));
  if (exchange.state() != wire::EXCHANGE_STATE_ANSWERED) return absl::OkStatus();
  return Act(kConfirmOpening, {name},
             std::function(
                 [&](const std::string& request_id) -> absl::StatusOr<wire::ConfirmOpeningRequest> {
                   wire::ConfirmOpeningRequest request;
                   request.set_name(name);
                   request.set_request_id(request_id);
                   return request;
                 }))
      .status();
}

absl::StatusOr<OpenedAnswer> Edge::OpenAnswer(const std::string& name) {
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName parsed, ParseExchangeName(name));
  if (!answers_.Has(parsed.id)) SLUIS_RETURN_IF_ERROR(FetchAnswer(name, parsed.id));
  // It stands in the answer now.
  SLUIS_RETURN_IF_ERROR(questions_->Forget(name));
  SLUIS_RETURN_IF_ERROR(ConfirmIfWaiting(name));
  return answers_.Read(parsed.id);
}

absl::StatusOr<OpenedAnswer> Edge::ReadAnswer(const std::string& name) const {
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName parsed, ParseExchangeName(name));
  return answers_.Read(parsed.id);
}

absl::StatusOr<wire::Exchange> Edge::ConfirmDestruction(const std::string& name) {
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName parsed, ParseExchangeName(name));
  SLUIS_ASSIGN_OR_RETURN(wire::Exchange exchange, Get(name));
  const bool destroyed = exchange.state() == wire::EXCHANGE_STATE_DESTROYED;
  if (!destroyed && exchange.state() != wire::EXCHANGE_STATE_COLLECTED &&
      exchange.state() != wire::EXCHANGE_STATE_RECALLED) {
    return NothingToDestroy();
  }
  // First the deed, then the word.
  SLUIS_RETURN_IF_ERROR(answers_.Remove(parsed.id));
  SLUIS_RETURN_IF_ERROR(pseudonyms_->Forget(name));
  SLUIS_ASSIGN_OR_RETURN(auto again, ActAgain(kConfirmDestruction, {name}));
  if (again) return *std::move(again);
  if (destroyed) return exchange;
  return Act(
      kConfirmDestruction, {name},
      std::function(
          [&](const std::string& request_id) -> absl::StatusOr<wire::ConfirmDestructionRequest> {
            wire::ConfirmDestructionRequest request;
            request.set_name(name);
            request.set_request_id(request_id);
            return request;
          }));
}

absl::Status Edge::WatchInbox(const WatchOptions& options, StopSignal& stop,
                              const std::function<absl::Status(const wire::InboxEntry&)>& handle) {
  FinishLast();
  RenewWhenDue();
  std::int64_t cursor = 0;
  if (!options.from_start) {
    SLUIS_ASSIGN_OR_RETURN(cursor, cursor_.Read());
  }
  int idle_ends = 0;  // streams that ended without an entry, one after the other
  const auto take = [&](BytesView message) -> absl::Status {
    SLUIS_ASSIGN_OR_RETURN(const auto entry, ParseAnswer<wire::InboxEntry>(message));
    if (entry.sequence() <= cursor) {
      return Error(ErrorCode::kDataLoss, "INBOX_INCONSISTENT",
                   "the broker's inbox repeats entries or goes back; tell the operator");
    }
    SLUIS_RETURN_IF_ERROR(KeepReceiptsOf(entry.exchange()));
    SLUIS_RETURN_IF_ERROR(ForgetIfEnded(entry.exchange()));
    SLUIS_RETURN_IF_ERROR(handle(entry));
    cursor = entry.sequence();
    idle_ends = 0;
    return options.from_start ? absl::OkStatus() : cursor_.Advance(cursor);
  };
  for (;;) {
    wire::WatchInboxRequest request;
    request.set_parent(PartyName(party_.party()));
    request.set_after_sequence(cursor);
    request.set_until_caught_up(options.until_caught_up);
    const absl::Status ended =
        connection_->Stream(kWatchInbox.path, request.SerializeAsString(), stop, take);
    if (stop.stopped() || (ended.ok() && options.until_caught_up)) return absl::OkStatus();
    if (!ended.ok() && !absl::IsUnavailable(ended)) return ended;
    ++idle_ends;
    if (!ended.ok() && idle_ends > connection_->patience().retries) return ended;
    connection_->patience().pause(connection_->PauseBefore(idle_ends, ended));
  }
}

}  // namespace sluis::edge
