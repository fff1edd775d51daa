// The way of a release through both transcryptors (pseudonyms.md §11.3, TRIP rows 2 to 4): first
// T1, then T2 with T1's answer, batch after batch. Nothing here touches the database.
#pragma once

#include <vector>

#include "broker/exchange/transcryptors.h"
#include "broker/storage/records.h"
#include "lib/pseudonym/signed_request.h"

namespace sluis::exchange {

// One transcription per signed request, in their order, when both hops made and signed each of
// them. UNAVAILABLE / TRANSCRYPTOR_UNAVAILABLE when one is away. FAILED_PRECONDITION with a
// transcryptor's refusal as the sender may see it (§17), or TRANSCRYPTOR_FAULT when what one
// answered is not an answer to what it was asked; both name the transcryptor in the metadata.
// `plane` outlives the reply.
void Transcribe(const PseudonymPlane& plane, std::vector<pseudonym::SignedRequest> requests,
                Bytes statement, Reply<std::vector<storage::TranscryptionRecord>> reply);

}  // namespace sluis::exchange
