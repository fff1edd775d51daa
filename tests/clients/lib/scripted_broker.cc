#include "tests/clients/lib/scripted_broker.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/base/resource_names.h"
#include "lib/crypto/random.h"
#include "lib/tlog/checkpoint.h"
#include "lib/tlog/merkle.h"
#include "lib/tlog/proof_builder.h"
#include "lib/tlog/receipt.h"
#include "lib/tlog/record.h"
#include "lib/tlog/vkey.h"
#include "tests/clients/lib/scripted_broker_calls.h"

namespace sluis::edge::testing {
namespace {

// Computes every subtree anew from the leaves: slow, and obviously right.
class LeafHashes : public tlog::HashSource {
 public:
  explicit LeafHashes(const std::vector<Bytes>& leaves) {
    for (const Bytes& leaf : leaves) hashes_.push_back(tlog::LeafHash(leaf));
  }
  absl::StatusOr<Digest> Subtree(int level, std::uint64_t index) override {
    const std::size_t width = std::size_t{1} << level;
    return tlog::RootOf(std::span(hashes_).subspan(index * width, width));
  }
  Digest root() const { return tlog::RootOf(hashes_); }

 private:
  std::vector<Digest> hashes_;
};

}  // namespace

std::string ScriptedLog::vkey() const {
  return tlog::VerifierKey::Create(kLogOrigin, tlog::KeyType::kEd25519, key_.public_key())
      ->Format();
}

wire::Receipt ScriptedLog::Append(tlog::LeafKind kind, const ExchangeId& exchange) {
  tlog::Leaf leaf;
  leaf.kind = kind;
  leaf.retention = tlog::RetentionClass::kWpg;
  leaf.hour = tlog::HourOf(absl::Now());
  leaf.exchange = exchange;
  leaf.acting = "00000099100000001000";
  leaf.other = "00000099200000001000";
  leaf.policy_digest = RandomArray<32>();
  leaf.commitment = RandomArray<32>();
  leaves_.push_back(tlog::EncodeLeaf(leaf).value());
  kinds_.push_back(kind);
  return ReceiptOf(leaves_.size() - 1);
}

wire::Receipt ScriptedLog::ReceiptOf(std::size_t index) const {
  LeafHashes hashes(leaves_);
  const tlog::Checkpoint checkpoint{kLogOrigin, leaves_.size(), hashes.root(), {}};
  const tlog::Receipt receipt{leaves_[index], index,
                              tlog::InclusionProof(hashes, index, leaves_.size()).value(),
                              tlog::SignCheckpoint(checkpoint, key_).value()};
  wire::Receipt out;
  out.set_index(static_cast<std::int64_t>(index));
  out.set_kind(tlog::KindName(kinds_[index]));
  out.set_text(tlog::FormatReceipt(receipt));
  return out;
}

void ScriptedBroker::Start(const std::string& certificate, const std::string& key,
                           const std::string& clients) {
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = clients;
  tls.pem_key_cert_pairs.push_back({key, certificate});
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port_);
  builder.RegisterService(static_cast<wire::ExchangeService::Service*>(this));
  builder.RegisterService(static_cast<wire::CaseService::Service*>(this));
  builder.RegisterService(static_cast<wire::LogService::Service*>(this));
  builder.RegisterService(static_cast<wire::PartnerService::Service*>(this));
  builder.RegisterService(static_cast<wire::PseudonymService::Service*>(this));
  server_ = builder.BuildAndStart();
}

void ScriptedBroker::Stop() {
  if (server_) server_->Shutdown(std::chrono::system_clock::now());
  server_.reset();
}

std::vector<ScriptedBroker::Seen> ScriptedBroker::SeenOf(const std::string& method) const {
  std::vector<Seen> of;
  for (const Seen& one : seen) {
    if (one.method == method) of.push_back(one);
  }
  return of;
}

