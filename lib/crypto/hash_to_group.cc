#include "lib/crypto/hash_to_group.h"

#include <sodium.h>

#include "lib/crypto/internal/openssl.h"
#include "lib/crypto/internal/sodium.h"

namespace sluis {
namespace {

constexpr std::size_t kBlock = 128;  // of SHA-512
constexpr std::size_t kLongMessage = 65535;
constexpr BytesView kDeriveFactorDst = "DeriveFactor-coPRFV1-ristretto255-SHA512";

class Sha512Stream {
 public:
  Sha512Stream() { crypto_hash_sha512_init(&state_); }
  Sha512Stream(const Sha512Stream&) = delete;
  Sha512Stream& operator=(const Sha512Stream&) = delete;
  ~Sha512Stream() { sodium_memzero(&state_, sizeof state_); }
  Sha512Stream& Update(BytesView bytes) {
    crypto_hash_sha512_update(&state_, Data(bytes), bytes.size());
    return *this;
  }
  Sha512Stream& U8(std::size_t value) {
    const char byte = static_cast<char>(value);
    return Update({&byte, 1});
  }
  Sha512Stream& U16(std::size_t value) { return U8(value >> 8).U8(value & 0xFF); }
  void Finish(std::uint8_t out[64]) { crypto_hash_sha512_final(&state_, out); }

 private:
  crypto_hash_sha512_state state_;
};

// b_0 and b_1 of RFC 9380 §5.3.1: one block is all that we need.
void Expand(std::initializer_list<BytesView> message, BytesView dst, std::size_t length,
            std::uint8_t out[64]) {
  CryptoCheck(!dst.empty() && dst.size() <= 255 && length >= 1 && length <= 64, "expand");
  constexpr char zeros[kBlock] = {};
  std::uint8_t first[64];
  Sha512Stream start;
  start.Update({zeros, kBlock});
  for (BytesView part : message) start.Update(part);
  start.U16(length).U8(0).Update(dst).U8(dst.size()).Finish(first);
  Sha512Stream()
      .Update({reinterpret_cast<const char*>(first), sizeof first})
      .U8(1)
      .Update(dst)
      .U8(dst.size())
      .Finish(out);
  sodium_memzero(first, sizeof first);
}

Bytes Length2(std::size_t size) {
  CryptoCheck(size <= 0xFFFF, "lp2 of more than 65535 bytes");
  return {static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)};
}

}  // namespace

Bytes ExpandMessageXmd(std::initializer_list<BytesView> message, BytesView dst,
                       std::size_t length) {
  std::uint8_t out[64];
  Expand(message, dst, length, out);
  return Bytes(reinterpret_cast<const char*>(out), length);
}

GroupElement HashToGroup(BytesView message, BytesView context) {
  EnsureSodium();
  std::uint8_t digest[64];
  if (message.size() > kLongMessage) {
    crypto_hash_sha512(digest, Data(message), message.size());
    message = {reinterpret_cast<const char*>(digest), sizeof digest};
  }
  std::uint8_t uniform[64];
  Expand({message}, "HashToGroup-" + Bytes(context), sizeof uniform, uniform);
  const auto element =
      GroupElement::FromUniform({reinterpret_cast<const char*>(uniform), sizeof uniform});
  sodium_memzero(uniform, sizeof uniform);
  CryptoCheck(element.ok(), "a message that hashes to the identity");
  return *element;
}

Scalar HashToScalar(std::initializer_list<BytesView> message, BytesView context) {
  return HashToScalarWithDst(message, "HashToScalar-" + Bytes(context));
}

Scalar HashToScalarWithDst(std::initializer_list<BytesView> message, BytesView dst) {
  EnsureSodium();
  std::uint8_t wide[64];
  Expand(message, dst, sizeof wide, wide);
  return Scalar::Reduce({reinterpret_cast<const char*>(wide), sizeof wide});
}

SecretScalar DeriveFactor(const SecretBytes& secret, FactorLabel label, BytesView id) {
  EnsureSodium();
  const BytesView bytes = secret.Reveal(SecretAccess::ForCrypto());
  const Bytes secret_length = Length2(bytes.size()), id_length = Length2(id.size());
  const char kind = static_cast<char>(label);
  for (int counter = 0; counter <= 255; ++counter) {
    const char byte = static_cast<char>(counter);
    SecretBytes wide(kUniformSize);
    Expand({secret_length, bytes, {&kind, 1}, id_length, id, {&byte, 1}}, kDeriveFactorDst,
           kUniformSize, wide.RevealForWriting(SecretAccess::ForCrypto()).data());
    auto factor = SecretScalar::Reduce(wide);
    if (factor.ok() && !factor->IsOne()) return *std::move(factor);
  }
  CryptoFailure("no factor in 256 tries");
}

}  // namespace sluis
