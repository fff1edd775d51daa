// The authenticator of the real broker: certificate, partner directory and person assertion (api.md
// §11).
#pragma once

#include <map>
#include <memory>
#include <string>

#include "broker/exchange/caller.h"
#include "broker/exchange/surroundings.h"
#include "lib/base/clock.h"
#include "lib/base/mutex.h"
#include "lib/crypto/certificate.h"

namespace sluis::exchange {

// The certificate authorities and revocation lists in force. Thread-safe.
class TrustSource {
 public:
  virtual ~TrustSource() = default;
  virtual std::shared_ptr<const TrustStore> Current() const = 0;
};

struct AuthenticatorOptions {
  std::string audience;        // the broker's identifier, which every assertion must name
  bool demonstration = false;  // test OINs, and only those
};

// Thread-safe. Everything given outlives it.
class PartnerAuthenticator : public Authenticator {
 public:
  PartnerAuthenticator(AuthenticatorOptions options, const TrustSource& trust,
                       const DirectorySource& directories, const PolicySource& policies,
                       const Clock& clock);

  absl::StatusOr<Caller> Authenticate(std::string_view certificate_pem,
                                      std::string_view bearer) const override;

 private:
  // A certificate that was checked, and until when that holds under the same trust store.
  struct Checked {
    PeerCertificate certificate;
    std::shared_ptr<const TrustStore> trust;
    absl::Time until;
  };
  absl::StatusOr<PeerCertificate> CheckCertificate(std::string_view pem, absl::Time now) const;

  AuthenticatorOptions options_;
  const TrustSource& trust_;
  const DirectorySource& directories_;
  const PolicySource& policies_;
  const Clock& clock_;
  mutable Mutex mutex_;
  mutable std::map<std::string, Checked, std::less<>> checked_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::exchange
