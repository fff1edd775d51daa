// One hop of a transcryption with nothing but libsodium: the same group operations, scalars and
// hashes in the same order as lib/pseudonym/transcryption.h, on plain arrays. No types, no checks
// of its own, no secret memory: what the library is compared with, and nothing to use.
#pragma once

#include <sodium.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sluis::bench {

using Raw = std::array<std::uint8_t, 32>;

struct BareItem {
  Raw b, c;
};

struct BareProof {
  Raw c, s;
};

struct BareFactors {
  Raw s, t, big_s, big_t;
};

struct BareOutput {
  std::vector<BareItem> items;
  std::vector<BareProof> proofs;  // one an item, then those of B and C; empty without proofs
};

Raw BareRandomScalar();
Raw BareBase(const Raw& scalar);
Raw BareTimes(const Raw& scalar, const Raw& element);
// DLEQ(secret; G,b; c,d), as ProveDleq.
BareProof BareDleq(const Raw& secret, const Raw& b, std::span<const BareItem> statements);
BareOutput BareHop(const BareFactors& factors, const Raw& y, std::span<const BareItem> items,
                   bool proofs);

}  // namespace sluis::bench
