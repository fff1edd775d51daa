// OpenSSL handles with owners, for the .cc files of lib/crypto only: no public header includes this
// one.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>

#include <memory>
#include <string_view>

#include "lib/base/bytes.h"

namespace sluis {

template <auto Free>
struct OpensslDeleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

using EvpPkeyPtr = std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>>;
using EvpPkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, OpensslDeleter<EVP_PKEY_CTX_free>>;
using EvpMdCtxPtr = std::unique_ptr<EVP_MD_CTX, OpensslDeleter<EVP_MD_CTX_free>>;
using EvpMacCtxPtr = std::unique_ptr<EVP_MAC_CTX, OpensslDeleter<EVP_MAC_CTX_free>>;
using EvpCipherCtxPtr = std::unique_ptr<EVP_CIPHER_CTX, OpensslDeleter<EVP_CIPHER_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, OpensslDeleter<BIO_free>>;

// What the opaque handles of ed25519.h and x25519.h stand for.
class KeyHandle {
 public:
  explicit KeyHandle(EvpPkeyPtr key) : key_(std::move(key)) {}
  EVP_PKEY* get() const { return key_.get(); }

 private:
  EvpPkeyPtr key_;
};

// Ends the process: the library refused something that no input can cause (memory, a missing
// provider).
[[noreturn]] void CryptoFailure(std::string_view what);

// Ends the process unless `ok`. Test return values, never the error queue.
inline void CryptoCheck(bool ok, std::string_view what) {
  if (!ok) CryptoFailure(what);
}

inline std::uint8_t* MutableData(Bytes& bytes) {
  return reinterpret_cast<std::uint8_t*>(bytes.data());
}

// A view on a BIO's memory, as long as the BIO lives and is not written to.
BytesView BioContent(BIO* bio);

}  // namespace sluis
