#include "lib/crypto/ristretto255.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <ostream>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/internal/openssl.h"
#include "lib/crypto/internal/sodium.h"

namespace sluis {
namespace {

using Raw = std::array<std::uint8_t, 32>;

static_assert(kElementSize == crypto_core_ristretto255_BYTES);
static_assert(kScalarSize == crypto_core_ristretto255_SCALARBYTES);
static_assert(kUniformSize == crypto_core_ristretto255_HASHBYTES);
static_assert(kUniformSize == crypto_core_ristretto255_NONREDUCEDSCALARBYTES);

absl::Status InvalidRistretto255(std::string_view reason, std::string_view message) {
  return Error(ErrorCode::kInvalid, reason, message);
}

absl::Status Identity() {
  return InvalidRistretto255("E_IDENTITY", "the identity stands where a group element must be");
}

bool IsZero(const std::uint8_t* bytes) { return sodium_is_zero(bytes, 32) == 1; }

// Is the little-endian value below 2^255 - 19, with bit 255 clear? Elements come from peers.
bool IsFieldElement(BytesView bytes) {
  const std::uint8_t* b = Data(bytes);
  if ((b[31] & 0x80) != 0) return false;
  if (b[31] != 0x7F || b[0] < 0xED) return true;
  return !std::all_of(b + 1, b + 31, [](std::uint8_t byte) { return byte == 0xFF; });
}

// 1.0.18 has no test for canonical scalars: what the reduction changes was none. In constant time.
bool IsReduced(const std::uint8_t* scalar) {
  std::uint8_t wide[64] = {};
  std::uint8_t reduced[32];
  std::memcpy(wide, scalar, 32);
  crypto_core_ristretto255_scalar_reduce(reduced, wide);
  const bool same = sodium_memcmp(reduced, scalar, 32) == 0;
  sodium_memzero(wide, sizeof wide);
  sodium_memzero(reduced, sizeof reduced);
  return same;
}

absl::Status CheckScalar(BytesView bytes) {
  if (bytes.size() != kScalarSize) return InvalidRistretto255("E_LENGTH", "a scalar has 32 bytes");
  if (!IsReduced(Data(bytes)))
    return InvalidRistretto255("E_SCALAR", "a scalar is below the group order");
  return absl::OkStatus();
}

std::uint8_t* Out(SecretBytes& bytes) {
  return bytes.RevealForWriting(SecretAccess::ForCrypto()).data();
}

const std::uint8_t* In(const SecretScalar& scalar) {
  return Data(scalar.Reveal(SecretAccess::ForCrypto()));
}

}  // namespace

// --- elements ---

absl::StatusOr<GroupElement> GroupElement::Decode(BytesView bytes) {
  if (bytes.size() != kElementSize)
    return InvalidRistretto255("E_LENGTH", "a group element has 32 bytes");
  if (!IsFieldElement(bytes))
    return InvalidRistretto255("E_ELEMENT", "not a canonical group element");
  if (IsZero(Data(bytes))) return Identity();
  EnsureSodium();
  if (crypto_core_ristretto255_is_valid_point(Data(bytes)) != 1) {
    return InvalidRistretto255("E_ELEMENT", "the bytes are no group element");
  }
  Raw raw;
  std::copy_n(Data(bytes), raw.size(), raw.begin());
  return GroupElement(raw);
}

const GroupElement& GroupElement::Generator() {
  static const GroupElement generator = [] {
    EnsureSodium();
    constexpr Raw one = {1};
    Raw raw;
    CryptoCheck(crypto_scalarmult_ristretto255_base(raw.data(), one.data()) == 0, "generator");
    return GroupElement(raw);
  }();
  return generator;
}

absl::StatusOr<GroupElement> GroupElement::FromUniform(BytesView uniform) {
  if (uniform.size() != kUniformSize)
    return InvalidRistretto255("E_LENGTH", "the map takes 64 bytes");
  EnsureSodium();
  Raw raw;
  CryptoCheck(crypto_core_ristretto255_from_hash(raw.data(), Data(uniform)) == 0, "from_hash");
  if (IsZero(raw.data())) return Identity();
  return GroupElement(raw);
}

// --- scalars ---

absl::StatusOr<Scalar> Scalar::Decode(BytesView bytes) {
  SLUIS_RETURN_IF_ERROR(CheckScalar(bytes));
  Raw raw;
  std::copy_n(Data(bytes), raw.size(), raw.begin());
  return Scalar(raw);
}

Scalar Scalar::Reduce(BytesView wide) {
  CryptoCheck(wide.size() == kUniformSize, "a scalar is reduced from 64 bytes");
  Raw raw;
  crypto_core_ristretto255_scalar_reduce(raw.data(), Data(wide));
  return Scalar(raw);
}

SecretScalar SecretScalar::Random() {
  EnsureSodium();
  SecretBytes bytes(kScalarSize);
  do {
    crypto_core_ristretto255_scalar_random(Out(bytes));
  } while (IsZero(Out(bytes)));
  return SecretScalar(std::move(bytes));
}

absl::StatusOr<SecretScalar> SecretScalar::Decode(const SecretBytes& bytes) {
  const BytesView view = bytes.Reveal(SecretAccess::ForCrypto());
  SLUIS_RETURN_IF_ERROR(CheckScalar(view));
  if (IsZero(Data(view)))
    return InvalidRistretto255("E_SCALAR_ZERO", "a scalar is zero where none may be");
  return SecretScalar(bytes.Clone());
}

absl::StatusOr<SecretScalar> SecretScalar::Reduce(const SecretBytes& wide) {
  if (wide.size() != kUniformSize)
    return InvalidRistretto255("E_LENGTH", "a scalar is reduced from 64 bytes");
  SecretBytes bytes(kScalarSize);
  crypto_core_ristretto255_scalar_reduce(Out(bytes), Data(wide.Reveal(SecretAccess::ForCrypto())));
  if (IsZero(Out(bytes)))
    return InvalidRistretto255("E_SCALAR_ZERO", "a scalar is zero where none may be");
  return SecretScalar(std::move(bytes));
}

SecretScalar SecretScalar::Times(const SecretScalar& other) const {
  SecretBytes product(kScalarSize);
  crypto_core_ristretto255_scalar_mul(Out(product), In(*this), In(other));
  return SecretScalar(std::move(product));
}

SecretScalar SecretScalar::Inverse() const {
  SecretBytes inverse(kScalarSize);
  CryptoCheck(crypto_core_ristretto255_scalar_invert(Out(inverse), In(*this)) == 0, "invert");
  return SecretScalar(std::move(inverse));
}

Scalar SecretScalar::MinusProduct(const Scalar& factor, const SecretScalar& other) const {
  SecretBytes product(kScalarSize);
  crypto_core_ristretto255_scalar_mul(Out(product), factor.raw_.data(), In(other));
  Raw raw;
  crypto_core_ristretto255_scalar_sub(raw.data(), In(*this), Out(product));
  return Scalar(raw);
}

bool SecretScalar::IsOne() const {
  constexpr Raw one = {1};
  return sodium_memcmp(In(*this), one.data(), one.size()) == 0;
}

void PrintTo(const SecretScalar&, std::ostream* out) { *out << "<secret scalar>"; }

// --- operations ---

GroupElement MultiplyBase(const SecretScalar& scalar) {
  return Point::BaseTimes(scalar).ToElement().value();
}

GroupElement Multiply(const SecretScalar& scalar, const GroupElement& element) {
  return Point(element).Times(scalar).ToElement().value();
}

absl::StatusOr<GroupElement> Add(const GroupElement& a, const GroupElement& b) {
  return Point(a).Plus(b).ToElement();
}

absl::StatusOr<GroupElement> Subtract(const GroupElement& a, const GroupElement& b) {
  return Point(a).Minus(b).ToElement();
}

// --- points ---

Point Point::BaseTimes(const Scalar& scalar) {
  EnsureSodium();
  Point out;
  if (crypto_scalarmult_ristretto255_base(out.raw_.data(), Data(scalar.bytes())) != 0)
    out = Point();
  return out;
}

Point Point::BaseTimes(const SecretScalar& scalar) {
  EnsureSodium();
  Point out;
  CryptoCheck(crypto_scalarmult_ristretto255_base(out.raw_.data(), In(scalar)) == 0, "base");
  return out;
}

Point Point::Minus(const Point& other) const {
  Point out;
  CryptoCheck(crypto_core_ristretto255_sub(out.raw_.data(), raw_.data(), other.raw_.data()) == 0,
              "subtract");
  return out;
}

Point Point::Plus(const Point& other) const {
  Point out;
  CryptoCheck(crypto_core_ristretto255_add(out.raw_.data(), raw_.data(), other.raw_.data()) == 0,
              "add");
  return out;
}

Point Point::Times(const Scalar& scalar) const {
  // libsodium fails exactly where the result is the identity: our points are valid.
  Point out;
  if (crypto_scalarmult_ristretto255(out.raw_.data(), Data(scalar.bytes()), raw_.data()) != 0) {
    out = Point();
  }
  return out;
}

Point Point::Times(const SecretScalar& scalar) const {
  if (IsIdentity()) return Point();
  Point out;
  CryptoCheck(crypto_scalarmult_ristretto255(out.raw_.data(), In(scalar), raw_.data()) == 0,
              "multiply");
  return out;
}

bool Point::IsIdentity() const { return IsZero(raw_.data()); }

absl::StatusOr<GroupElement> Point::ToElement() const {
  if (IsIdentity()) return Identity();
  return GroupElement(raw_);
}

}  // namespace sluis
