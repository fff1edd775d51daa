#include "broker/rpc/convert.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

absl::Duration TimeToLive(const v1::Exchange& exchange) {
  if (!exchange.has_time_to_live()) return kLongestTimeToLive;
  const auto& wire = exchange.time_to_live();
  return absl::Seconds(wire.seconds()) + absl::Nanoseconds(wire.nanos());
}

absl::Time FromWireTime(const google::protobuf::Timestamp& wire) {
  return absl::FromUnixSeconds(wire.seconds()) + absl::Nanoseconds(wire.nanos());
}

absl::StatusOr<exchange::CreateExchange> AskFrom(const v1::Exchange& wire,
                                                 const std::string& parent,
                                                 const std::string& request_id) {
  exchange::CreateExchange ask;
  SLUIS_ASSIGN_OR_RETURN(ask.parent, ParsePartyName(parent));
  SLUIS_ASSIGN_OR_RETURN(ask.provider, FromWire(wire.provider()));
  SLUIS_ASSIGN_OR_RETURN(ask.recipient, FromWire(wire.recipient()));
  SLUIS_ASSIGN_OR_RETURN(ask.case_id, ParseCaseName(wire.case_()));
  ask.time_to_live = TimeToLive(wire);
  if (!wire.earlier_exchange().empty()) {
    SLUIS_ASSIGN_OR_RETURN(ask.earlier, ExchangeIdOf(wire.earlier_exchange()));
  }
  if (!wire.from_domain().empty()) {
    SLUIS_ASSIGN_OR_RETURN(ask.from_domain, CaseId::Parse(wire.from_domain()));
  }
  ask.from_purpose = wire.from_purpose();
  ask.register_name = wire.register_();
  ask.action = wire.action();
  ask.purpose = wire.purpose();
  ask.basis = wire.legal_basis();
  ask.regime = wire.regime();
  ask.subject_category = wire.subject_category();
  ask.fields.assign(wire.fields().begin(), wire.fields().end());
  ask.subset = wire.mode() == v1::RELEASE_MODE_SUBSET;
  ask.emergency = wire.emergency();
  ask.recall_kind = wire.recall_kind();
  if (wire.has_subject()) {
    ask.subject = storage::SubjectRecord{wire.subject().sealed(), wire.subject().verified(),
                                         wire.subject().signature(), request_id};
  }
  return ask;
}

}  // namespace

absl::StatusOr<PartyId> FromWire(const v1::Party& party) {
  PartyId id;
  SLUIS_ASSIGN_OR_RETURN(id.oin, Oin::Parse(party.organisation()));
  SLUIS_ASSIGN_OR_RETURN(id.unit, UnitPath::Parse(party.unit()));
  return id;
}

absl::StatusOr<ExchangeId> ExchangeIdOf(std::string_view name) {
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName parsed, ParseExchangeName(name));
  return parsed.id;
}

absl::StatusOr<exchange::CreateExchange> FromWire(const v1::CreateExchangeRequest& request) {
  SLUIS_ASSIGN_OR_RETURN(exchange::CreateExchange ask,
                         AskFrom(request.exchange(), request.parent(), request.request_id()));
  if (!request.new_case_phase().empty()) ask.new_case_phase = request.new_case_phase();
  ask.validate_only = request.validate_only();
  return ask;
}

absl::StatusOr<std::vector<exchange::CreateExchange>> FromWire(
    const v1::BatchCreateExchangesRequest& request) {
  std::vector<exchange::CreateExchange> asks;
  for (const v1::Exchange& wire : request.exchanges()) {
    SLUIS_ASSIGN_OR_RETURN(exchange::CreateExchange ask,
                           AskFrom(wire, request.parent(), request.request_id()));
    asks.push_back(std::move(ask));
  }
  return asks;
}

absl::StatusOr<exchange::Prepare> FromWire(const v1::PrepareAnswerRequest& request) {
  exchange::Prepare prepare;
  SLUIS_ASSIGN_OR_RETURN(prepare.exchange, ExchangeIdOf(request.name()));
  prepare.regime = request.regime();
  prepare.subject_category = request.subject_category();
  prepare.subject_verified = request.subject_verified();
  return prepare;
}

absl::StatusOr<exchange::Answer> FromWire(const v1::AnswerExchangeRequest& request) {
  exchange::Answer answer;
  SLUIS_ASSIGN_OR_RETURN(answer.exchange, ExchangeIdOf(request.name()));
  answer.header = request.release().header();
  answer.signature = request.release().signature();
  answer.sealed_fields.assign(request.release().sealed_fields().begin(),
                              request.release().sealed_fields().end());
  answer.signed_requests.assign(request.release().signed_requests().begin(),
                                request.release().signed_requests().end());
  return answer;
}

absl::StatusOr<exchange::ListRecords> FromWire(const v1::ListRecordsRequest& request,
                                               const PartyId& caller) {
  exchange::ListRecords list;
  SLUIS_ASSIGN_OR_RETURN(list.parent, ParsePartyName(request.parent()));
  list.provider.oin = caller.oin;
  if (!request.organisation().empty()) {
    SLUIS_ASSIGN_OR_RETURN(list.provider.oin, Oin::Parse(request.organisation()));
  }
  SLUIS_ASSIGN_OR_RETURN(list.provider.unit, UnitPath::Parse(request.unit()));
  list.use = request.use();
  list.purpose = request.purpose();
  list.basis = request.legal_basis();
  list.regime = request.regime();
  if (request.has_start_time()) list.start = FromWireTime(request.start_time());
  if (request.has_end_time()) list.end = FromWireTime(request.end_time());
  return list;
}

absl::StatusOr<storage::ArrangementRecord> FromWire(const v1::Arrangement& wire) {
  storage::ArrangementRecord record;
  if (!wire.name().empty()) record.id = wire.name().substr(kArrangementPrefix.size());
  record.statement = wire.statement();
  for (const v1::PartySignature& signature : wire.signatures()) {
    SLUIS_ASSIGN_OR_RETURN(PartyId party, FromWire(signature.party()));
    record.signatures.emplace_back(std::move(party), signature.signature());
  }
  return record;
}

}  // namespace sluis::rpc
