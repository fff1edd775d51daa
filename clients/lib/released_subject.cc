#include "clients/lib/released_subject.h"

#include "lib/crypto/hash.h"
#include "lib/pseudonym/secret_element.h"

namespace sluis::edge {

Digest IdentityOf(const ReleasedSubject& who) {
  if (const auto* subject = std::get_if<Subject>(&who)) {
    return Sha256({"number ", SubjectKindName(subject->kind()), " ",
                   subject->value(SecretAccess::ForCrypto())});
  }
  const auto& held = std::get<HeldPseudonym>(who);
  return Sha256({"pseudonym ", held.pseudonym.bytes(SecretAccess::ForCrypto())});
}

GroupElement ElementOf(const ReleasedSubject& who) {
  if (const auto* subject = std::get_if<Subject>(&who)) {
    return pseudonym::ElementOf(*subject).element(SecretAccess::ForCrypto());
  }
  return std::get<HeldPseudonym>(who).pseudonym.element(SecretAccess::ForCrypto());
}

pseudonym::Domain OriginOf(const ReleasedSubject& who) {
  if (const auto* subject = std::get_if<Subject>(&who)) {
    return pseudonym::Domain::Origin(subject->kind());
  }
  return std::get<HeldPseudonym>(who).domain;
}

ReleasedSubject CloneOf(const ReleasedSubject& who) {
  if (const auto* subject = std::get_if<Subject>(&who)) return subject->Clone();
  const auto& held = std::get<HeldPseudonym>(who);
  return HeldPseudonym{held.domain, held.pseudonym.Clone(), held.human_form};
}

}  // namespace sluis::edge
