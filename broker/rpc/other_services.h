// The smaller services of the contract: cases, arrangements, log, pseudonyms and directory.
#pragma once

#include "broker/rpc/gate.h"
#include "sluis/v1/arrangement.grpc.pb.h"
#include "sluis/v1/case.grpc.pb.h"
#include "sluis/v1/log.grpc.pb.h"
#include "sluis/v1/partner.grpc.pb.h"
#include "sluis/v1/pseudonym.grpc.pb.h"

namespace sluis::rpc {

class CaseServiceImpl final : public v1::CaseService::CallbackService {
 public:
  explicit CaseServiceImpl(const Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* CreateCase(grpc::CallbackServerContext*, const v1::CreateCaseRequest*,
                                       v1::Case*) override;
  grpc::ServerUnaryReactor* GetCase(grpc::CallbackServerContext*, const v1::GetCaseRequest*,
                                    v1::Case*) override;
  grpc::ServerUnaryReactor* ListCases(grpc::CallbackServerContext*, const v1::ListCasesRequest*,
                                      v1::ListCasesResponse*) override;
  grpc::ServerUnaryReactor* AdvanceCase(grpc::CallbackServerContext*, const v1::AdvanceCaseRequest*,
                                        v1::Case*) override;
  grpc::ServerUnaryReactor* CloseCase(grpc::CallbackServerContext*, const v1::CloseCaseRequest*,
                                      v1::Case*) override;

 private:
  const Gate& gate_;
};

class ArrangementServiceImpl final : public v1::ArrangementService::CallbackService {
 public:
  explicit ArrangementServiceImpl(const Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* RegisterArrangement(grpc::CallbackServerContext*,
                                                const v1::RegisterArrangementRequest*,
                                                v1::Arrangement*) override;
  grpc::ServerUnaryReactor* ListArrangements(grpc::CallbackServerContext*,
                                             const v1::ListArrangementsRequest*,
                                             v1::ListArrangementsResponse*) override;

 private:
  const Gate& gate_;
};

class LogServiceImpl final : public v1::LogService::CallbackService {
 public:
  explicit LogServiceImpl(const Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* ListReceipts(grpc::CallbackServerContext*,
                                         const v1::ListReceiptsRequest*,
                                         v1::ListReceiptsResponse*) override;
  grpc::ServerUnaryReactor* ListRecords(grpc::CallbackServerContext*, const v1::ListRecordsRequest*,
                                        v1::ListRecordsResponse*) override;

 private:
  const Gate& gate_;
};

class PseudonymServiceImpl final : public v1::PseudonymService::CallbackService {
 public:
  explicit PseudonymServiceImpl(const Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* OpenSession(grpc::CallbackServerContext*, const v1::OpenSessionRequest*,
                                        v1::Session*) override;
  grpc::ServerUnaryReactor* RevokeSession(grpc::CallbackServerContext*,
                                          const v1::RevokeSessionRequest*,
                                          v1::RevokeSessionResponse*) override;
  grpc::ServerUnaryReactor* ShredDomain(grpc::CallbackServerContext*, const v1::ShredDomainRequest*,
                                        v1::ShredDomainResponse*) override;
  grpc::ServerUnaryReactor* PrepareEnrolment(grpc::CallbackServerContext*,
                                             const v1::PrepareEnrolmentRequest*,
                                             v1::PrepareEnrolmentResponse*) override;
  grpc::ServerUnaryReactor* EvaluateEnrolment(grpc::CallbackServerContext*,
                                              const v1::EvaluateEnrolmentRequest*,
                                              v1::EvaluateEnrolmentResponse*) override;

 private:
  const Gate& gate_;
};

class PartnerServiceImpl final : public v1::PartnerService::CallbackService {
 public:
  explicit PartnerServiceImpl(const Gate& gate) : gate_(gate) {}
  grpc::ServerUnaryReactor* GetDirectory(grpc::CallbackServerContext*,
                                         const v1::GetDirectoryRequest*, v1::Directory*) override;

 private:
  const Gate& gate_;
};

}  // namespace sluis::rpc
