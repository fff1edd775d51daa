// Between the wire and the core's own types: once in, once out. Nothing is decided here.
#pragma once

#include "absl/status/statusor.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/states.h"
#include "lib/base/resource_names.h"
#include "policy/engine/options.h"
#include "sluis/v1/arrangement.pb.h"
#include "sluis/v1/case.pb.h"
#include "sluis/v1/decision.pb.h"
#include "sluis/v1/exchange.pb.h"
#include "sluis/v1/log.pb.h"
#include "sluis/v1/pseudonym.pb.h"

namespace sluis::rpc {

// The longest, and what is meant when none is given.
using exchange::kLongestTimeToLive;

inline constexpr std::string_view kArrangementPrefix = "arrangements/";

// --- in: requests that passed ValidateRequest ---
absl::StatusOr<PartyId> FromWire(const v1::Party& party);
absl::StatusOr<exchange::CreateExchange> FromWire(const v1::CreateExchangeRequest& request);
absl::StatusOr<std::vector<exchange::CreateExchange>> FromWire(
    const v1::BatchCreateExchangesRequest& request);
absl::StatusOr<exchange::Prepare> FromWire(const v1::PrepareAnswerRequest& request);
absl::StatusOr<exchange::Answer> FromWire(const v1::AnswerExchangeRequest& request);
absl::StatusOr<exchange::ListRecords> FromWire(const v1::ListRecordsRequest& request,
                                               const PartyId& caller);
absl::StatusOr<storage::ArrangementRecord> FromWire(const v1::Arrangement& arrangement);
absl::StatusOr<ExchangeId> ExchangeIdOf(std::string_view name);

// --- out ---
void ToWire(const PartyId& party, v1::Party* out);
void ToWire(const exchange::Receipts& receipts,
            google::protobuf::RepeatedPtrField<v1::Receipt>* out);
void ToWire(const policy::Decision& decision, const std::string& digest, absl::Time time,
            v1::Decision* out);
void ToWire(const exchange::ExchangeResult& result, v1::Exchange* out);
void ToWire(const std::vector<exchange::ExchangeResult>& results,
            v1::BatchCreateExchangesResponse* out);
void ToWire(const exchange::DeliveryResult& result, v1::Delivery* out);
void ToWire(const storage::CommitmentRecord& commitment, v1::Commitment* out);
void ToWire(const storage::CaseRecord& record, const exchange::Receipts& receipts, v1::Case* out);
void ToWire(const storage::ArrangementRecord& record, const exchange::Receipts& receipts,
            v1::Arrangement* out);
void ToWire(const exchange::RecordsResult& result, v1::ListRecordsResponse* out);
void ToWire(const policy::Option& option, v1::Option* out);
void ToWire(absl::Time time, google::protobuf::Timestamp* out);

}  // namespace sluis::rpc
