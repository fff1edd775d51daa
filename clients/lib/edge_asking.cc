// Verbs that start an exchange, and those of its requester.
#include "clients/lib/edge_calls.h"
#include "clients/lib/seal_exchange.h"
#include "lib/base/error.h"

namespace sluis::edge {
namespace {

wire::CreateExchangeRequest RequestFor(const PartyId& own, const wire::Exchange& exchange,
                                       const std::string& new_case_phase,
                                       const std::string& request_id) {
  wire::CreateExchangeRequest request;
  request.set_parent(PartyName(own));
  *request.mutable_exchange() = exchange;
  request.set_new_case_phase(new_case_phase);
  request.set_request_id(request_id);
  return request;
}

}  // namespace

absl::StatusOr<DirectoryPtr> Edge::DirectoryForSealing() {
  SLUIS_ASSIGN_OR_RETURN(DirectoryPtr directory, Directory());
  SLUIS_RETURN_IF_ERROR(CheckOwnKeys(*directory, party_));
  return directory;
}

absl::StatusOr<wire::Exchange> Edge::Ask(const ExchangeTerms& terms, const Subject& subject,
                                         bool verified) {
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, DirectoryForSealing());
  const wire::Exchange exchange = WriteExchange("request", terms, party_.party());
  const Bytes stated = exchange.SerializeAsString();
  SLUIS_ASSIGN_OR_RETURN(
      wire::Exchange asked,
      Act(kCreateExchange,
          {stated, terms.new_case_phase, SubjectKindName(subject.kind()),
           subject.value(SecretAccess::ForCrypto()), verified ? "1" : "0"},
          std::function(
              [&](const std::string& request_id) -> absl::StatusOr<wire::CreateExchangeRequest> {
                auto request =
                    RequestFor(party_.party(), exchange, terms.new_case_phase, request_id);
                SLUIS_ASSIGN_OR_RETURN(*request.mutable_exchange()->mutable_subject(),
                                       SealSubject(exchange, request_id, subject, verified, party_,
                                                   *directory, clock_.Now()));
                return request;
              })));
  SLUIS_RETURN_IF_ERROR(subjects_->Note(subject, asked.name(), kPartAsked, {}, clock_.Now()));
  return asked;
}

absl::StatusOr<wire::Exchange> Edge::Create(const wire::Exchange& exchange,
                                            const std::string& new_case_phase) {
  const Bytes stated = exchange.SerializeAsString();
  return Act(kCreateExchange, {stated, new_case_phase},
             std::function(
                 [&](const std::string& request_id) -> absl::StatusOr<wire::CreateExchangeRequest> {
                   return RequestFor(party_.party(), exchange, new_case_phase, request_id);
                 }));
}

absl::StatusOr<wire::Exchange> Edge::AnnounceDisclosure(const ExchangeTerms& terms) {
  return Create(WriteExchange("disclose", terms, party_.party()), terms.new_case_phase);
}

absl::StatusOr<wire::Exchange> Edge::AnnounceRecall(const RecallTerms& recall) {
  SLUIS_RETURN_IF_ERROR(ParseExchangeName(recall.earlier_exchange).status());
  wire::Exchange exchange = WriteExchange("recall", recall.terms, party_.party());
  exchange.set_earlier_exchange(recall.earlier_exchange);
  exchange.set_recall_kind(recall.kind);
  return Create(exchange, "");
}

absl::StatusOr<wire::Exchange> Edge::Try(std::string_view action, const ExchangeTerms& terms) {
  auto request = RequestFor(party_.party(), WriteExchange(action, terms, party_.party()),
                            terms.new_case_phase, NewRequestId());
  request.set_validate_only(true);
  return Read(kCreateExchange, request);
}

absl::StatusOr<wire::Exchange> Edge::Get(const std::string& name) {
  SLUIS_RETURN_IF_ERROR(ParseExchangeName(name).status());
  RenewWhenDue();
  wire::GetExchangeRequest request;
  request.set_name(name);
  SLUIS_ASSIGN_OR_RETURN(wire::Exchange exchange, Read(kGetExchange, request));
  if (exchange.name() != name) return AnswerMismatch("is about another exchange");
  SLUIS_RETURN_IF_ERROR(KeepReceiptsOf(exchange));
  SLUIS_RETURN_IF_ERROR(ForgetIfEnded(exchange));
  return exchange;
}

absl::StatusOr<wire::ListExchangesResponse> Edge::List(const std::optional<CaseId>& in_case,
                                                       int page_size,
                                                       const std::string& page_token) {
  wire::ListExchangesRequest request;
  request.set_parent(PartyName(party_.party()));
  if (in_case) request.set_case_(CaseName(*in_case));
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  SLUIS_ASSIGN_OR_RETURN(wire::ListExchangesResponse list, Read(kListExchanges, request));
  for (const wire::Exchange& exchange : list.exchanges()) {
    SLUIS_RETURN_IF_ERROR(KeepReceiptsOf(exchange));
  }
  return list;
}

absl::StatusOr<wire::Exchange> Edge::Withdraw(const std::string& name) {
  SLUIS_RETURN_IF_ERROR(ParseExchangeName(name).status());
  return Act(
      kWithdrawExchange, {name},
      std::function(
          [&](const std::string& request_id) -> absl::StatusOr<wire::WithdrawExchangeRequest> {
            wire::WithdrawExchangeRequest request;
            request.set_name(name);
            request.set_request_id(request_id);
            return request;
          }));
}

}  // namespace sluis::edge
