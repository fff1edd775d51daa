#include "lib/pseudonym/elgamal.h"

#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {

absl::StatusOr<Ciphertext> Ciphertext::Decode(BytesView bytes) {
  if (bytes.size() != kCiphertextSize) return Refuse("E_LENGTH", "a ciphertext has 64 bytes");
  SLUIS_ASSIGN_OR_RETURN(const GroupElement b, GroupElement::Decode(bytes.substr(0, kElementSize)));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement c, GroupElement::Decode(bytes.substr(kElementSize)));
  return Ciphertext{b, c};
}

Bytes Ciphertext::Encode() const { return Bytes(b.bytes()).append(c.bytes()); }

Digest Ciphertext::ItemDigest() const { return Sha256({b.bytes(), c.bytes()}); }

absl::StatusOr<Encrypted> Encrypt(const GroupElement& message, const GroupElement& y) {
  RandomNonces nonces;
  return Encrypt(nonces, message, y);
}

absl::StatusOr<Encrypted> Encrypt(Nonces& nonces, const GroupElement& message,
                                  const GroupElement& y) {
  SecretScalar blind = nonces.Next();
  SLUIS_ASSIGN_OR_RETURN(const GroupElement c, Add(message, Multiply(blind, y)));
  return Encrypted{{MultiplyBase(blind), c}, std::move(blind)};
}

absl::StatusOr<GroupElement> Decrypt(const Ciphertext& ciphertext, const SecretScalar& sk) {
  return Subtract(ciphertext.c, Multiply(sk, ciphertext.b));
}

}  // namespace sluis::pseudonym
