// Cases: opening, moving and closing them, and who takes part.
#pragma once

#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

// Opens a case for the caller's party. ALREADY_EXISTS / ID_TAKEN if the id is in use.
absl::StatusOr<storage::CaseRecord> OpenCaseIn(Turn& turn, const CaseId& id,
                                               const std::string& phase);
// Advances or closes a case that the caller's party holds.
absl::Status ChangeCaseIn(Turn& turn, const ChangeCase& change);
// Notes that these parties exchanged something in the case (CASE_CHANGE only when one is new).
absl::Status AddParticipants(Turn& turn, storage::CaseRecord& record,
                             std::initializer_list<PartyId> parties);

}  // namespace sluis::exchange
