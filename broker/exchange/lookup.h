// How a question names whom it is about: blind, through the index of the provider's register, or by
// a sealed identity that a person looks up by hand.
#pragma once

#include "absl/status/status.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"
#include "broker/storage/records.h"
#include "lib/base/json.h"

namespace sluis::exchange {

// FIELD_INVALID or FIELD_MISSING for another register than the directory names under the regime of
// the question, for a sealed identity where there is one, and for an inquiry about nobody;
// NO_TRANSCRYPTOR; E_MANDATE under a mandate.
absl::Status CheckLookup(const Turn& turn, const CreateExchange& ask);

// A question about whom the caller knows by pseudonym stays in the domain in which he knows it, and
// under its purpose. FIELD_INVALID.
absl::Status CheckAskedPurpose(const CreateExchange& ask);

// `request` and `inquire`.
bool IsQuestion(std::string_view action);

// What the REQUEST record says of it.
void AddLookup(const storage::ExchangeRecord& exchange, Json& members);

}  // namespace sluis::exchange
