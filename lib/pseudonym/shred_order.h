// The order to shred a case (pseudonyms.md §4): the party that the domain names has both
// transcryptors destroy its salt. Final, and the same order again changes nothing, so it needs no
// nonce and may wait for a transcryptor that is away.
//
//   ShredOrder = u8 01 || u8 11 (hex) || lp2(OIN) || lp2(unit) || key id 32 || lp2(d_case) || u64
//   issued signed over "sluis/shred/v1\0" || SHA256(ShredOrder)
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/request_check.h"

namespace sluis::pseudonym {

struct ShredOrder {
  Party signer;
  Digest key_id{};
  Bytes domain;
  std::uint64_t issued = 0;  // Unix seconds

  // E_TRUNCATED, E_TRAILING, E_VERSION, E_TYPE.
  static absl::StatusOr<ShredOrder> Decode(BytesView bytes);
  Bytes Encode() const;
};

struct SignedShredOrder {
  Bytes order, signature;
};

// Preconditions: `domain` is a case of the signer.
SignedShredOrder SignShredOrder(const Domain& domain, absl::Time issued,
                                const Ed25519PrivateKey& key);

// The domain to shred, if the party that it names signed for it: E_SIGNATURE, E_TLV for anything
// but a case domain, E_SENDER for another party's, E_EXPIRED for an order from the future.
absl::StatusOr<Domain> VerifyShredOrder(BytesView order, BytesView signature,
                                        const TrustList& trust, absl::Time now);

}  // namespace sluis::pseudonym
