// The key ceremony without a dealer (pseudonyms.md §5): T1 publishes X1 = x1*G, T2 publishes X2 =
// x2*G and Y = x2*X1; each proves that its key stands behind Y. Nobody ever knows x1*x2. Both
// transcryptors and every edge verify before they pin.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/pseudonym/dleq.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::pseudonym {

// What the ceremony leaves in public. On the wire [O] X1 || X2 || Y || proof of T1 || proof of T2,
// 224 bytes.
struct CeremonyRecord {
  GroupElement x1, x2, y;
  Proof proof1;  // DLEQ(x1; G,X1; [X2],[Y])
  Proof proof2;  // DLEQ(x2; G,X2; [X1],[Y])

  static absl::StatusOr<CeremonyRecord> Decode(BytesView bytes);  // E_LENGTH and those of the parts
  Bytes Encode() const;
};

// Y = x2*X1 at T2.
GroupElement CombineKeys(const TranscryptorKeys& second, const GroupElement& x1);
// What one of the two proves; `other` is the X of the other one.
Proof ProveCeremony(const TranscryptorKeys& keys, const GroupElement& other, const GroupElement& y);

// E_PROOF unless both proofs hold; E_FACTOR_TRIVIAL if a key is G or both are the same.
absl::Status VerifyCeremony(const CeremonyRecord& record);

}  // namespace sluis::pseudonym
