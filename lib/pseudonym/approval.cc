#include "lib/pseudonym/approval.h"

#include <algorithm>
#include <set>

#include "lib/base/byte_io.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kPrefix = "sluis/reverse-approval/v1\0"sv;

Bytes SignedBytes(const Digest& request) {
  return ByteWriter().Raw(kPrefix).Raw(AsView(request)).bytes();
}

}  // namespace

Approval SignApproval(const Digest& request, const Ed25519PrivateKey& officer) {
  return {officer.public_key().KeyId(), officer.Sign(SignedBytes(request))};
}

absl::Status VerifyApprovals(const Digest& request, std::span<const Approval> approvals,
                             std::span<const Ed25519PublicKey> officers) {
  std::set<Digest> approved;
  for (const Approval& approval : approvals) {
    const auto officer =
        std::find_if(officers.begin(), officers.end(),
                     [&](const Ed25519PublicKey& key) { return key.KeyId() == approval.key_id; });
    if (officer == officers.end() ||
        !officer->Verify(SignedBytes(request), approval.signature).ok()) {
      return Refuse("E_MANDATE", "an approval is not an officer's over this request");
    }
    approved.insert(approval.key_id);
  }
  if (approved.size() >= kNeededApprovals) return absl::OkStatus();
  return Refuse("E_MANDATE", "a reversal needs the approval of two officers");
}

}  // namespace sluis::pseudonym
