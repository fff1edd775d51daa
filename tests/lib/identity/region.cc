#include "tests/lib/identity/region.h"

#include "lib/crypto/hash.h"

namespace sluis::identity::testing {

Digest CertificateOf(std::string_view oin) { return Sha256(oin); }

TestPartner::TestPartner(std::string_view oin, std::vector<std::string> units)
    : assertion_key(
          std::make_shared<JwsPrivateKey>(JwsPrivateKey::Generate(JwsAlgorithm::kEs256))) {
  entry.oin = OinOf(oin);
  entry.kind = UnitOf(units.front()).kind();
  entry.name = "Testorganisatie " + entry.kind;
  entry.regions = {"midden"};
  entry.issuer = "https://idp.example/" + std::string(oin);
  entry.client_id = "sluis-edge-" + std::string(oin);
  std::set<UnitPath> all;
  for (const std::string& unit : units) {
    signing[unit] = std::make_shared<Ed25519PrivateKey>(Ed25519PrivateKey::Generate());
    sealing[unit] = std::make_shared<X25519PrivateKey>(X25519PrivateKey::Generate());
    entry.units.push_back(
        {UnitOf(unit), signing[unit]->public_key(), sealing[unit]->public_key(), {}, std::nullopt});
    all.insert(UnitOf(unit));
  }
  entry.certificates.push_back({CertificateOf(oin), all});
  entry.assertion_keys.push_back(
      {"key-1", JwsPublicKey::Create(assertion_key->PublicPem(), JwsAlgorithm::kEs256).value(),
       all});
}

DirectoryOfficers TestOfficers::Pinned() const {
  const auto vkey = [](const std::string& name, const Ed25519PrivateKey& key) {
    return tlog::VerifierKey::Create(name, tlog::KeyType::kEd25519, key.public_key())->Format();
  };
  return DirectoryOfficers::Create(vkey(first_name, first), vkey(second_name, second)).value();
}

Bytes TestOfficers::Sign(const DirectoryDocument& document) const {
  return CosignDirectory(SignDirectory(document, first_name, first).value(), second_name, second)
      .value();
}

DirectoryDocument DocumentOf(const std::vector<const TestPartner*>& partners) {
  DirectoryDocument document{.name = "midden",
                             .version = 7,
                             .issued = absl::FromUnixSeconds(1'790'000'000),
                             .partners = {}};
  for (const TestPartner* partner : partners) document.partners.push_back(partner->entry);
  return document;
}

std::shared_ptr<const Directory> DirectoryOf(const std::vector<const TestPartner*>& partners) {
  const TestOfficers officers;
  return Directory::Parse(officers.Sign(DocumentOf(partners)), officers.Pinned()).value();
}

}  // namespace sluis::identity::testing
