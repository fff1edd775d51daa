// An exchange together with its newest decision, as every answer shows it.
#pragma once

#include "broker/exchange/commands.h"

namespace sluis::exchange {

absl::StatusOr<ExchangeResult> ToResult(storage::ExchangeRecord exchange, Receipts receipts = {});
// NotAccessible() when there is none.
absl::StatusOr<ExchangeResult> LoadResult(storage::Reader& store, const ExchangeId& id);

}  // namespace sluis::exchange
