// What a recall does to the exchange it is about (Wpg 28(5), AVG 19).
#pragma once

#include "broker/exchange/turn.h"

namespace sluis::exchange {

// The recalled exchange becomes RECALLED under a RECALL or CORRECTION leaf that refers to its
// ANSWER; content that still waits is thrown away. `recall` is the exchange that carries the
// instruction; its leaves grow.
absl::Status RecallEarlier(Turn& turn, storage::ExchangeRecord& recall);

}  // namespace sluis::exchange
