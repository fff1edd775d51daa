// Registering covenants, mandates and the like: statements that all their parties signed.
#pragma once

#include "broker/exchange/turn.h"
#include "broker/storage/records.h"
#include "lib/identity/arrangement.h"

namespace sluis::exchange {

// Every organisation that a statement names, as a party or otherwise.
std::set<Oin> OrganisationsOf(const identity::ArrangementTerms& terms);

// Puts a statement whose signatures were verified into force: MANDATE_CHANGE. The caller's party
// must be one of its parties. An older serial, or another statement under the same id and serial,
// is refused.
absl::Status RegisterIn(Turn& turn, const storage::ArrangementRecord& record);

}  // namespace sluis::exchange
