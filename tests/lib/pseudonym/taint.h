// Secrets that valgrind follows: memcheck takes marked bytes for uninitialised, carries that
// through every operation and reports each branch and each address that depends on them. What the
// code may branch on is named in taint.supp, each with its reason; what a test looks at it makes
// public first.
#pragma once

#include <gtest/gtest.h>
#include <valgrind/memcheck.h>

#include <array>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "lib/crypto/secret.h"
#include "lib/pseudonym/internal/nonces.h"

namespace sluis::pseudonym {

inline void MarkSecret(BytesView bytes) {
  (void)VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
}
inline void MarkPublic(BytesView bytes) {
  (void)VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
}

// The secret with its bytes marked.
inline SecretScalar Marked(SecretScalar scalar) {
  MarkSecret(scalar.Reveal(SecretAccess::ForTest()));
  return scalar;
}
inline SecretBytes Marked(SecretBytes bytes) {
  MarkSecret(bytes.Reveal(SecretAccess::ForTest()));
  return bytes;
}
inline SecretScalar MarkedScalar() { return Marked(SecretScalar::Random()); }

// Does any bit of it depend on a marked one? A result of secrets that does not would mean that the
// marks were lost on the way, and the test sees nothing. Itself no branch on the bytes.
inline bool IsMarked(BytesView bytes) {
  const std::unique_ptr<unsigned char[]> bits(new unsigned char[bytes.size()]);
  if (VALGRIND_GET_VBITS(bytes.data(), bits.get(), bytes.size()) != 1) return false;
  unsigned char any = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) any |= bits[i];
  return any != 0;
}
inline bool IsMarked(const SecretScalar& scalar) {
  return IsMarked(scalar.Reveal(SecretAccess::ForTest()));
}

// Declassifies what the protocol publishes: an element, a ciphertext, a proof, without padding or
// pointers.
template <typename T>
T Public(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  T copy = value;
  MarkPublic({reinterpret_cast<const char*>(&copy), sizeof copy});
  return copy;
}
template <typename T>
std::vector<T> Public(std::vector<T> values) {
  for (T& value : values) value = Public(value);
  return values;
}

// Marks every scalar that a prover or transcryptor draws.
class MarkedNonces : public Nonces {
 public:
  SecretScalar Next() override { return MarkedScalar(); }
  std::array<std::uint8_t, 16> Nonce() override { return source_.Nonce(); }
  std::vector<std::uint32_t> Permutation(std::size_t size) override {
    return source_.Permutation(size);
  }

 private:
  RandomNonces source_;
};

}  // namespace sluis::pseudonym
