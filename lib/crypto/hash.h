// SHA-256, SHA-512 (FIPS 180-4) and HMAC-SHA256 (RFC 2104). All functions are thread-safe.
#pragma once

#include <initializer_list>
#include <memory>

#include "lib/base/bytes.h"

namespace sluis {

Digest Sha256(BytesView bytes);
// Of the concatenation.
Digest Sha256(std::initializer_list<BytesView> parts);

// Of the concatenation.
std::array<std::uint8_t, 64> Sha512(std::initializer_list<BytesView> parts);

// Piece by piece; one thread at a time. After Finish() it starts again from nothing.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  Sha256Stream& Update(BytesView bytes);
  Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest HmacSha256(BytesView key, BytesView data);
Digest HmacSha256(BytesView key, std::initializer_list<BytesView> parts);

// False for different sizes; sizes are not secret.
bool ConstantTimeEqual(BytesView a, BytesView b);

}  // namespace sluis