template <typename Request>
grpc::Status ScriptedBroker::Move(Context* context, const std::string& method,
                                  const Request& request, wire::Exchange* response,
                                  tlog::LeafKind kind, wire::ExchangeState to,
                                  const std::function<void(wire::Exchange&)>& also) {
  return Once(context, method, request, response, [&](wire::Exchange& answer) {
    const auto found = exchanges.find(request.name());
    if (found == exchanges.end()) {
      return BrokerError(grpc::StatusCode::PERMISSION_DENIED, "RESOURCE_NOT_ACCESSIBLE", "no");
    }
    if (found->second.state() == to) {
      return BrokerError(grpc::StatusCode::FAILED_PRECONDITION, "EXCHANGE_CLOSED", "too late",
                         "te laat");
    }
    found->second.set_state(to);
    if (also) also(found->second);
    answer = found->second;
    *answer.add_receipts() = log.Append(kind, ParseExchangeName(request.name())->id);
    leaves_of_[request.name()].push_back(static_cast<std::size_t>(answer.receipts(0).index()));
    return grpc::Status::OK;
  });
}

grpc::Status ScriptedBroker::CreateExchange(Context* context,
                                            const wire::CreateExchangeRequest* request,
                                            wire::Exchange* response) {
  return Once(context, "CreateExchange", *request, response, [&](wire::Exchange& answer) {
    const wire::Exchange made =
        Make(request->parent(), request->exchange(), request->request_id(), answer);
    if (request->validate_only()) {
      exchanges.erase(made.name());
      answer.clear_receipts();
    }
    return grpc::Status::OK;
  });
}

wire::Exchange ScriptedBroker::Make(const std::string& parent, const wire::Exchange& asked,
                                    const std::string& request_id, wire::Exchange& answer) {
  const ExchangeId id = ExchangeId::FromBytes(RandomArray<16>());
  wire::Exchange exchange = asked;
  const bool asks = exchange.action() == "request" || exchange.action() == "inquire";
  const PartyId own = ParsePartyName(parent).value();
  wire::Party own_desk;
  own_desk.set_organisation(own.oin.str());
  own_desk.set_unit(own.unit.str());
  exchange.set_name(ExchangeName(own, id));
  exchange.set_state(first_state);
  *exchange.mutable_recipient_desk() = asks ? own_desk : exchange.recipient();
  *exchange.mutable_provider_desk() = asks ? exchange.provider() : own_desk;
  if (exchange.has_subject()) exchange.mutable_subject()->set_request_id(request_id);
  for (const std::string& field : exchange.fields()) {
    wire::FieldForm* form = exchange.mutable_decision()->add_fields();
    form->set_field(field);
    const auto given = forms.find(field);
    form->set_form(given == forms.end() ? "exact" : given->second);
  }
  if (!exchange.register_().empty()) PrepareQuestion(exchange);
  exchanges[exchange.name()] = exchange;
  answer = exchange;
  for (const auto kind : {tlog::LeafKind::kRequest, tlog::LeafKind::kDecision}) {
    *answer.add_receipts() = log.Append(kind, id);
    leaves_of_[exchange.name()].push_back(
        static_cast<std::size_t>(answer.receipts().rbegin()->index()));
  }
  return exchange;
}

grpc::Status ScriptedBroker::GetExchange(Context* context, const wire::GetExchangeRequest* request,
                                         wire::Exchange* response) {
  return Run(context, "GetExchange", *request, response, [&] {
    wire::Exchange& exchange = exchanges[request->name()];
    if (!exchange.register_().empty() && !exchange.subject_sent()) PrepareQuestion(exchange);
    *response = exchange;
    const auto asked = questions.find(request->name());
    if (asked != questions.end()) *response->mutable_question() = asked->second;
    if (change_question) change_question(*response);
    return grpc::Status::OK;
  });
}

grpc::Status ScriptedBroker::ApproveExchange(Context* context,
                                             const wire::ApproveExchangeRequest* request,
                                             wire::Exchange* response) {
  return Move(context, "ApproveExchange", *request, response, tlog::LeafKind::kApproval,
              request->granted() ? wire::EXCHANGE_STATE_FORWARDED : wire::EXCHANGE_STATE_DENIED);
}

grpc::Status ScriptedBroker::RefuseExchange(Context* context,
                                            const wire::RefuseExchangeRequest* request,
                                            wire::Exchange* response) {
  return Move(context, "RefuseExchange", *request, response, tlog::LeafKind::kAnswer,
              wire::EXCHANGE_STATE_REFUSED);
}

grpc::Status ScriptedBroker::WithdrawExchange(Context* context,
                                              const wire::WithdrawExchangeRequest* request,
                                              wire::Exchange* response) {
  return Move(context, "WithdrawExchange", *request, response, tlog::LeafKind::kCancel,
              wire::EXCHANGE_STATE_WITHDRAWN);
}

