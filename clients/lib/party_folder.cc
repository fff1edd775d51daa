#include "clients/lib/party_folder.h"

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"
#include "sluis/edge/v1/config.pb.h"

namespace sluis::edge {
namespace {

constexpr std::size_t kMaxPem = 64 << 10;

absl::Status Required(std::string_view value, std::string_view key) {
  if (!value.empty()) return absl::OkStatus();
  return InvalidField("FIELD_MISSING", key, "is required in party.txtpb");
}

// The same error, under the key of the configuration that it is about.
absl::Status At(std::string_view key, const absl::Status& status) {
  return InvalidField("FIELD_INVALID", key, MessageOf(status));
}

}  // namespace

// Takes the configuration apart, one kind of thing per function.
class PartyReader {
 public:
  explicit PartyReader(const std::filesystem::path& root) : root_(root) {}

  absl::StatusOr<PartyFolder> Read() {
    SLUIS_RETURN_IF_ERROR(ReadTextProto(root_ / "party.txtpb", &config_));
    SLUIS_RETURN_IF_ERROR(CheckPresent());
    SLUIS_ASSIGN_OR_RETURN(PartyFolder folder, ReadTrustAndKeys());
    SLUIS_RETURN_IF_ERROR(ReadParty(folder));
    SLUIS_RETURN_IF_ERROR(ReadBroker(folder));
    folder.tls_files_ = {root_ / config_.tls().certificate(), root_ / config_.tls().key(),
                         root_ / config_.broker().trust_anchor()};
    folder.root_ = root_;
    folder.demonstration_ = config_.demonstration();
    if (config_.has_pseudonyms()) {
      SLUIS_ASSIGN_OR_RETURN(folder.pseudonyms_, ReadPseudonyms());
    }
    return folder;
  }

 private:
  absl::Status CheckPresent() const {
    SLUIS_RETURN_IF_ERROR(Required(config_.organisation(), "organisation"));
    SLUIS_RETURN_IF_ERROR(Required(config_.unit(), "unit"));
    SLUIS_RETURN_IF_ERROR(Required(config_.broker().address(), "broker.address"));
    SLUIS_RETURN_IF_ERROR(Required(config_.broker().identifier(), "broker.identifier"));
    SLUIS_RETURN_IF_ERROR(Required(config_.broker().trust_anchor(), "broker.trust_anchor"));
    SLUIS_RETURN_IF_ERROR(Required(config_.tls().certificate(), "tls.certificate"));
    SLUIS_RETURN_IF_ERROR(Required(config_.tls().key(), "tls.key"));
    SLUIS_RETURN_IF_ERROR(Required(config_.signing_key(), "signing_key"));
    return Required(config_.sealing_key(), "sealing_key");
  }

  absl::StatusOr<PartyFolder> ReadTrustAndKeys() {
    SLUIS_ASSIGN_OR_RETURN(certificate_pem_,
                           ReadFile(root_ / config_.tls().certificate(), kMaxPem));
    SLUIS_ASSIGN_OR_RETURN(PeerCertificate certificate, ParsePeerCertificate(certificate_pem_));
    SLUIS_ASSIGN_OR_RETURN(Ed25519PrivateKey signing,
                           ReadEd25519KeyFile(root_ / config_.signing_key()));
    SLUIS_ASSIGN_OR_RETURN(X25519PrivateKey sealing,
                           ReadX25519KeyFile(root_ / config_.sealing_key()));
    SLUIS_ASSIGN_OR_RETURN(tlog::TrustPolicy trust, ReadLogTrust());
    SLUIS_ASSIGN_OR_RETURN(identity::DirectoryOfficers officers, ReadOfficers());
    return PartyFolder(std::move(certificate), std::move(signing), std::move(sealing),
                       std::move(trust), std::move(officers));
  }

  absl::StatusOr<tlog::TrustPolicy> ReadLogTrust() const {
    if (config_.has_log_vkey()) {
      auto policy = tlog::TrustPolicy::Parse("log " + config_.log_vkey() + "\nquorum none\n");
      if (!policy.ok()) return At("log_vkey", policy.status());
      return policy;
    }
    SLUIS_RETURN_IF_ERROR(Required(config_.trust_policy(), "log_vkey (or trust_policy)"));
    SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadFile(root_ / config_.trust_policy(), kMaxPem));
    auto policy = tlog::TrustPolicy::Parse(text);
    if (!policy.ok()) return At("trust_policy", policy.status());
    return policy;
  }

