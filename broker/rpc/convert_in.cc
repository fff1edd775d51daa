#include <set>

#include "absl/strings/str_format.h"
#include "broker/rpc/convert.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::rpc {
namespace {

constexpr absl::Duration kLongestWait = absl::Hours(24 * 14);

absl::StatusOr<absl::Duration> TimeToLive(const v1::Exchange& exchange) {
  if (!exchange.has_time_to_live()) return kLongestWait;
  const auto& wire = exchange.time_to_live();
  // Compared before it is multiplied: a wire value may be anything.
  const bool fits = wire.seconds() >= 60 && wire.seconds() <= absl::ToInt64Seconds(kLongestWait) &&
                    wire.nanos() >= 0 && wire.nanos() < 1'000'000'000;
  const absl::Duration duration = absl::Seconds(wire.seconds()) + absl::Nanoseconds(wire.nanos());
  if (fits && duration <= kLongestWait) return duration;
  return InvalidField("FIELD_INVALID", "exchange.time_to_live",
                      "must be from 60 seconds to 14 days");
}

absl::StatusOr<absl::Time> FromWireTime(const google::protobuf::Timestamp& wire,
                                        const char* field) {
  // RFC 3339 reaches from year 1 to 9999.
  const bool fits = wire.seconds() >= -62135596800 && wire.seconds() <= 253402300799 &&
                    wire.nanos() >= 0 && wire.nanos() < 1'000'000'000;
  if (fits) return absl::FromUnixSeconds(wire.seconds()) + absl::Nanoseconds(wire.nanos());
  return InvalidField("FIELD_INVALID", field, "is no moment between the years 1 and 9999");
}

absl::Status Unexpected(const char* field, const char* action) {
  return InvalidField("FIELD_INVALID", field,
                      absl::StrFormat("belongs to %s only; leave it out", action));
}

// A promotion says where the pseudonym comes from; a disclosure may.
absl::Status CheckFrom(const v1::Exchange& exchange) {
  const bool given = !exchange.from_domain().empty();
  if (given != !exchange.from_purpose().empty()) {
    return InvalidField("FIELD_MISSING", given ? "exchange.from_purpose" : "exchange.from_domain",
                        "domain and purpose are given together");
  }
  if (!given && exchange.action() == "promote") {
    return InvalidField("FIELD_MISSING", "exchange.from_domain", "is required for promote");
  }
  if (given && exchange.action() != "promote" && exchange.action() != "disclose") {
    return Unexpected("exchange.from_domain", "promote and disclose");
  }
  return absl::OkStatus();
}

// Which members go with which action.
absl::Status CheckAction(const v1::CreateExchangeRequest& request) {
  const v1::Exchange& exchange = request.exchange();
  const bool recall = exchange.action() == "recall";
  if (!recall && exchange.action() != "request" && exchange.action() != "disclose" &&
      exchange.action() != "promote") {
    return InvalidField("FIELD_INVALID", "exchange.action",
                        "this broker carries request, disclose, promote and recall");
  }
  SLUIS_RETURN_IF_ERROR(CheckFrom(exchange));
  if (!exchange.name().empty()) {
    return InvalidField("FIELD_INVALID", "exchange.name", "is given by the broker; leave it out");
  }
  if (exchange.has_subject() && exchange.action() != "request")
    return Unexpected("exchange.subject", "request");
  if (exchange.has_subject() && request.validate_only()) {
    return InvalidField("FIELD_INVALID", "exchange.subject",
                        "must be absent when only trying out: a dry run never touches a subject");
  }
  if (recall && exchange.earlier_exchange().empty()) {
    return InvalidField("FIELD_MISSING", "exchange.earlier_exchange", "is required for recall");
  }
  if (recall && exchange.recall_kind() == v1::RECALL_KIND_UNSPECIFIED) {
    return InvalidField("FIELD_MISSING", "exchange.recall_kind", "is required for recall");
  }
  if (!recall && !exchange.earlier_exchange().empty())
    return Unexpected("exchange.earlier_exchange", "recall");
  if (!recall && exchange.recall_kind() != v1::RECALL_KIND_UNSPECIFIED) {
    return Unexpected("exchange.recall_kind", "recall");
  }
  return absl::OkStatus();
}

absl::Status CheckFieldsOnce(const v1::Exchange& exchange) {
  std::set<std::string> seen;
  for (int i = 0; i < exchange.fields_size(); ++i) {
    if (seen.insert(exchange.fields(i)).second) continue;
    return InvalidField("FIELD_INVALID", absl::StrFormat("exchange.fields[%d]", i),
                        "stands twice; name it once");
  }
  return absl::OkStatus();
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
  const v1::Exchange& wire = request.exchange();
  SLUIS_RETURN_IF_ERROR(CheckAction(request));
  SLUIS_RETURN_IF_ERROR(CheckFieldsOnce(wire));
  exchange::CreateExchange ask;
  SLUIS_ASSIGN_OR_RETURN(ask.parent, ParsePartyName(request.parent()));
  SLUIS_ASSIGN_OR_RETURN(ask.provider, FromWire(wire.provider()));
  SLUIS_ASSIGN_OR_RETURN(ask.recipient, FromWire(wire.recipient()));
  SLUIS_ASSIGN_OR_RETURN(ask.case_id, ParseCaseName(wire.case_()));
  SLUIS_ASSIGN_OR_RETURN(ask.time_to_live, TimeToLive(wire));
  if (!request.new_case_phase().empty()) ask.new_case_phase = request.new_case_phase();
  if (!wire.earlier_exchange().empty()) {
    SLUIS_ASSIGN_OR_RETURN(ask.earlier, ExchangeIdOf(wire.earlier_exchange()));
  }
  if (!wire.from_domain().empty()) {
    SLUIS_ASSIGN_OR_RETURN(ask.from_domain, CaseId::Parse(wire.from_domain()));
  }
  ask.from_purpose = wire.from_purpose();
  ask.action = wire.action();
  ask.purpose = wire.purpose();
  ask.basis = wire.legal_basis();
  ask.regime = wire.regime();
  ask.subject_category = wire.subject_category();
  ask.fields.assign(wire.fields().begin(), wire.fields().end());
  ask.subset = wire.mode() == v1::RELEASE_MODE_SUBSET;
  ask.emergency = wire.emergency();
  ask.recall_kind = wire.recall_kind();
  ask.validate_only = request.validate_only();
  if (wire.has_subject()) {
    ask.subject = storage::SubjectRecord{wire.subject().sealed(), wire.subject().verified(),
                                         wire.subject().signature(), request.request_id()};
  }
  return ask;
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
  if (request.has_start_time()) {
    SLUIS_ASSIGN_OR_RETURN(list.start, FromWireTime(request.start_time(), "start_time"));
  }
  if (request.has_end_time()) {
    SLUIS_ASSIGN_OR_RETURN(list.end, FromWireTime(request.end_time(), "end_time"));
  }
  return list;
}

absl::StatusOr<storage::ArrangementRecord> FromWire(const v1::Arrangement& wire) {
  storage::ArrangementRecord record;
  record.statement = wire.statement();
  for (const v1::PartySignature& signature : wire.signatures()) {
    SLUIS_ASSIGN_OR_RETURN(PartyId party, FromWire(signature.party()));
    record.signatures.emplace_back(std::move(party), signature.signature());
  }
  return record;
}

}  // namespace sluis::rpc
