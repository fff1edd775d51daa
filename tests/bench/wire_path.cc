#include "tests/bench/wire_path.h"

#include "clients/lib/methods.h"
#include "clients/lib/seal_exchange.h"
#include "clients/lib/settle.h"
#include "lib/base/clock.h"
#include "lib/tlog/receipt.h"
#include "tests/bench/must.h"
#include "tests/bench/sealed_content.h"

namespace sluis::bench {
namespace {

namespace wire = ::sluis::v1;

enum CallNumber { kAsk, kAnswer, kOpen, kConfirm };

}  // namespace

Seat::Seat(const std::filesystem::path& profile_folder)
    : profile(Must(edge::Profile::Load(profile_folder), "a profile")),
      party(Must(edge::PartyFolder::Load(profile.party_folder), "a party folder")),
      assertions(Must(edge::MakeAssertionSource(profile, party, SystemClock()), "a log-in")),
      connection(edge::Connection::Create(party, *assertions)) {}

WirePath::WirePath(Region& region, int clients)
    : clients_(static_cast<std::size_t>(clients)),
      asking_(std::make_unique<Seat>(region.Asker(0))),
      answering_(std::make_unique<Seat>(region.Answerer(0))),
      questions_(std::make_unique<InboxDesk>(*answering_->connection, answering_->party.party(),
                                             wire::INBOX_EVENT_QUESTION)),
      deliveries_(std::make_unique<InboxDesk>(*asking_->connection, asking_->party.party(),
                                              wire::INBOX_EVENT_DELIVERY)) {
  const auto edge = Must(edge::Edge::Open(region.Asker(0)), "an edge");
  directory_ = Must(edge->Directory(), "the directory");
  for (int n = 0; n < clients; ++n) {
    Client& client = clients_[static_cast<std::size_t>(n)];
    client.asker = std::make_unique<Seat>(region.Asker(n));
    client.answerer = std::make_unique<Seat>(region.Answerer(n));
    client.the_case =
        Must(ParseCaseName(Must(edge->CreateCase("casus"), "a case").name()), "its name");
  }
}

template <typename Request, typename Response>
Response WirePath::Call(const Seat& seat, int n, const edge::Method<Request, Response>& method,
                        const Request& request) {
  const Bytes sent = request.SerializeAsString();
  const Bytes answer = Must(seat.connection->Call(method.path, sent), method.path);
  const std::vector<edge::ReceiptedAnswer> settled =
      Must(edge::Settle(method.path, sent, answer), "settling an answer");
  tlog::ReceiptVerifier verifier(seat.party.log_trust(), absl::Now());
  for (const edge::ReceiptedAnswer& part : settled) {
    Must(!part.receipts.empty(), "an answer without a receipt");
    for (const wire::Receipt& receipt : part.receipts) {
      Must(verifier.Verify(receipt.text()).status(), "a receipt");
    }
  }
  CallTotals& totals = totals_[static_cast<std::size_t>(n)];
  ++totals.calls;
  totals.request += sent.size();
  totals.answer += answer.size();
  Response response;
  Must(response.ParseFromString(answer), "an answer");
  return response;
}

wire::Exchange WirePath::Ask(const Client& client) {
  const Seat& seat = *client.asker;
  wire::CreateExchangeRequest request;
  request.set_parent(PartyName(seat.party.party()));
  request.set_request_id(edge::NewRequestId());
  *request.mutable_exchange() = edge::WriteExchange(
      "request", Question(client.the_case, client.answerer->party.party()), seat.party.party());
  *request.mutable_exchange()->mutable_subject() =
      Must(edge::SealSubject(request.exchange(), request.request_id(), AskedPerson(), true,
                             seat.party, *directory_, absl::Now()),
           "sealing a subject");
  wire::Exchange exchange = Call(seat, kAsk, edge::kCreateExchange, request);
  Must(exchange.state() == wire::EXCHANGE_STATE_FORWARDED, "a question that was forwarded");
  return exchange;
}

void WirePath::Answer(const Client& client, const wire::Exchange& exchange) {
  const Seat& seat = *client.answerer;
  Must(edge::OpenSubject(exchange, seat.party, *directory_, absl::Now()).status(),
       "opening a subject");
  wire::AnswerExchangeRequest request;
  request.set_name(exchange.name());
  request.set_request_id(edge::NewRequestId());
  *request.mutable_release() =
      Must(edge::SealRelease(exchange, PoliceAnswer(), seat.party, *directory_, absl::Now()),
           "sealing a release");
  Call(seat, kAnswer, edge::kAnswerExchange, request);
}

void WirePath::Collect(const Client& client, const std::string& name) {
  const Seat& seat = *client.asker;
  wire::OpenDeliveryRequest open;
  open.set_name(name);
  open.set_request_id(edge::NewRequestId());
  const wire::Delivery delivery = Call(seat, kOpen, edge::kOpenDelivery, open);
  const edge::OpenedAnswer answer =
      OpenAnswerOf(delivery.exchange(), delivery.release(), seat.party, *directory_);
  Must(answer.values.size() == PoliceAnswer().values.size(), "all values of an answer");
  wire::ConfirmOpeningRequest confirm;
  confirm.set_name(name);
  confirm.set_request_id(edge::NewRequestId());
  const wire::Exchange ended = Call(seat, kConfirm, edge::kConfirmOpening, confirm);
  Must(ended.state() == wire::EXCHANGE_STATE_COLLECTED, "an exchange that ended well");
}

void WirePath::RunOnce(int n) {
  const Client& client = clients_[static_cast<std::size_t>(n)];
  const std::string name = Ask(client).name();
  Answer(client, questions_->Await(name));
  deliveries_->Await(name);
  Collect(client, name);
}

std::vector<MessageSizes> WirePath::Calls() const {
  std::vector<MessageSizes> sizes;
  for (const CallTotals& totals : totals_) {
    const std::size_t calls = std::max<std::size_t>(totals.calls, 1);
    sizes.push_back({totals.request / calls, totals.answer / calls});
  }
  return sizes;
}

std::vector<MessageSizes> WirePath::Pushes() const {
  return {{0, questions_->BytesPerLine()}, {0, deliveries_->BytesPerLine()}};
}

}  // namespace sluis::bench
