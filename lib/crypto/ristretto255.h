// The group ristretto255 (RFC 9496) over libsodium, as pseudonyms.md §2 reads it: prime order
// L = 2^252 + 27742317777372353535851937790883648493, generator G, elements and scalars of 32
// bytes, scalars little-endian. Every value of these types is canonical; what a peer sent becomes
// one only through Decode. All types are values and thread-safe as const data.
//
// No function here branches on a secret scalar or uses it as an index. What comes out of Multiply
// is checked for the identity, which is a branch on the result: the result is public, or as secret
// as the element that went in, and never the identity for a scalar in [1, L).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <iosfwd>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

inline constexpr std::size_t kElementSize = 32;
inline constexpr std::size_t kScalarSize = 32;
inline constexpr std::size_t kUniformSize = 64;

// An element other than the identity.
class GroupElement {
 public:
  // In this order: E_LENGTH unless 32 bytes; E_ELEMENT for a value of 2^255-19 or more or with bit
  // 255 set (which libsodium 1.0.18 ignores); E_IDENTITY; E_ELEMENT for what is no encoding.
  static absl::StatusOr<GroupElement> Decode(BytesView bytes);
  static const GroupElement& Generator();
  // The one-way map of RFC 9496 §4.3.4 from 64 uniform bytes (E_LENGTH). E_IDENTITY for the inputs,
  // which nobody finds by hashing, that it sends to the identity.
  static absl::StatusOr<GroupElement> FromUniform(BytesView uniform);

  BytesView bytes() const { return AsView(raw_); }
  const std::array<std::uint8_t, kElementSize>& raw() const { return raw_; }
  // Not in constant time: for public elements.
  friend auto operator<=>(const GroupElement&, const GroupElement&) = default;

 private:
  friend class Point;
  explicit GroupElement(const std::array<std::uint8_t, kElementSize>& raw) : raw_(raw) {}
  std::array<std::uint8_t, kElementSize> raw_;
};

// A public scalar in [0, L): half of a proof, or a weight that everybody can compute.
class Scalar {
 public:
  // E_LENGTH unless 32 bytes; E_SCALAR for L or more. Zero is one.
  static absl::StatusOr<Scalar> Decode(BytesView bytes);
  // Modulo L, from 64 bytes. Precondition: 64 bytes.
  static Scalar Reduce(BytesView wide);

  BytesView bytes() const { return AsView(raw_); }
  friend bool operator==(const Scalar&, const Scalar&) = default;

 private:
  friend class SecretScalar;
  explicit Scalar(const std::array<std::uint8_t, kScalarSize>& raw) : raw_(raw) {}
  std::array<std::uint8_t, kScalarSize> raw_;
};

// A secret scalar in [1, L): a key, a factor, a blind or a nonce. Move-only, does not print, is
// wiped. A test that follows secrets through the code marks the bytes behind Reveal(ForTest()).
class SecretScalar {
 public:
  static SecretScalar Random();
  // E_LENGTH, E_SCALAR, and E_SCALAR_ZERO.
  static absl::StatusOr<SecretScalar> Decode(const SecretBytes& bytes);
  // Modulo L, from 64 bytes (E_LENGTH); E_SCALAR_ZERO if that gives 0.
  static absl::StatusOr<SecretScalar> Reduce(const SecretBytes& wide);

  SecretScalar Clone() const { return SecretScalar(bytes_.Clone()); }
  SecretScalar Times(const SecretScalar& other) const;
  SecretScalar Inverse() const;
  // this - factor * other: the answer of a Schnorr proof, which is public. With `this` fresh it
  // says nothing about `other`.
  Scalar MinusProduct(const Scalar& factor, const SecretScalar& other) const;
  // In constant time.
  bool IsOne() const;
  bool Equals(const SecretScalar& other) const { return bytes_.Equals(other.bytes_); }

  // The view ends with this object.
  BytesView Reveal(SecretAccess access) const { return bytes_.Reveal(access); }

 private:
  explicit SecretScalar(SecretBytes bytes) : bytes_(std::move(bytes)) {}
  SecretBytes bytes_;
};

std::ostream& operator<<(std::ostream&, const SecretScalar&) = delete;
bool operator==(const SecretScalar&, const SecretScalar&) = delete;  // use Equals
void PrintTo(const SecretScalar& scalar, std::ostream* out);

GroupElement MultiplyBase(const SecretScalar& scalar);
GroupElement Multiply(const SecretScalar& scalar, const GroupElement& element);
// E_IDENTITY if the result is the identity: libsodium reports no such thing.
absl::StatusOr<GroupElement> Add(const GroupElement& a, const GroupElement& b);
absl::StatusOr<GroupElement> Subtract(const GroupElement& a, const GroupElement& b);

// An element or the identity: what stands inside a proof while it is made or checked. Not in
// constant time in the public scalars.
class Point {
 public:
  Point() = default;  // the identity
  Point(const GroupElement& element) : raw_(element.raw_) {}
  static Point BaseTimes(const Scalar& scalar);
  static Point BaseTimes(const SecretScalar& scalar);

  Point Plus(const Point& other) const;
  Point Minus(const Point& other) const;
  Point Times(const Scalar& scalar) const;
  Point Times(const SecretScalar& scalar) const;
  bool IsIdentity() const;
  absl::StatusOr<GroupElement> ToElement() const;  // E_IDENTITY
  BytesView bytes() const { return AsView(raw_); }

 private:
  std::array<std::uint8_t, kElementSize> raw_{};
};

}  // namespace sluis
