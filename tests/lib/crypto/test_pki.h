// A certificate authority for tests: it issues client certificates and revocation lists with fresh
// P-256 keys. Names and numbers are made up; OINs come from the test range.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace sluis::testing {

// What to put into a certificate. Attributes are (short name, text), for example {"serialNumber",
// "000..."}.
struct CertificateSpec {
  std::vector<std::pair<std::string, std::string>> subject;
  absl::Time not_before, not_after;
  bool bmp_strings = false;  // two bytes a character
  std::string usage = "clientAuth";
  std::string alternative_names = "";  // for example "IP:127.0.0.1,DNS:localhost"
};

// A certificate and its private key, both PEM.
struct IssuedCertificate {
  std::string certificate, key;
};

class TestAuthority {
 public:
  // A self-signed root, or a CA under `parent`.
  explicit TestAuthority(const std::string& name, const TestAuthority* parent = nullptr);
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  std::string Pem() const;
  std::string Issue(const CertificateSpec& spec) const { return IssueWithKey(spec).certificate; }
  IssuedCertificate IssueWithKey(const CertificateSpec& spec) const;
  // A list of the revoked certificates; without `next_update` when that is the infinite future.
  std::string RevocationList(const std::vector<std::string>& revoked_pems, absl::Time this_update,
                             absl::Time next_update) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A valid client certificate of this organisation.
CertificateSpec ClientOf(const std::string& oin, absl::Time now);
// A valid server certificate for 127.0.0.1.
CertificateSpec LoopbackServer(absl::Time now);

// PEM of keys that must be refused.
std::string RsaPublicPem(int bits);
std::string Secp384PublicPem();
std::string EncryptedPrivatePem();

}  // namespace sluis::testing
