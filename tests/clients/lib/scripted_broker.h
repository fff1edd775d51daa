// A broker for tests of the edge: real gRPC over mutual TLS, real log and receipts, and a script
// that makes it fail or lie. It keeps no policy; the real one is tested end to end elsewhere.
#pragma once

#include <grpcpp/server.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lib/base/ids.h"
#include "lib/crypto/ed25519.h"
#include "lib/tlog/leaf.h"
#include "sluis/v1/case.grpc.pb.h"
#include "sluis/v1/exchange.grpc.pb.h"
#include "sluis/v1/log.grpc.pb.h"
#include "sluis/v1/partner.grpc.pb.h"
#include "sluis/v1/pseudonym.grpc.pb.h"
#include "tests/clients/lib/transcryptor_pair.h"

namespace sluis::edge::testing {

namespace wire = ::sluis::v1;

inline constexpr char kLogOrigin[] = "log.sluis.example/2026";

// A growing log that proves every leaf against its newest checkpoint. Not thread-safe.
class ScriptedLog {
 public:
  std::string vkey() const;
  // Appends a leaf about this exchange (or none) and gives its receipt.
  wire::Receipt Append(tlog::LeafKind kind, const ExchangeId& exchange);
  wire::Receipt ReceiptOf(std::size_t index) const;

