#include "tests/bench/region.h"

#include "absl/strings/str_format.h"
#include "broker/journal/guard_file.h"
#include "clients/lib/private_files.h"
#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/crypto/certificate.h"
#include "lib/crypto/key_file.h"
#include "lib/crypto/random.h"
#include "lib/tlog/vkey.h"
#include "tests/bench/floor_commit.h"
#include "tests/bench/must.h"

namespace sluis::bench {
namespace {

using identity::testing::TestPartner;

constexpr char kOrigin[] = "log.bench.example/2026";
constexpr char kOperator[] = "00000099000000001000";
constexpr char kIdentifier[] = "sluis-bench";

void Write(const std::filesystem::path& path, const std::string& text) {
  Must(WriteFileAtomic(path, text), path.c_str());
}

void Folder(const std::filesystem::path& path) {
  Must(edge::EnsurePrivateFolder(path), path.c_str());
}

std::string VkeyOf(const std::string& name, const Ed25519PrivateKey& key) {
  return Must(tlog::VerifierKey::Create(name, tlog::KeyType::kEd25519, key.public_key()), "a vkey")
      .Format();
}

}  // namespace

Region::Region(std::filesystem::path folder, const std::vector<std::string>& broker)
    : folder_(std::filesystem::absolute(std::move(folder))),
      asker_(identity::testing::kTownOin, {kAskingUnit, "gemeente/burgemeester"}),
      answerer_(identity::testing::kPoliceOin, {kAnsweringUnit}) {
  Folder(folder_);
  for (TestPartner* partner : {&asker_, &answerer_}) {
    const std::string oin = partner->entry.oin.str();
    client_certificates_[oin] = authority_.IssueWithKey(testing::ClientOf(oin, absl::Now()));
    partner->entry.certificates.front().thumbprint =
        Must(ParsePeerCertificate(client_certificates_[oin].certificate), "a certificate")
            .thumbprint;
  }
  const auto server = authority_.IssueWithKey(testing::LoopbackServer(absl::Now()));
  const auto& client = client_certificates_[asker_.entry.oin.str()];
  server_ = {authority_.Pem(), server.certificate, server.key};
  client_ = {authority_.Pem(), client.certificate, client.key};
  WriteBroker();
  StartBroker(broker);
}

void Region::WriteDirectory() {
  identity::DirectoryDocument document = identity::testing::DocumentOf({&asker_, &answerer_});
  Write(folder_ / "broker" / "directory.note", officers_.Sign(document));
}

void Region::WriteBroker() {
  const std::filesystem::path root = folder_ / "broker";
  Folder(root);
  Folder(root / "crl");
  Write(root / "server.pem", server_.certificate);
  Write(root / "server.key", server_.key);
  Write(root / "ca.pem", server_.authority);
  Write(root / "crl" / "root.crl",
        authority_.RevocationList({}, absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(24)));
  Must(WriteKeyFile(root / "log.key", log_key_), "the log's key");
  Write(root / "store.key", HexEncode(RandomBytes(32)) + "\n");
  WriteDirectory();
  Write(root / "policy.bundle", persons_.SignThePack(absl::Now()));
  Write(root / "broker.txtpb",
        absl::StrFormat("listen: \"127.0.0.1:0\"\nidentifier: \"%s\"\ndemonstration: true\n"
                        "tls { key_file: \"server.key\" certificate_file: \"server.pem\"\n"
                        "  authorities_file: \"ca.pem\" revocation_folder: \"crl\" }\n"
                        "%s"
                        "directory { file: \"directory.note\" first_officer: \"%s\"\n"
                        "  second_officer: \"%s\" }\n"
                        "database: \"sluis.db\"\n"
                        "log { origin: \"%s\" operator: \"%s\" key_file: \"log.key\"\n"
                        "  store_key_file: \"store.key\" guard_file: \"guard\" }\n"
                        "http { public_listen: \"127.0.0.1:0\" }\n",
                        kIdentifier, persons_.Config("policy.bundle", "policy.mark"),
                        VkeyOf(officers_.first_name, officers_.first),
                        VkeyOf(officers_.second_name, officers_.second), kOrigin, kOperator));
}

void Region::StartBroker(const std::vector<std::string>& broker) {
  std::vector<std::string> command = broker;
  command.insert(command.end(), {"--config", (folder_ / "broker" / "broker.txtpb").string()});
  broker_ = std::make_unique<ChildProcess>(command);
  int port = 0;
  Must(std::sscanf(broker_->first_line().c_str(), "sluisd ready: partners=%d", &port) == 1,
       "the ready line of sluisd");
  address_ = absl::StrFormat("127.0.0.1:%d", port);
}

void Region::WriteParty(const std::filesystem::path& root, const TestPartner& partner,
                        const std::string& unit) const {
  Folder(root);
  const testing::IssuedCertificate& tls = client_certificates_.at(partner.entry.oin.str());
  Write(root / "tls.pem", tls.certificate);
  Write(root / "tls.key", tls.key);
  Write(root / "ca.pem", server_.authority);
  Must(WriteKeyFile(root / "signing.key", *partner.signing.at(unit)), "a signing key");
  Must(WriteKeyFile(root / "sealing.key", *partner.sealing.at(unit)), "a sealing key");
  Write(root / "party.txtpb",
        absl::StrFormat("organisation: \"%s\"\nunit: \"%s\"\n"
                        "broker { address: \"%s\" identifier: \"%s\" trust_anchor: \"ca.pem\" }\n"
                        "tls { certificate: \"tls.pem\" key: \"tls.key\" }\n"
                        "signing_key: \"signing.key\"\nsealing_key: \"sealing.key\"\n"
                        "log_vkey: \"%s\"\ndirectory_officers: \"%s\"\n"
                        "directory_officers: \"%s\"\ndemonstration: true\n",
                        partner.entry.oin.str(), unit, address_, kIdentifier,
                        VkeyOf(kOrigin, log_key_), VkeyOf(officers_.first_name, officers_.first),
                        VkeyOf(officers_.second_name, officers_.second)));
}

// Written once a side, durably as every key, and copied for each client.
std::filesystem::path Region::Profile(const TestPartner& partner, const std::string& side,
                                      const std::string& unit, const std::string& role, int n) {
  const std::filesystem::path first = folder_ / side;
  if (!std::filesystem::exists(first)) {
    WriteParty(first, partner, unit);
    const std::filesystem::path person = first / "person";
    Folder(person);
    Must(WriteKeyFile(person / "assertion.key", *partner.assertion_key), "an assertion key");
    Write(person / "profile.txtpb",
          absl::StrFormat("party: \"..\"\nstaff_number: \"m-17\"\nunit: \"%s\"\nroles: \"%s\"\n"
                          "assurance: SUBSTANTIAL\n"
                          "key { file: \"assertion.key\" algorithm: \"ES256\" key_id: \"key-1\"\n"
                          "  issuer: \"%s\" client_id: \"%s\" }\n",
                          unit, role, partner.entry.issuer, partner.entry.client_id));
  }
  const std::filesystem::path party = folder_ / absl::StrFormat("%s-%d", side, n);
  if (!std::filesystem::exists(party)) {
    std::filesystem::copy(first, party, std::filesystem::copy_options::recursive);
  }
  return party / "person";
}

double Region::ActsPerCommit() const {
  // The guard counts its writes, one a commit (broker/journal/guard_file.h): u64 behind four bytes,
  // in each of two slots.
  const Bytes guard = Must(ReadFile(folder_ / "broker" / "guard"), "the guard");
  std::uint64_t commits = 1;
  for (std::size_t slot = 0; slot < guard.size(); slot += journal::kGuardSlotSize) {
    ByteReader reader(BytesView(guard).substr(slot + 4));
    commits = std::max(commits, Must(reader.U64(), "a slot of the guard"));
  }
  const StoredBytes stored = StoredBytes::CountIn(database());
  return stored.request.rows * stored.exchanges / static_cast<double>(commits);
}

}  // namespace sluis::bench
