#include "lib/pseudonym/secret_element.h"

#include "lib/crypto/hash_to_group.h"

namespace sluis::pseudonym {

SubjectElement ElementOf(const Subject& subject) {
  return SubjectElement(HashToGroup(subject.value(SecretAccess::ForCrypto())));
}

}  // namespace sluis::pseudonym