 private:
  Ed25519PrivateKey key_ = Ed25519PrivateKey::Generate();
  std::vector<Bytes> leaves_;
  std::vector<tlog::LeafKind> kinds_;
};

// Everything public is for the test's thread while no call runs, or is locked with `mutex`.
class ScriptedBroker : public wire::ExchangeService::Service,
                       public wire::CaseService::Service,
                       public wire::LogService::Service,
                       public wire::PseudonymService::Service,
                       public wire::PartnerService::Service {
 public:
  // TLS material as PEM. Listens on a free port of 127.0.0.1.
  void Start(const std::string& certificate, const std::string& key, const std::string& clients);
  void Stop();
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // --- script ---
  // Runs before a call is carried out and, with `done`, before its answer leaves; a status that is
  // not OK is answered instead.
  std::function<grpc::Status(const std::string& method, bool done)> fault;
  // May change what a provider is asked, before GetExchange shows it.
  std::function<void(wire::Exchange&)> change_question;
  // May change an answer before it leaves.
  std::function<void(wire::Exchange&)> change_exchange;
  std::function<void(wire::Delivery&)> change_delivery;
  Bytes directory_note;
  std::function<void(wire::Session&)> change_session;
  // Of fields that are not released in form exact.
  std::map<std::string, std::string> forms;
  std::function<absl::Time()> now = [] { return absl::Now(); };
  // Of every party that opens sessions.
  std::map<std::string, SealRecipient> desks;
  // Of every party that signs hits.
  std::map<std::string, Ed25519PublicKey> hit_keys;
  // Domain of disclosures for the weighing, whatever their case.
  std::string weighing_table = "77777777777777777777777777777777";
  absl::Duration statement_life = absl::Hours(24 * 4);
  bool transcryptors_away = false;
  TranscryptorPair transcryptors;
  Ed25519PrivateKey decision_key = Ed25519PrivateKey::Generate();
  // The release of a QUEUED exchange goes on, as if a transcryptor came back.
  absl::Status GoOn(const std::string& name);
  wire::ExchangeState first_state = wire::EXCHANGE_STATE_FORWARDED;
  int entries_a_stream = 1000;  // then the connection "breaks"

  // --- what happened ---
  struct Seen {
    std::string method, authorization, traceparent;
    Bytes request;
  };
  std::vector<Seen> seen;
  std::vector<Seen> SeenOf(const std::string& method) const;
  std::map<std::string, wire::Exchange> exchanges;  // by name, without receipts
  std::map<std::string, wire::Release> mailbox;
  std::map<std::string, wire::Transcryption> questions;  // by name of the exchange
  std::map<std::string, std::vector<wire::Transcryption>> transcryptions;
  std::map<std::string, std::vector<Bytes>> live_contexts;  // by party, oldest first
  std::vector<wire::InboxEntry> inbox;
  ScriptedLog log;
  std::mutex mutex;

 private:
  using Context = grpc::ServerContext;
  template <typename Request, typename Response>
  grpc::Status Run(Context* context, const std::string& method, const Request& request,
                   Response* response, const std::function<grpc::Status()>& act);
  // An act that is done once for its request_id.
  template <typename Request>
  grpc::Status Once(Context* context, const std::string& method, const Request& request,
                    wire::Exchange* response,
                    const std::function<grpc::Status(wire::Exchange&)>& act);
  template <typename Request>
  grpc::Status Move(Context* context, const std::string& method, const Request& request,
                    wire::Exchange* response, tlog::LeafKind kind, wire::ExchangeState to,
                    const std::function<void(wire::Exchange&)>& also = {});

  // An exchange as it was asked, under a fresh name, and its leaves.
  wire::Exchange Make(const std::string& parent, const wire::Exchange& asked,
                      const std::string& request_id, wire::Exchange& answer);
  // What the asker of a question to a register may know before he brings its subject.
  void PrepareQuestion(wire::Exchange& exchange);
  void State(wire::Exchange& exchange);
  grpc::Status BatchCreateExchanges(Context*, const wire::BatchCreateExchangesRequest*,
                                    wire::BatchCreateExchangesResponse*) override;
  grpc::Status SendSubject(Context*, const wire::SendSubjectRequest*, wire::Exchange*) override;
  grpc::Status RecordHit(Context*, const wire::RecordHitRequest*, wire::Exchange*) override;

  // What a prepared exchange says: domain, statement, context; QUEUED without a session.
  void Prepare(wire::Exchange& exchange);
  grpc::Status TakeRelease(const wire::AnswerExchangeRequest& request, wire::Exchange& exchange);
  grpc::Status Receipted(tlog::LeafKind kind, const std::string& name, wire::Exchange& answer);

  grpc::Status CreateExchange(Context*, const wire::CreateExchangeRequest*,
                              wire::Exchange*) override;
  grpc::Status GetExchange(Context*, const wire::GetExchangeRequest*, wire::Exchange*) override;
  grpc::Status ApproveExchange(Context*, const wire::ApproveExchangeRequest*,
                               wire::Exchange*) override;
  grpc::Status AnswerExchange(Context*, const wire::AnswerExchangeRequest*,
                              wire::Exchange*) override;
  grpc::Status PrepareAnswer(Context*, const wire::PrepareAnswerRequest*, wire::Exchange*) override;
  grpc::Status OpenSession(Context*, const wire::OpenSessionRequest*, wire::Session*) override;
  grpc::Status RevokeSession(Context*, const wire::RevokeSessionRequest*,
                             wire::RevokeSessionResponse*) override;
  grpc::Status ShredDomain(Context*, const wire::ShredDomainRequest*,
                           wire::ShredDomainResponse*) override;
  grpc::Status RefuseExchange(Context*, const wire::RefuseExchangeRequest*,
                              wire::Exchange*) override;
  grpc::Status WithdrawExchange(Context*, const wire::WithdrawExchangeRequest*,
                                wire::Exchange*) override;
  grpc::Status OpenDelivery(Context*, const wire::OpenDeliveryRequest*, wire::Delivery*) override;
  grpc::Status ConfirmOpening(Context*, const wire::ConfirmOpeningRequest*,
                              wire::Exchange*) override;
  grpc::Status ConfirmDestruction(Context*, const wire::ConfirmDestructionRequest*,
                                  wire::Exchange*) override;
  grpc::Status WatchInbox(Context*, const wire::WatchInboxRequest*,
                          grpc::ServerWriter<wire::InboxEntry>*) override;
  grpc::Status CreateCase(Context*, const wire::CreateCaseRequest*, wire::Case*) override;
  grpc::Status ListReceipts(Context*, const wire::ListReceiptsRequest*,
                            wire::ListReceiptsResponse*) override;
  grpc::Status GetDirectory(Context*, const wire::GetDirectoryRequest*, wire::Directory*) override;

  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  std::map<std::string, wire::Exchange> answers_;  // by method and request_id
  std::map<std::string, wire::Session> opened_;    // by request_id
  std::map<std::string, wire::BatchCreateExchangesResponse> batches_;  // by request_id
  std::map<std::string, std::vector<std::size_t>> leaves_of_;
};

// A status with google.rpc details, as the broker's rpc layer makes it.
grpc::Status BrokerError(grpc::StatusCode code, const std::string& reason,
                         const std::string& message, const std::string& message_nl = "",
                         int retry_seconds = -1);

}  // namespace sluis::edge::testing
