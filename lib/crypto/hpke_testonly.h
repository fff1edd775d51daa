// For tests alone: HPKE with a given ephemeral key, as published vectors need it. In use, a
// repeated ephemeral key would repeat key and nonce, and so give both messages away.
#pragma once

#include "lib/crypto/hpke.h"

namespace sluis {

class HpkeTestAccess {
 public:
  static absl::StatusOr<HpkeSender> SenderWithEphemeral(Aead aead, const X25519PublicKey& recipient,
                                                        BytesView info,
                                                        const X25519PrivateKey& ephemeral) {
    return HpkeSender::CreateWithEphemeral(aead, recipient, info, ephemeral);
  }
};

}  // namespace sluis
