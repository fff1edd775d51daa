// Officers' approvals of a reversal (pseudonyms.md §6, kind 02): each transcryptor checks that two
// of them signed for exactly this request. The specification leaves the bytes open; they are
//
//   Ed25519 of the officer over "sluis/reverse-approval/v1\0" || SHA256(SignedRequest)
#pragma once

#include <span>

#include "absl/status/status.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"

namespace sluis::pseudonym {

inline constexpr std::size_t kNeededApprovals = 2;

struct Approval {
  Digest key_id;  // of the officer's key
  Bytes signature;
};

Approval SignApproval(const Digest& request, const Ed25519PrivateKey& officer);

// E_MANDATE unless two different keys of `officers` approved. An approval that does not verify
// refuses the whole.
absl::Status VerifyApprovals(const Digest& request, std::span<const Approval> approvals,
                             std::span<const Ed25519PublicKey> officers);

}  // namespace sluis::pseudonym