  absl::StatusOr<identity::DirectoryOfficers> ReadOfficers() const {
    if (config_.directory_officers_size() != 2) {
      return InvalidField("FIELD_INVALID", "directory_officers",
                          "name the verifier keys of exactly two officers");
    }
    auto officers = identity::DirectoryOfficers::Create(config_.directory_officers(0),
                                                        config_.directory_officers(1));
    if (!officers.ok()) return At("directory_officers", officers.status());
    return officers;
  }

  absl::Status ReadParty(PartyFolder& folder) {
    auto oin = Oin::Parse(config_.organisation());
    if (!oin.ok()) return At("organisation", oin.status());
    auto unit = UnitPath::Parse(config_.unit());
    if (!unit.ok()) return At("unit", unit.status());
    if (*oin != folder.certificate_.oin) {
      return InvalidField("FIELD_INVALID", "organisation",
                          "is not the OIN in tls.certificate; use the certificate of this party");
    }
    folder.party_ = {*std::move(oin), *std::move(unit)};
    folder.certificate_pem_ = std::move(certificate_pem_);
    SLUIS_ASSIGN_OR_RETURN(folder.tls_key_pem_, ReadPrivateFile(root_ / config_.tls().key()));
    return absl::OkStatus();
  }

  absl::Status ReadBroker(PartyFolder& folder) {
    SLUIS_ASSIGN_OR_RETURN(Bytes anchor,
                           ReadFile(root_ / config_.broker().trust_anchor(), kMaxPem));
    folder.broker_ = {.address = config_.broker().address(),
                      .server_name = config_.broker().server_name(),
                      .identifier = config_.broker().identifier(),
                      .trust_anchor_pem = std::move(anchor)};
    return absl::OkStatus();
  }

  absl::StatusOr<PseudonymTrust> ReadPseudonyms() const {
    const v1::Pseudonyms& config = config_.pseudonyms();
    SLUIS_RETURN_IF_ERROR(Required(config.key_set(), "pseudonyms.key_set"));
    SLUIS_RETURN_IF_ERROR(Required(config.decision_key(), "pseudonyms.decision_key"));
    SLUIS_ASSIGN_OR_RETURN(const Bytes document, ReadFile(root_ / config.key_set(), kMaxPem));
    auto set = pseudonym::KeySet::Parse(document);
    if (!set.ok()) return At("pseudonyms.key_set", set.status());
    const auto raw = Base64Decode(config.decision_key());
    if (!raw.ok()) return At("pseudonyms.decision_key", raw.status());
    auto key = Ed25519PublicKey::Parse(*raw);
    if (!key.ok()) return At("pseudonyms.decision_key", key.status());
    return PseudonymTrust{*std::move(set), *key, config.epoch() == 0 ? 1 : config.epoch(),
                          config.previous_epoch()};
  }

  std::filesystem::path root_;
  v1::PartyConfig config_;
  std::string certificate_pem_;
};

absl::StatusOr<const PseudonymTrust*> PartyFolder::pseudonyms() const {
  if (pseudonyms_) return &*pseudonyms_;
  return Error(ErrorCode::kPrecondition, "KEY_SET_MISSING",
               "party.txtpb pins no key set of the transcryptors; set pseudonyms.key_set and "
               "pseudonyms.decision_key to what your region publishes");
}

absl::StatusOr<PartyFolder> PartyFolder::Load(const std::filesystem::path& root) {
  if (!std::filesystem::is_directory(root)) {
    return Error(ErrorCode::kNotFound, "FILE_NOT_FOUND",
                 absl::StrFormat("%s is no folder of a party", root.string()));
  }
  SLUIS_RETURN_IF_ERROR(EnsurePrivateFolder(root));
  SLUIS_ASSIGN_OR_RETURN(PartyFolder folder, PartyReader(root).Read());
  SLUIS_RETURN_IF_ERROR(EnsurePrivateFolder(folder.journal()));
  SLUIS_RETURN_IF_ERROR(EnsurePrivateFolder(folder.receipts()));
  SLUIS_RETURN_IF_ERROR(EnsurePrivateFolder(folder.answers()));
  for (const auto& path : {folder.pseudonym_tables(), folder.subject_index(), folder.questions(),
                           folder.sessions(), folder.commitments(), folder.indexes()}) {
    SLUIS_RETURN_IF_ERROR(EnsurePrivateFolder(path));
  }
  return folder;
}

}  // namespace sluis::edge
