// The methods of the contract with the types that they take and give.
#pragma once

#include "clients/lib/names.h"
#include "sluis/v1/arrangement.pb.h"
#include "sluis/v1/authorization.pb.h"
#include "sluis/v1/case.pb.h"
#include "sluis/v1/exchange.pb.h"
#include "sluis/v1/log.pb.h"
#include "sluis/v1/partner.pb.h"
#include "sluis/v1/pseudonym.pb.h"

namespace sluis::edge {

template <typename Request, typename Response>
struct Method {
  const char* path;
};

inline constexpr Method<wire::CreateExchangeRequest, wire::Exchange> kCreateExchange{
    "/sluis.v1.ExchangeService/CreateExchange"};
inline constexpr Method<wire::BatchCreateExchangesRequest, wire::BatchCreateExchangesResponse>
    kBatchCreateExchanges{"/sluis.v1.ExchangeService/BatchCreateExchanges"};
inline constexpr Method<wire::SendSubjectRequest, wire::Exchange> kSendSubject{
    "/sluis.v1.ExchangeService/SendSubject"};
inline constexpr Method<wire::RecordHitRequest, wire::Exchange> kRecordHit{
    "/sluis.v1.ExchangeService/RecordHit"};
inline constexpr Method<wire::GetExchangeRequest, wire::Exchange> kGetExchange{
    "/sluis.v1.ExchangeService/GetExchange"};
inline constexpr Method<wire::ListExchangesRequest, wire::ListExchangesResponse> kListExchanges{
    "/sluis.v1.ExchangeService/ListExchanges"};
inline constexpr Method<wire::ApproveExchangeRequest, wire::Exchange> kApproveExchange{
    "/sluis.v1.ExchangeService/ApproveExchange"};
inline constexpr Method<wire::AnswerExchangeRequest, wire::Exchange> kAnswerExchange{
    "/sluis.v1.ExchangeService/AnswerExchange"};
inline constexpr Method<wire::PrepareAnswerRequest, wire::Exchange> kPrepareAnswer{
    "/sluis.v1.ExchangeService/PrepareAnswer"};
inline constexpr Method<wire::RefuseExchangeRequest, wire::Exchange> kRefuseExchange{
    "/sluis.v1.ExchangeService/RefuseExchange"};
inline constexpr Method<wire::WithdrawExchangeRequest, wire::Exchange> kWithdrawExchange{
    "/sluis.v1.ExchangeService/WithdrawExchange"};
inline constexpr Method<wire::OpenDeliveryRequest, wire::Delivery> kOpenDelivery{
    "/sluis.v1.ExchangeService/OpenDelivery"};
inline constexpr Method<wire::ConfirmOpeningRequest, wire::Exchange> kConfirmOpening{
    "/sluis.v1.ExchangeService/ConfirmOpening"};
inline constexpr Method<wire::ConfirmDestructionRequest, wire::Exchange> kConfirmDestruction{
    "/sluis.v1.ExchangeService/ConfirmDestruction"};
inline constexpr Method<wire::WatchInboxRequest, wire::InboxEntry> kWatchInbox{
    "/sluis.v1.ExchangeService/WatchInbox"};
inline constexpr Method<wire::ListOptionsRequest, wire::ListOptionsResponse> kListOptions{
    "/sluis.v1.ExchangeService/ListOptions"};

inline constexpr Method<wire::OpenSessionRequest, wire::Session> kOpenSession{
    "/sluis.v1.PseudonymService/OpenSession"};
inline constexpr Method<wire::RevokeSessionRequest, wire::RevokeSessionResponse> kRevokeSession{
    "/sluis.v1.PseudonymService/RevokeSession"};
inline constexpr Method<wire::ShredDomainRequest, wire::ShredDomainResponse> kShredDomain{
    "/sluis.v1.PseudonymService/ShredDomain"};
inline constexpr Method<wire::PrepareEnrolmentRequest, wire::PrepareEnrolmentResponse>
    kPrepareEnrolment{"/sluis.v1.PseudonymService/PrepareEnrolment"};
inline constexpr Method<wire::EvaluateEnrolmentRequest, wire::EvaluateEnrolmentResponse>
    kEvaluateEnrolment{"/sluis.v1.PseudonymService/EvaluateEnrolment"};

inline constexpr Method<wire::CreateCaseRequest, wire::Case> kCreateCase{
    "/sluis.v1.CaseService/CreateCase"};
inline constexpr Method<wire::GetCaseRequest, wire::Case> kGetCase{"/sluis.v1.CaseService/GetCase"};
inline constexpr Method<wire::ListCasesRequest, wire::ListCasesResponse> kListCases{
    "/sluis.v1.CaseService/ListCases"};
inline constexpr Method<wire::AdvanceCaseRequest, wire::Case> kAdvanceCase{
    "/sluis.v1.CaseService/AdvanceCase"};
inline constexpr Method<wire::CloseCaseRequest, wire::Case> kCloseCase{
    "/sluis.v1.CaseService/CloseCase"};

inline constexpr Method<wire::RegisterArrangementRequest, wire::Arrangement> kRegisterArrangement{
    "/sluis.v1.ArrangementService/RegisterArrangement"};
inline constexpr Method<wire::ListArrangementsRequest, wire::ListArrangementsResponse>
    kListArrangements{"/sluis.v1.ArrangementService/ListArrangements"};

inline constexpr Method<wire::ListReceiptsRequest, wire::ListReceiptsResponse> kListReceipts{
    "/sluis.v1.LogService/ListReceipts"};
inline constexpr Method<wire::ListRecordsRequest, wire::ListRecordsResponse> kListRecords{
    "/sluis.v1.LogService/ListRecords"};

inline constexpr Method<wire::GetDirectoryRequest, wire::Directory> kGetDirectory{
    "/sluis.v1.PartnerService/GetDirectory"};

inline constexpr Method<wire::EvaluateAccessRequest, wire::EvaluateAccessResponse> kEvaluateAccess{
    "/sluis.v1.AuthorizationService/EvaluateAccess"};
inline constexpr Method<wire::BatchEvaluateAccessRequest, wire::BatchEvaluateAccessResponse>
    kBatchEvaluateAccess{"/sluis.v1.AuthorizationService/BatchEvaluateAccess"};
inline constexpr Method<wire::SearchSubjectsRequest, wire::SearchSubjectsResponse> kSearchSubjects{
    "/sluis.v1.AuthorizationService/SearchSubjects"};
inline constexpr Method<wire::SearchResourcesRequest, wire::SearchResourcesResponse>
    kSearchResources{"/sluis.v1.AuthorizationService/SearchResources"};
inline constexpr Method<wire::SearchActionsRequest, wire::SearchActionsResponse> kSearchActions{
    "/sluis.v1.AuthorizationService/SearchActions"};

}  // namespace sluis::edge
