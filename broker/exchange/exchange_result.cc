#include "broker/exchange/exchange_result.h"

#include "broker/exchange/access.h"
#include "broker/exchange/decision_json.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {

absl::StatusOr<ExchangeResult> ToResult(storage::ExchangeRecord exchange, Receipts receipts) {
  SLUIS_ASSIGN_OR_RETURN(StoredDecision stored, DecisionFromJson(exchange.decision));
  return ExchangeResult{
      std::move(exchange), std::move(stored.decision), std::move(stored.policy_digest),
      stored.time,         std::move(receipts),        {}};
}

absl::StatusOr<ExchangeResult> LoadResult(storage::Reader& store, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ExchangeRecord> found, store.FindExchange(id));
  if (!found) return NotAccessible();
  return ToResult(*std::move(found));
}

}  // namespace sluis::exchange
