// A small region on disk and the real broker in a process of its own: a town that asks, a police
// unit that answers, their folders and keys, and everything that sluisd is configured with.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "clients/lib/edge.h"
#include "tests/bench/child_process.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/lib/identity/region.h"
#include "tests/policy/signed/signed_pack.h"

namespace sluis::bench {

inline constexpr char kAskingUnit[] = "gemeente/oov";
inline constexpr char kAnsweringUnit[] = "politie/informatie";

// Certificates and keys of one side of a TLS connection, PEM.
struct TlsPems {
  std::string authority, certificate, key;
};

class Region {
 public:
  // `folder` is empty or missing. `broker` is the command that runs sluisd, without its arguments.
  Region(std::filesystem::path folder, const std::vector<std::string>& broker);

  // Profile folders of client `n`: each has a party folder of its own, with the party's keys.
  std::filesystem::path Asker(int n) {
    return Profile(asker_, "ask", kAskingUnit, "casusregisseur", n);
  }
  std::filesystem::path Answerer(int n) {
    return Profile(answerer_, "answer", kAnsweringUnit, "politie-verstrekker", n);
  }

  pid_t broker_pid() const { return broker_->pid(); }
  std::filesystem::path database() const { return folder_ / "broker" / "sluis.db"; }
  TlsPems server_tls() const { return server_; }
  TlsPems client_tls() const { return client_; }
  // Acts that one commit of the broker's journal held on average, by its rollback guard and its
  // database.
  double ActsPerCommit() const;

 private:
  void WriteDirectory();
  void WriteBroker();
  void StartBroker(const std::vector<std::string>& broker);
  std::filesystem::path Profile(const identity::testing::TestPartner& partner,
                                const std::string& side, const std::string& unit,
                                const std::string& role, int n);
  void WriteParty(const std::filesystem::path& root, const identity::testing::TestPartner& partner,
                  const std::string& unit) const;

  std::filesystem::path folder_;
  testing::TestAuthority authority_{"Bench CA"};
  identity::testing::TestPartner asker_;
  identity::testing::TestPartner answerer_;
  identity::testing::TestOfficers officers_;
  policy::testing::TestActivators persons_;
  Ed25519PrivateKey log_key_ = Ed25519PrivateKey::Generate();
  std::map<std::string, testing::IssuedCertificate> client_certificates_;  // by OIN
  TlsPems server_, client_;
  std::string address_;
  std::unique_ptr<ChildProcess> broker_;
};

}  // namespace sluis::bench
