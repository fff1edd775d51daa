// Verbs of cases and arrangements.
#include <algorithm>

#include "clients/lib/edge_calls.h"
#include "clients/lib/new_case.h"
#include "lib/base/error.h"

namespace sluis::edge {

absl::StatusOr<wire::Case> Edge::CreateCase(const std::string& phase) {
  return Act(
      kCreateCase, {phase},
      std::function([&](const std::string& request_id) -> absl::StatusOr<wire::CreateCaseRequest> {
        wire::CreateCaseRequest request;
        request.set_parent(PartyName(party_.party()));
        request.set_case_id(NewCaseId().hex());
        request.set_phase(phase);
        request.set_request_id(request_id);
        return request;
      }));
}

absl::StatusOr<wire::Case> Edge::GetCase(const CaseId& id) {
  wire::GetCaseRequest request;
  request.set_name(CaseName(id));
  return Read(kGetCase, request);
}

absl::StatusOr<wire::ListCasesResponse> Edge::ListCases(int page_size,
                                                        const std::string& page_token) {
  wire::ListCasesRequest request;
  request.set_parent(PartyName(party_.party()));
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  return Read(kListCases, request);
}

absl::StatusOr<wire::Case> Edge::AdvanceCase(const CaseId& id, const std::string& phase,
                                             const std::string& etag) {
  return Act(
      kAdvanceCase, {id.bytes(), phase, etag},
      std::function([&](const std::string& request_id) -> absl::StatusOr<wire::AdvanceCaseRequest> {
        wire::AdvanceCaseRequest request;
        request.set_name(CaseName(id));
        request.set_phase(phase);
        request.set_etag(etag);
        request.set_request_id(request_id);
        return request;
      }));
}

absl::StatusOr<wire::Case> Edge::CloseCase(const CaseId& id, const std::string& etag) {
  return Act(
      kCloseCase, {id.bytes(), etag},
      std::function([&](const std::string& request_id) -> absl::StatusOr<wire::CloseCaseRequest> {
        wire::CloseCaseRequest request;
        request.set_name(CaseName(id));
        request.set_etag(etag);
        request.set_request_id(request_id);
        return request;
      }));
}

absl::StatusOr<wire::PartySignature> Edge::SignArrangement(BytesView statement) const {
  SLUIS_ASSIGN_OR_RETURN(const auto arrangement, identity::Arrangement::Parse(statement));
  const auto& parties = arrangement.terms().parties;
  if (std::find(parties.begin(), parties.end(), party_.party()) == parties.end()) {
    return InvalidField("FIELD_INVALID", "parties",
                        "does not name this party; nothing of it is yours to sign");
  }
  wire::PartySignature signature;
  WriteParty(party_.party(), signature.mutable_party());
  signature.set_signature(identity::SignArrangement(arrangement, party_.signing()));
  return signature;
}

absl::StatusOr<wire::Arrangement> Edge::RegisterArrangement(
    BytesView statement, const std::vector<wire::PartySignature>& signatures) {
  identity::PartySignatures given;
  for (const wire::PartySignature& one : signatures) {
    SLUIS_ASSIGN_OR_RETURN(const PartyId party, ReadParty(one.party()));
    given.emplace_back(party, one.signature());
  }
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, Directory());
  SLUIS_ASSIGN_OR_RETURN(const auto arrangement,
                         identity::VerifyArrangement(statement, given, *directory));
  return Act(
      kRegisterArrangement, {statement},
      std::function(
          [&](const std::string& request_id) -> absl::StatusOr<wire::RegisterArrangementRequest> {
            wire::RegisterArrangementRequest request;
            request.set_request_id(request_id);
            wire::Arrangement* sent = request.mutable_arrangement();
            sent->set_name(ArrangementName(arrangement.terms().id));
            sent->set_statement(arrangement.statement());
            sent->mutable_signatures()->Add(signatures.begin(), signatures.end());
            return request;
          }));
}

absl::StatusOr<wire::ListArrangementsResponse> Edge::ListArrangements(
    int page_size, const std::string& page_token) {
  wire::ListArrangementsRequest request;
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  return Read(kListArrangements, request);
}

}  // namespace sluis::edge
