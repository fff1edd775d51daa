// Requests that no honest edge would sign: edited after the library's own checks, signed again.
#pragma once

#include <functional>
#include <vector>

#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/hop_signature.h"
#include "tests/broker/transcryptor/world.h"

namespace sluis::transcryptor::testing {

using EditHead = std::function<void(pseudonym::RequestHead&)>;
using EditItems = std::function<void(std::vector<pseudonym::RequestItem>&)>;

// The request with another head or other items, the proofs of knowledge as they were, signed by
// `key`.
pseudonym::SignedRequest Forge(const pseudonym::SignedRequest& request,
                               const Ed25519PrivateKey& key, const EditHead& edit_head,
                               const EditItems& edit_items = nullptr);

// What a dishonest T1 answers: `edit` changes the honest answer, and it signs that.
wire::Hop ForgeFirst(const Call& call, const wire::Hop& honest, const Bytes& proof_block,
                     const std::function<void(wire::Hop&)>& edit);

// T1's secrets, as its operator has them.
const Secrets& FirstSecrets();
const Secrets& SecondSecrets();

}  // namespace sluis::transcryptor::testing
