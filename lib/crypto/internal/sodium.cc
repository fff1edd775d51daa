#include "lib/crypto/internal/sodium.h"

#include <sodium.h>

#include "lib/crypto/internal/openssl.h"

namespace sluis {

void EnsureSodium() {
  static const bool started = sodium_init() >= 0;
  CryptoCheck(started, "sodium_init");
}

}  // namespace sluis
