// sluis.v1.ExchangeService: converts, calls the core, converts back.
#pragma once

#include "broker/rpc/gate.h"
#include "broker/rpc/inbox_streams.h"
#include "sluis/v1/exchange.grpc.pb.h"

namespace sluis::rpc {

class ExchangeServiceImpl final : public v1::ExchangeService::CallbackService {
 public:
  ExchangeServiceImpl(const Gate& gate, InboxStreams& streams) : gate_(gate), streams_(streams) {}

  grpc::ServerUnaryReactor* CreateExchange(grpc::CallbackServerContext*,
                                           const v1::CreateExchangeRequest*,
                                           v1::Exchange*) override;
  grpc::ServerUnaryReactor* BatchCreateExchanges(grpc::CallbackServerContext*,
                                                 const v1::BatchCreateExchangesRequest*,
                                                 v1::BatchCreateExchangesResponse*) override;
  grpc::ServerUnaryReactor* SendSubject(grpc::CallbackServerContext*, const v1::SendSubjectRequest*,
                                        v1::Exchange*) override;
  grpc::ServerUnaryReactor* RecordHit(grpc::CallbackServerContext*, const v1::RecordHitRequest*,
                                      v1::Exchange*) override;
  grpc::ServerUnaryReactor* GetExchange(grpc::CallbackServerContext*, const v1::GetExchangeRequest*,
                                        v1::Exchange*) override;
  grpc::ServerUnaryReactor* ListExchanges(grpc::CallbackServerContext*,
                                          const v1::ListExchangesRequest*,
                                          v1::ListExchangesResponse*) override;
  grpc::ServerUnaryReactor* ApproveExchange(grpc::CallbackServerContext*,
                                            const v1::ApproveExchangeRequest*,
                                            v1::Exchange*) override;
  grpc::ServerUnaryReactor* PrepareAnswer(grpc::CallbackServerContext*,
                                          const v1::PrepareAnswerRequest*, v1::Exchange*) override;
  grpc::ServerUnaryReactor* AnswerExchange(grpc::CallbackServerContext*,
                                           const v1::AnswerExchangeRequest*,
                                           v1::Exchange*) override;
  grpc::ServerUnaryReactor* RefuseExchange(grpc::CallbackServerContext*,
                                           const v1::RefuseExchangeRequest*,
                                           v1::Exchange*) override;
  grpc::ServerUnaryReactor* WithdrawExchange(grpc::CallbackServerContext*,
                                             const v1::WithdrawExchangeRequest*,
                                             v1::Exchange*) override;
  grpc::ServerUnaryReactor* OpenDelivery(grpc::CallbackServerContext*,
                                         const v1::OpenDeliveryRequest*, v1::Delivery*) override;
  grpc::ServerUnaryReactor* ConfirmOpening(grpc::CallbackServerContext*,
                                           const v1::ConfirmOpeningRequest*,
                                           v1::Exchange*) override;
  grpc::ServerUnaryReactor* ConfirmDestruction(grpc::CallbackServerContext*,
                                               const v1::ConfirmDestructionRequest*,
                                               v1::Exchange*) override;
  grpc::ServerWriteReactor<v1::InboxEntry>* WatchInbox(grpc::CallbackServerContext*,
                                                       const v1::WatchInboxRequest*) override;
  grpc::ServerUnaryReactor* ListOptions(grpc::CallbackServerContext*, const v1::ListOptionsRequest*,
                                        v1::ListOptionsResponse*) override;

 private:
  const Gate& gate_;
  InboxStreams& streams_;
};

}  // namespace sluis::rpc
