#include "lib/pseudonym/approval.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

TEST(ApprovalTest, TwoOfficersForExactlyThisRequest) {
  const Digest request{1}, other{2};
  const Ed25519PrivateKey a = Ed25519PrivateKey::Generate(), b = Ed25519PrivateKey::Generate(),
                          stranger = Ed25519PrivateKey::Generate();
  const std::vector<Ed25519PublicKey> officers{a.public_key(), b.public_key()};
  const auto verify = [&](std::vector<Approval> approvals) {
    return VerifyApprovals(request, approvals, officers);
  };
  EXPECT_OK(verify({SignApproval(request, a), SignApproval(request, b)}));
  EXPECT_THAT(verify({}), HasReason("E_MANDATE"));
  EXPECT_THAT(verify({SignApproval(request, a)}), HasReason("E_MANDATE"));
  EXPECT_THAT(verify({SignApproval(request, a), SignApproval(request, a)}), HasReason("E_MANDATE"));
  EXPECT_THAT(verify({SignApproval(request, a), SignApproval(other, b)}), HasReason("E_MANDATE"));
  EXPECT_THAT(verify({SignApproval(request, a), SignApproval(request, stranger)}),
              HasReason("E_MANDATE"));
  Approval claimed = SignApproval(request, a);
  claimed.key_id = b.public_key().KeyId();
  EXPECT_THAT(verify({SignApproval(request, a), claimed}), HasReason("E_MANDATE"));
}

}  // namespace
}  // namespace sluis::pseudonym
