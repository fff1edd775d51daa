#include "lib/crypto/secret.h"

#include <sodium.h>

#include <cstring>
#include <ostream>
#include <utility>

#include "lib/crypto/internal/secret_pool.h"
#include "lib/crypto/random.h"

namespace sluis {

void SecretBytes::Wipe::operator()(std::uint8_t* bytes) const { GiveSecretMemory(bytes, size); }

SecretBytes::SecretBytes(std::size_t size)
    : bytes_(size == 0 ? nullptr : TakeSecretMemory(size), Wipe{size}), size_(size) {}

SecretBytes SecretBytes::CopyOf(BytesView bytes) {
  SecretBytes secret(bytes.size());
  if (!bytes.empty()) std::memcpy(secret.bytes_.get(), bytes.data(), bytes.size());
  return secret;
}

SecretBytes SecretBytes::Take(Bytes&& bytes) {
  SecretBytes secret = CopyOf(bytes);
  WipeBytes(bytes);
  bytes.clear();
  return secret;
}

SecretBytes SecretBytes::Random(std::size_t size) {
  SecretBytes secret(size);
  RandomFill(secret.RevealForWriting(SecretAccess::ForCrypto()));
  return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

SecretBytes SecretBytes::Clone() const { return CopyOf(Reveal(SecretAccess::ForCrypto())); }

bool SecretBytes::Equals(const SecretBytes& other) const {
  return size_ == other.size_ &&
         (size_ == 0 || sodium_memcmp(bytes_.get(), other.bytes_.get(), size_) == 0);
}

BytesView SecretBytes::Reveal(SecretAccess) const {
  return {reinterpret_cast<const char*>(bytes_.get()), size_};
}

std::span<std::uint8_t> SecretBytes::RevealForWriting(SecretAccess) {
  return {bytes_.get(), size_};
}

void PrintTo(const SecretBytes&, std::ostream* out) { *out << "<secret>"; }

void WipeBytes(Bytes& bytes) { sodium_memzero(bytes.data(), bytes.size()); }

}  // namespace sluis
