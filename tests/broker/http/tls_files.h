// The files of a TLS server and of its clients, in a folder of their own, valid around the moment
// that a test gives.
#pragma once

#include <string>

#include "broker/http/tls.h"
#include "lib/base/file.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/support/temp_dir.h"

namespace sluis::testing {

inline constexpr char kClientOin[] = "00000099000000001000";

struct TlsTestFiles {
  explicit TlsTestFiles(absl::Time moment) : now(moment) {
    Write("ca.pem", root.Pem());
    const IssuedCertificate server = root.IssueWithKey(LoopbackServer(now));
    Write("server.pem", server.certificate);
    Write("server.key", server.key);
    std::filesystem::create_directory(folder.path() / "crl");
    Revoke({});
  }

  void Write(const std::string& name, const std::string& content) {
    if (!WriteFileAtomic(folder.path() / name, content).ok()) throw std::runtime_error("test file");
  }
  void Revoke(const std::vector<std::string>& certificates,
              absl::Duration valid = absl::Hours(24)) {
    Write("crl/root.crl", root.RevocationList(certificates, now - absl::Hours(1), now + valid));
  }
  http::TlsFiles Server() const {
    return {folder.path() / "server.pem", folder.path() / "server.key", folder.path() / "ca.pem",
            folder.path() / "crl"};
  }

  const absl::Time now;
  TestAuthority root{"root"};
  TempDir folder;
  IssuedCertificate client = root.IssueWithKey(ClientOf(kClientOin, now));
};

}  // namespace sluis::testing
