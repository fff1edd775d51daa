// ElGamal ciphertexts over ristretto255 (pseudonyms.md §6). The only transformation of a ciphertext
// is RRSK in transcryption.h: a bare reshuffle or rekey would hand a chosen M back as s*M.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/secret_element.h"

namespace sluis::pseudonym {

inline constexpr std::size_t kCiphertextSize = 2 * kElementSize;

struct Ciphertext {
  GroupElement b;
  GroupElement c;

  // As GroupElement::Decode of each; E_LENGTH unless 64 bytes.
  static absl::StatusOr<Ciphertext> Decode(BytesView bytes);
  Bytes Encode() const;
  // SHA256(B || C): the item digest of a sealed field (§10).
  Digest ItemDigest() const;
  friend bool operator==(const Ciphertext&, const Ciphertext&) = default;
};

struct Encrypted {
  Ciphertext ciphertext;
  SecretScalar blind;  // b, which the proof of knowledge needs; dropped afterwards
};

// (b*G, M + b*Y) with b fresh. E_IDENTITY with probability 2^-252.
absl::StatusOr<Encrypted> Encrypt(const GroupElement& message, const GroupElement& y);

// C - sk*B. E_IDENTITY, which the sender hears only as E_REFUSED.
absl::StatusOr<GroupElement> Decrypt(const Ciphertext& ciphertext, const SecretScalar& sk);

// The same with the type of what the domain holds: CasePseudonym, IndexPseudonym or (of a reversal)
// SubjectElement.
template <typename Result>
absl::StatusOr<Result> DecryptAs(const Ciphertext& ciphertext, const SecretScalar& sk) {
  auto element = Decrypt(ciphertext, sk);
  if (!element.ok()) return element.status();
  return Result(*element);
}

}  // namespace sluis::pseudonym
