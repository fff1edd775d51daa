// What a transcryptor signs about one response (pseudonyms.md §7.2):
//
//   "sluis/response/v1\0" || u8 hop || SHA256(signed request) || SHA256(BatchRequest as received)
//   || SHA256(BatchResponse) || SHA256(payload digests in output order) || SHA256(proof block,
//   empty string if none)
#pragma once

#include <span>

#include "absl/status/status.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::pseudonym {

struct HopRecord {
  Hop hop;
  Digest signed_request;    // SHA-256 of it
  BytesView batch_request;  // as the hop received it
  BytesView batch_response;
  std::span<const Digest> payloads;  // in output order
  BytesView proof_block;             // empty if none
};

Bytes SignHop(const HopRecord& record, const Ed25519PrivateKey& transcryptor);
absl::Status VerifyHopSignature(const HopRecord& record, BytesView signature,
                                const Ed25519PublicKey& transcryptor);  // E_SIGNATURE

// The same by whoever holds no proof block but its digest (the broker).
struct HopDigests {
  Hop hop;
  Digest signed_request, batch_request, batch_response, payloads, proof_block;
};
HopDigests DigestsOf(const HopRecord& record);
absl::Status VerifyHopSignature(const HopDigests& digests, BytesView signature,
                                const Ed25519PublicKey& transcryptor);  // E_SIGNATURE

}  // namespace sluis::pseudonym
