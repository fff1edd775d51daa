// The canary of a domain (pseudonyms.md §12): a subject that is never a person goes through this
// half of the key, once a day and after every start, and must come out as it did the first time.
// Monitoring only: what is wrong with the keys or the software of this transcryptor is seen here
// before it reaches anybody; the proofs say the same to the others.
#pragma once

#include "absl/status/status.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/commitment.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::transcryptor {

// E_CANARY if `domain`, a case with its salt, gives another value than it first did at this hop;
// the first one is kept.
absl::Status CheckCanary(pseudonym::Hop hop, const pseudonym::Domain& domain,
                         const pseudonym::CaseSalt& salt, const pseudonym::TranscryptorKeys& keys,
                         pseudonym::CommitmentStore& kept);

}  // namespace sluis::transcryptor
