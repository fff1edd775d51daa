// The folder of one party: its configuration and keys, and what its edge keeps.
//
//   party.txtpb       proto/sluis/edge/v1/config.proto, PartyConfig
//   directory.note    the partner directory, as last verified
//   journal/          acts that were signed and not yet answered (journal.h)
//   receipts/         what proves that they were logged (receipt_store.h)
//   answers/          opened answers: personal data (answer_store.h)
//   inbox.cursor      up to where the inbox was read
//   edge.key          key under which the following three lie encrypted; made at first use
//   pseudonyms/       who is known in which domain (pseudonym_table.h)
//   subjects/         where subjects went, by keyed name (subject_index.h)
//   questions/        whom open questions to a register are about (question_book.h)
//   sessions/         keys under which pseudonyms are received (session_store.h)
//   commitments/      what the transcryptors committed themselves to (commitment_book.h)
//   indexes/          whom our registers know, by index pseudonym: encrypted (index/index_folder.h)
//
// Folders have mode 0700, files 0600. Several processes may work in it at once.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "lib/base/ids.h"
#include "lib/crypto/certificate.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/secret.h"
#include "lib/crypto/x25519.h"
#include "lib/identity/directory.h"
#include "lib/pseudonym/key_set.h"
#include "lib/tlog/trust_policy.h"

namespace sluis::edge {

struct BrokerAddress {
  std::string address;      // host:port
  std::string server_name;  // empty: the host of the address
  std::string identifier;   // audience of assertions
  std::string trust_anchor_pem;
};

// As files, for who needs them as such.
struct TlsFiles {
  std::filesystem::path certificate, key, trust_anchor;
};

// Whom this party believes about pseudonyms: pinned, and verified when it was loaded.
struct PseudonymTrust {
  pseudonym::KeySet key_set;
  Ed25519PublicKey decision_key;     // of the broker
  std::uint32_t epoch = 1;           // of the case domains into which this party sends
  std::uint32_t previous_epoch = 0;  // also of those in which it receives; 0: none
};

// Immutable after loading, thread-safe; move-only.
class PartyFolder {
 public:
  // Reads and checks everything, and makes the folders that are missing. CONFIG_INVALID naming file
  // and key, FOLDER_PERMISSIONS, the errors of key_file.h; FIELD_INVALID and FIELD_MISSING name the
  // key of party.txtpb.
  static absl::StatusOr<PartyFolder> Load(const std::filesystem::path& root);

  const PartyId& party() const { return party_; }
  const BrokerAddress& broker() const { return broker_; }
  const std::string& certificate_pem() const { return certificate_pem_; }
  const PeerCertificate& certificate() const { return certificate_; }
  const SecretBytes& tls_key_pem() const { return tls_key_pem_; }
  const TlsFiles& tls_files() const { return tls_files_; }
  const Ed25519PrivateKey& signing() const { return signing_; }
  const X25519PrivateKey& sealing() const { return sealing_; }
  const tlog::TrustPolicy& log_trust() const { return log_trust_; }
  const identity::DirectoryOfficers& officers() const { return officers_; }
  bool demonstration() const { return demonstration_; }
  // FAILED_PRECONDITION / KEY_SET_MISSING if party.txtpb pins no key set.
  absl::StatusOr<const PseudonymTrust*> pseudonyms() const;

  std::filesystem::path journal() const { return root_ / "journal"; }
  std::filesystem::path receipts() const { return root_ / "receipts"; }
  std::filesystem::path answers() const { return root_ / "answers"; }
  std::filesystem::path directory_note() const { return root_ / "directory.note"; }
  std::filesystem::path inbox_cursor() const { return root_ / "inbox.cursor"; }
  std::filesystem::path edge_key() const { return root_ / "edge.key"; }
  std::filesystem::path pseudonym_tables() const { return root_ / "pseudonyms"; }
  std::filesystem::path subject_index() const { return root_ / "subjects"; }
  std::filesystem::path questions() const { return root_ / "questions"; }
  std::filesystem::path sessions() const { return root_ / "sessions"; }
  std::filesystem::path commitments() const { return root_ / "commitments"; }
  std::filesystem::path indexes() const { return root_ / "indexes"; }
  const std::filesystem::path& root() const { return root_; }

 private:
  friend class PartyReader;
  PartyFolder(PeerCertificate certificate, Ed25519PrivateKey signing, X25519PrivateKey sealing,
              tlog::TrustPolicy log_trust, identity::DirectoryOfficers officers)
      : certificate_(std::move(certificate)),
        signing_(std::move(signing)),
        sealing_(std::move(sealing)),
        log_trust_(std::move(log_trust)),
        officers_(std::move(officers)) {}

  std::filesystem::path root_;
  PartyId party_;
  BrokerAddress broker_;
  std::string certificate_pem_;
  PeerCertificate certificate_;
  SecretBytes tls_key_pem_;
  TlsFiles tls_files_;
  Ed25519PrivateKey signing_;
  X25519PrivateKey sealing_;
  tlog::TrustPolicy log_trust_;
  identity::DirectoryOfficers officers_;
  bool demonstration_ = false;
  std::optional<PseudonymTrust> pseudonyms_;
};

}  // namespace sluis::edge
