// The TLS side of the HTTPS listener (api.md §11): TLS 1.3 only, client certificate required, chain
// and revocation judged by lib/crypto's TrustStore with the injected clock, at the handshake and
// again for each request of a long connection.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/mutex.h"
#include "lib/crypto/certificate.h"

struct ssl_ctx_st;
struct ssl_st;

namespace sluis::http {

struct TlsFiles {
  std::filesystem::path certificate_chain;   // PEM, the server's own certificate first
  std::filesystem::path private_key;         // PEM, readable by its owner alone
  std::filesystem::path client_authorities;  // PEM, up to a self-signed root, intermediates too
  std::filesystem::path revocation_lists;    // folder of *.pem and *.crl, one list per authority
};

// Thread-safe. Servers that use it must end before it does.
class TlsIdentity {
 public:
  // Errors name the member of TlsFiles: FIELD_INVALID, KEY_FILE_PERMISSIONS, or those of
  // lib/base/file.h.
  static absl::StatusOr<std::unique_ptr<TlsIdentity>> Create(TlsFiles files, const Clock& clock);

  // Reads all files again. New connections and new requests see the new ones; on an error nothing
  // changes.
  absl::Status Reload();

  // Is this client certificate good now? Errors of TrustStore::Check.
  absl::Status Check(std::string_view certificate_pem) const;

  // For the server: a context to make connections of, and what a finished handshake tells.
  std::shared_ptr<ssl_ctx_st> context() const;
  static std::string PeerPem(const ssl_st* connection);
  // Why a handshake failed, one word for metrics: a `why` of lib/crypto/certificate.h, `purpose`,
  // `no-certificate`, `tls-version` or `handshake`.
  static std::string_view RefusalOf(const ssl_st* connection, unsigned long library_error);

 private:
  TlsIdentity(TlsFiles files, const Clock& clock) : files_(std::move(files)), clock_(clock) {}
  absl::StatusOr<std::shared_ptr<ssl_ctx_st>> LoadContext();

  const TlsFiles files_;
  const Clock& clock_;
  mutable Mutex mutex_;
  std::shared_ptr<ssl_ctx_st> context_ SLUIS_GUARDED_BY(mutex_);
  std::shared_ptr<const TrustStore> trust_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::http
