// The core's port to one transcryptor over gRPC: every call has a deadline, and every reply comes
// once.
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>
#include <set>
#include <string>

#include "broker/exchange/transcryptors.h"
#include "lib/base/mutex.h"
#include "sluis/transcryptor/v1/transcryptor.grpc.pb.h"

namespace sluis::rpc {

struct TranscryptorClientOptions {
  int hop = 1;                                 // 1 or 2
  std::string address;                         // host:port
  absl::Duration deadline = absl::Seconds(5);  // of one call
};

// Thread-safe.
class TranscryptorClient final : public exchange::Transcryptor {
 public:
  TranscryptorClient(TranscryptorClientOptions options,
                     std::shared_ptr<grpc::ChannelCredentials> credentials);
  // Waits for what Stop left.
  ~TranscryptorClient() override;

  void Transcrypt(exchange::HopAsk ask, exchange::Reply<storage::HopRecord> reply) override;
  void EvaluateEnrolment(exchange::EnrolmentAsk ask,
                         exchange::Reply<exchange::EnrolmentHop> reply) override;
  void OpenSession(exchange::SignedBytes head, std::optional<exchange::SessionEvaluation> first,
                   exchange::Reply<exchange::SessionHalf> reply) override;
  void RecordSession(exchange::SignedBytes head, exchange::SessionEvaluation first,
                     exchange::SessionEvaluation second,
                     exchange::Reply<exchange::Nothing> reply) override;
  void RevokeSession(exchange::SignedBytes head, exchange::Reply<exchange::Nothing> reply) override;
  void ShredDomain(exchange::SignedBytes order, exchange::Reply<absl::Time> reply) override;
  void PutArrangement(storage::ArrangementRecord arrangement,
                      exchange::Reply<exchange::Nothing> reply) override;

  // Cancels what is under way and waits until every reply was given; from then on all is
  // UNAVAILABLE.
  void Stop();

 private:
  template <typename Request, typename Response>
  struct Call;
  template <typename Request, typename Response, typename Start, typename Convert, typename Result>
  void Run(Request request, Start start, Convert convert, exchange::Reply<Result> reply);
  // False once stopped.
  bool Enter(grpc::ClientContext* context);
  void Leave(grpc::ClientContext* context);
  // What a gRPC status says: a refusal with its code, or that it is away.
  absl::Status StatusOf(const grpc::Status& status) const;

  const TranscryptorClientOptions options_;
  const std::unique_ptr<transcryptor::v1::TranscryptorService::Stub> stub_;
  Mutex mutex_;
  CondVar changed_;
  bool stopped_ SLUIS_GUARDED_BY(mutex_) = false;
  std::set<grpc::ClientContext*> under_way_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::rpc
