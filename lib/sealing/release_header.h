// Header of a release (pseudonyms.md §10): what the provider's person handed over, in which form,
// without the content. The broker compares it with the decision; the recipient compares it with
// what it opens.
//
//   header = exchange id 16 || u8 01 || lp2(regime) || lp2(subject category) || u8 subject verified
//   ||
//            u16 n || n*(lp2(field) || lp2(form) || SHA256(Sealed)) || u16 m ||
//            m*SHA256(SignedRequest)
//   signature: Ed25519 of the provider over "sluis/header/v1\0" || SHA256(header)
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/ed25519.h"
#include "lib/sealing/sealed_field.h"

namespace sluis {

inline constexpr std::size_t kMaxReleasedFields = 64;
inline constexpr std::size_t kMaxSignedRequests = 64;

struct ReleasedField {
  std::string field;
  std::string form;
  Digest sealed_digest{};
  bool operator==(const ReleasedField&) const = default;
};

struct ReleaseHeader {
  ExchangeId exchange;
  std::string regime;
  std::string subject_category;
  bool subject_verified = false;
  std::vector<ReleasedField> fields;    // 1..64, each field once
  std::vector<Digest> signed_requests;  // 0..64, each once
  bool operator==(const ReleaseHeader&) const = default;
};

// E_STATEMENT for a text that is no code, no exchange, or something that stands twice;
// E_EMPTY_BATCH without fields; E_BATCH_SIZE for more than 64. A header has exactly one encoding.
absl::StatusOr<Bytes> EncodeReleaseHeader(const ReleaseHeader& header);
// The same rules, and E_VERSION, E_FLAGS (verified is neither 0 nor 1), E_TRUNCATED, E_TRAILING.
absl::StatusOr<ReleaseHeader> ParseReleaseHeader(BytesView bytes);

Bytes SignReleaseHeader(BytesView header, const Ed25519PrivateKey& provider);
absl::Status VerifyReleaseHeader(BytesView header, BytesView signature,
                                 const Ed25519PublicKey& provider);

// E_PAYLOAD unless the sealed fields are those of the header: as many, in its order, each with its
// digest, its field and the exchange as seal id. Signatures of the fields are VerifySealed's.
absl::Status CheckReleasedFields(const ReleaseHeader& header, std::span<const SealedView> sealed);

}  // namespace sluis