grpc::Status ScriptedBroker::OpenDelivery(Context* context,
                                          const wire::OpenDeliveryRequest* request,
                                          wire::Delivery* response) {
  return Run(context, "OpenDelivery", *request, response, [&] {
    *response->mutable_exchange() = exchanges[request->name()];
    *response->mutable_release() = mailbox[request->name()];
    for (const wire::Transcryption& one : transcryptions[request->name()]) {
      *response->add_transcryptions() = one;
    }
    *response->add_receipts() =
        log.Append(tlog::LeafKind::kDelivery, ParseExchangeName(request->name())->id);
    if (change_delivery) change_delivery(*response);
    return grpc::Status::OK;
  });
}

grpc::Status ScriptedBroker::ConfirmOpening(Context* context,
                                            const wire::ConfirmOpeningRequest* request,
                                            wire::Exchange* response) {
  return Move(context, "ConfirmOpening", *request, response, tlog::LeafKind::kOpening,
              wire::EXCHANGE_STATE_COLLECTED,
              [&](wire::Exchange&) { mailbox.erase(request->name()); });
}

grpc::Status ScriptedBroker::ConfirmDestruction(Context* context,
                                                const wire::ConfirmDestructionRequest* request,
                                                wire::Exchange* response) {
  return Move(context, "ConfirmDestruction", *request, response, tlog::LeafKind::kDestroy,
              wire::EXCHANGE_STATE_DESTROYED);
}

grpc::Status ScriptedBroker::WatchInbox(Context* context, const wire::WatchInboxRequest* request,
                                        grpc::ServerWriter<wire::InboxEntry>* writer) {
  std::vector<wire::InboxEntry> entries;
  bool broken = false;
  wire::InboxEntry* none = nullptr;
  const grpc::Status status = Run(context, "WatchInbox", *request, none, [&] {
    for (const wire::InboxEntry& entry : inbox) {
      if (entry.sequence() <= request->after_sequence()) continue;
      broken = static_cast<int>(entries.size()) == entries_a_stream;
      if (broken) break;
      entries.push_back(entry);
    }
    return grpc::Status::OK;
  });
  for (const wire::InboxEntry& entry : entries) writer->Write(entry);
  if (broken) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "connection lost");
  return status;
}

grpc::Status ScriptedBroker::CreateCase(Context* context, const wire::CreateCaseRequest* request,
                                        wire::Case* response) {
  return Run(context, "CreateCase", *request, response, [&] {
    response->set_name("cases/" + request->case_id());
    response->set_phase(request->phase());
    response->set_open(true);
    *response->add_receipts() = log.Append(tlog::LeafKind::kCaseChange, ExchangeId());
    return grpc::Status::OK;
  });
}

grpc::Status ScriptedBroker::ListReceipts(Context* context,
                                          const wire::ListReceiptsRequest* request,
                                          wire::ListReceiptsResponse* response) {
  return Run(context, "ListReceipts", *request, response, [&] {
    for (const std::size_t index : leaves_of_[request->exchange()]) {
      *response->add_receipts() = log.ReceiptOf(index);
    }
    return grpc::Status::OK;
  });
}

grpc::Status ScriptedBroker::GetDirectory(Context* context,
                                          const wire::GetDirectoryRequest* request,
                                          wire::Directory* response) {
  return Run(context, "GetDirectory", *request, response, [&] {
    response->set_note(directory_note);
    return grpc::Status::OK;
  });
}

grpc::Status BrokerError(grpc::StatusCode code, const std::string& reason,
                         const std::string& message, const std::string& message_nl,
                         int retry_seconds) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("sluis.example");
  (*info.mutable_metadata())["field"] = "exchange.purpose";
  status.add_details()->PackFrom(info);
  if (!message_nl.empty()) {
    google::rpc::LocalizedMessage text;
    text.set_locale("nl-NL");
    text.set_message(message_nl);
    status.add_details()->PackFrom(text);
  }
  if (retry_seconds >= 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(retry_seconds);
    status.add_details()->PackFrom(retry);
  }
  if (code == grpc::StatusCode::INVALID_ARGUMENT) {
    google::rpc::BadRequest bad;
    auto* violation = bad.add_field_violations();
    violation->set_field("exchange.purpose");
    violation->set_description("is no purpose of the policy");
    status.add_details()->PackFrom(bad);
  }
  return grpc::Status(code, message, status.SerializeAsString());
}

}  // namespace sluis::edge::testing
