#include "lib/pseudonym/secret_element.h"

#include "lib/base/encoding.h"
#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {

SubjectElement ElementOf(const Subject& subject) {
  return SubjectElement(HashToGroup(subject.value(SecretAccess::ForCrypto())));
}

absl::StatusOr<GroupElement> CanaryElement(std::string_view hex) {
  if (hex.size() != 16 || !HexDecode(hex).ok()) {
    return Refuse("E_SUBJECT", "a canary is named by 16 hex characters");
  }
  return HashToGroup("sluis-canary-v1:" + Bytes(hex));
}

}  // namespace sluis::pseudonym
