// X.509 handles with owners, and PEM reading that never asks a terminal for a pass phrase.
#pragma once

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string_view>

#include "lib/crypto/internal/openssl.h"

namespace sluis {

using X509Ptr = std::unique_ptr<X509, OpensslDeleter<X509_free>>;
using X509CrlPtr = std::unique_ptr<X509_CRL, OpensslDeleter<X509_CRL_free>>;
using X509StorePtr = std::unique_ptr<X509_STORE, OpensslDeleter<X509_STORE_free>>;
using X509StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, OpensslDeleter<X509_STORE_CTX_free>>;

// OpenSSL's default for an encrypted PEM is a prompt on the terminal.
inline int NoPassphrase(char*, int, int, void*) { return -1; }

// Leaves the thread's error queue empty: TLS on the same thread would read a leftover as its own
// failure.
class ErrorQueueGuard {
 public:
  ErrorQueueGuard() = default;
  ~ErrorQueueGuard() { ERR_clear_error(); }
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
};

// A reader over `text`, which must outlive it. Precondition: less than 2 GiB.
inline BioPtr ReadOnlyBio(std::string_view text) {
  BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  CryptoCheck(bio != nullptr, "memory BIO");
  return bio;
}

}  // namespace sluis
