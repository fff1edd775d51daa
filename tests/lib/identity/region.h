// A small region for tests: partners with their private keys, as the directory and the edges would
// hold them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/jws.h"
#include "lib/crypto/x25519.h"
#include "lib/identity/directory.h"

namespace sluis::identity::testing {

inline constexpr char kTownOin[] = "00000099100000001000";
inline constexpr char kSmallTownOin[] = "00000099100000002000";
inline constexpr char kPoliceOin[] = "00000099200000001000";
inline constexpr char kProsecutionOin[] = "00000099300000001000";

inline Oin OinOf(std::string_view text) { return Oin::Parse(text).value(); }
inline UnitPath UnitOf(std::string_view text) { return UnitPath::Parse(text).value(); }
inline PartyId PartyOf(std::string_view oin, std::string_view unit) {
  return {OinOf(oin), UnitOf(unit)};
}

// Thumbprint of the one certificate that TestPartner lists for its units.
Digest CertificateOf(std::string_view oin);

// A partner with these units, one certificate for all of them and one assertion key `key-1`
// (ES256), and the private halves.
struct TestPartner {
  TestPartner(std::string_view oin, std::vector<std::string> units);
  const Ed25519PrivateKey& SigningKey(std::string_view unit) const {
    return *signing.at(std::string(unit));
  }

  Partner entry;
  std::shared_ptr<JwsPrivateKey> assertion_key;
  std::map<std::string, std::shared_ptr<Ed25519PrivateKey>> signing;
  std::map<std::string, std::shared_ptr<X25519PrivateKey>> sealing;
};

// The two officers of the test directory.
struct TestOfficers {
  DirectoryOfficers Pinned() const;
  // The note of this document with the signatures of both.
  Bytes Sign(const DirectoryDocument& document) const;

  std::string first_name = "directory.example/officer/1";
  std::string second_name = "directory.example/officer/2";
  Ed25519PrivateKey first = Ed25519PrivateKey::Generate();
  Ed25519PrivateKey second = Ed25519PrivateKey::Generate();
};

DirectoryDocument DocumentOf(const std::vector<const TestPartner*>& partners);
std::shared_ptr<const Directory> DirectoryOf(const std::vector<const TestPartner*>& partners);

}  // namespace sluis::identity::testing
