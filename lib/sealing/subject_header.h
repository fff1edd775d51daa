// Subject header, ours. For a `request` the asker's edge seals the identity of the subject
// (subject.h) to the provider's desk as an ordinary sealed field with
//
//   schema "identity", version 1, field "subject", seal id = the 16 bytes of the request_id UUID,
//   item digest zeros
//
// and signs who asks about it and whether the asker verified the number against the person (Wabb
// 12):
//
//   header    = u8 01 || request id 16 || lp2(sender OIN) || lp2(sender unit) || u8 subject
//   verified (0/1) ||
//               SHA256(Sealed)
//   signature = Ed25519 of the sender over "sluis/subject/v1\0" || SHA256(header)
//
// The header does not travel: whoever checks it, broker or provider, builds it from what the
// exchange says. So a sealed identity cannot be moved to another request or sender, nor its
// verification be claimed later.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/ed25519.h"
#include "lib/sealing/sealed_field.h"

namespace sluis {

inline constexpr std::string_view kSubjectSchema = "identity";
inline constexpr std::uint16_t kSubjectSchemaVersion = 1;
inline constexpr std::string_view kSubjectField = "subject";

struct SubjectHeader {
  SealId request_id{};  // the bytes of the UUID
  PartyId sender;
  bool subject_verified = false;
  Digest sealed_digest{};  // SealedView::digest
};

Bytes EncodeSubjectHeader(const SubjectHeader& header);
Bytes SignSubjectHeader(const SubjectHeader& header, const Ed25519PrivateKey& sender);
// E_SIGNATURE.
absl::Status VerifySubjectHeader(const SubjectHeader& header, BytesView signature,
                                 const Ed25519PublicKey& sender);

// E_PAYLOAD unless the sealed field is an identity under this header: digest, schema, version,
// field, seal id, no item. The field's own signature is VerifySealed's.
absl::Status CheckSealedSubject(const SubjectHeader& header, const SealedView& sealed);

}  // namespace sluis
