// Somebody whom we know by number or by a pseudonym that we hold, on the way to a signed request.
#pragma once

#include "clients/lib/exchange_terms.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/domain.h"

namespace sluis::edge {

// What makes two of them the same person or thing; personal data, as they are.
Digest IdentityOf(const ReleasedSubject& who);
// What is encrypted, and the domain that it lives in.
GroupElement ElementOf(const ReleasedSubject& who);
pseudonym::Domain OriginOf(const ReleasedSubject& who);
ReleasedSubject CloneOf(const ReleasedSubject& who);

}  // namespace sluis::edge
