// Reads a run of both transcryptors from the vectors and makes it again, value by value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/json.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/elgamal.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/structures.h"

namespace sluis::pseudonym {

SecretScalar SecretOf(const Json& hex);
GroupElement ElementOfHex(const Json& hex);
Digest DigestOfHex(const Json& hex);
Ed25519PrivateKey KeyOf(const Json& seed, const Json& expected_public);

struct RunHop {
  HopFactors factors;
  GroupElement y_in;
  BatchRequest received;  // by this hop
  BatchResponse response;
  Bytes proof_block;  // empty without proofs
};

struct VectorRun {
  std::vector<RunHop> hops;
  std::vector<GroupElement> pseudonyms;
  SecretScalar sk_to;
};

// Runs a vector with all its values checked by EXPECT.
VectorRun RunVector(const Json& v);

// The signed request that a run was made for, and both hop signatures; made again too.
void CheckSignedRun(const Json& v, const VectorRun& run);

}  // namespace sluis::pseudonym
