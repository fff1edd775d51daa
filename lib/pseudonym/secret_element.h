// Group elements that stand for a person: the hash of a subject and the pseudonyms made from it.
// Each kind has its own type, so that an index pseudonym is never taken for a case pseudonym; none
// of them prints, and each lives in secret memory and opens only with a token.
#pragma once

#include <iosfwd>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ristretto255.h"
#include "lib/crypto/secret.h"
#include "lib/sealing/subject.h"

namespace sluis::pseudonym {

// Move-only.
template <typename Tag>
class SecretElement {
 public:
  explicit SecretElement(const GroupElement& element)
      : bytes_(SecretBytes::CopyOf(element.bytes())) {}
  // As GroupElement::Decode; for bytes that a store gives back.
  static absl::StatusOr<SecretElement> Decode(const SecretBytes& bytes) {
    auto element = GroupElement::Decode(bytes.Reveal(SecretAccess::ForCrypto()));
    if (!element.ok()) return element.status();
    return SecretElement(*element);
  }

  SecretElement Clone() const { return SecretElement(bytes_.Clone()); }
  bool Equals(const SecretElement& other) const { return bytes_.Equals(other.bytes_); }
  BytesView bytes(SecretAccess access) const { return bytes_.Reveal(access); }
  GroupElement element(SecretAccess access) const {
    return GroupElement::Decode(bytes_.Reveal(access)).value();
  }

 private:
  explicit SecretElement(SecretBytes bytes) : bytes_(std::move(bytes)) {}
  SecretBytes bytes_;
};

template <typename Tag>
std::ostream& operator<<(std::ostream&, const SecretElement<Tag>&) = delete;
template <typename Tag>
void PrintTo(const SecretElement<Tag>&, std::ostream* out) {
  *out << "<secret element>";
}

using SubjectElement = SecretElement<struct SubjectTag>;         // M
using CasePseudonym = SecretElement<struct CasePseudonymTag>;    // of one d_case
using IndexPseudonym = SecretElement<struct IndexPseudonymTag>;  // of one d_index

// M = HashToGroup(subject bytes).
SubjectElement ElementOf(const Subject& subject);

// M of the canary of a domain and day (pseudonyms.md §12): "sluis-canary-v1:" and 16 lower-case hex
// characters, never a person. E_SUBJECT for other text.
absl::StatusOr<GroupElement> CanaryElement(std::string_view hex);

}  // namespace sluis::pseudonym
