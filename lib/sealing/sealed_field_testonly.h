// For tests alone: sealing with a given HPKE sender, whose ephemeral key is then known
// (hpke_testonly.h).
#pragma once

#include "lib/sealing/sealed_field.h"

namespace sluis {

// Like Seal, with any AEAD; `hpke` was set up with SealInfo(context, recipient).
absl::StatusOr<Bytes> SealWithSenderForTest(HpkeSender hpke, const SealContext& context,
                                            const FieldLabel& label, BytesView content,
                                            const X25519PublicKey& recipient,
                                            const Ed25519PrivateKey& sender);

}  // namespace sluis
