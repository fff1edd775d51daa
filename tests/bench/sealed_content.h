// What is asked and answered in every measured exchange, the same for the full path and the floors.
#pragma once

#include "clients/lib/exchange_terms.h"
#include "clients/lib/seal_exchange.h"
#include "lib/identity/directory.h"
#include "lib/sealing/subject.h"

namespace sluis::bench {

// The town asks the police for three fields of one person in this case.
edge::ExchangeTerms Question(const CaseId& in_case, const PartyId& answerer);
Subject AskedPerson();
edge::ReleaseContent PoliceAnswer();
// Verifies and opens what the police released, as the town's edge does.
edge::OpenedAnswer OpenAnswerOf(const edge::wire::Exchange& exchange,
                                const edge::wire::Release& release, const edge::PartyFolder& own,
                                const identity::Directory& directory);

}  // namespace sluis::bench
