#include "broker/transcryptor/daemon/config.h"

#include <vector>

#include "broker/daemon/policy_source.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/ids.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/ed25519.h"
#include "lib/textproto/text_proto.h"

namespace sluis::transcryptor {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;
// What waits for a transcryptor waits three days; an hour for the change-over itself.
constexpr absl::Duration kMostChangeOver = absl::Hours(73);

class Check {
 public:
  void Required(const std::string& key, const std::string& value) {
    if (value.empty()) violations_.push_back({key, "is required"});
  }
  void Address(const std::string& key, const std::string& value) {
    const std::size_t colon = value.rfind(':');
    const std::string port = colon == std::string::npos ? "" : value.substr(colon + 1);
    const absl::StatusOr<std::uint64_t> number = ParseDecimal(port, 65535);
    if (!number.ok() || colon == 0) {
      violations_.push_back({key, "must be host:port, as 127.0.0.1:7461"});
    }
  }
  void Organisation(const std::string& key, const std::string& value) {
    if (!Oin::Parse(value).ok()) violations_.push_back({key, "must be an OIN of 20 digits"});
  }
  void Key(const std::string& key, const std::string& value) {
    const absl::StatusOr<Bytes> raw = Base64Decode(value);
    if (raw.ok() && Ed25519PublicKey::Parse(*raw).ok()) return;
    violations_.push_back({key, "must be an Ed25519 public key, 32 bytes in base64"});
  }
  void Hop(const std::string& key, std::uint32_t value) {
    if (value != 1 && value != 2) violations_.push_back({key, "must be 1 or 2"});
  }
  void Until(const std::string& key, const std::string& value, absl::Time latest) {
    const absl::StatusOr<absl::Time> until = ParseRfc3339(value);
    if (!until.ok()) {
      violations_.push_back({key, "must be a time, as 2026-11-26T12:00:00Z"});
    } else if (*until > latest) {
      violations_.push_back({key, "must be at most 73 hours ahead"});
    }
  }
  void Policy(const v1::TranscryptorConfig& config) {
    for (FieldViolation& wrong : daemon::CheckPolicyKeys(config.policy(), config.demonstration())) {
      violations_.push_back(std::move(wrong));
    }
  }
  void Fault(const std::string& key, const std::string& what) {
    violations_.push_back({key, what});
  }
  absl::Status Result() const {
    return violations_.empty() ? absl::OkStatus() : InvalidFields("CONFIG_INVALID", violations_);
  }

 private:
  std::vector<FieldViolation> violations_;
};

void CheckChangeOver(const v1::TranscryptorConfig& config, absl::Time now, Check& check) {
  if (!config.previous_bundle_file().empty()) {
    check.Until("previous_until", config.previous_until(), now + kMostChangeOver);
  } else if (!config.previous_until().empty()) {
    check.Fault("previous_until", "is about previous_bundle_file, which is not given");
  }
}

absl::Status CheckConfig(const v1::TranscryptorConfig& config, absl::Time now) {
  if (config.half_size() > 1) {
    return Error(ErrorCode::kPrecondition, "BOTH_HALVES",
                 "this process is given more than one half: the two transcryptors belong to two "
                 "organisations, on two machines");
  }
  Check check;
  check.Address("listen", config.listen());
  if (config.half_size() == 0) {
    check.Fault("half", "is required");
  } else {
    check.Hop("half.hop", config.half(0).hop());
    check.Required("half.secrets_file", config.half(0).secrets_file());
    check.Required("half.wrapping_key_file", config.half(0).wrapping_key_file());
  }
  check.Required("key_set_file", config.key_set_file());
  check.Required("tls.key_file", config.tls().key_file());
  check.Required("tls.certificate_file", config.tls().certificate_file());
  check.Required("tls.authorities_file", config.tls().authorities_file());
  check.Required("tls.revocation_folder", config.tls().revocation_folder());
  check.Organisation("broker.organisation", config.broker().organisation());
  check.Key("broker.decision_key", config.broker().decision_key());
  check.Policy(config);
  CheckChangeOver(config, now, check);
  check.Required("directory.file", config.directory().file());
  check.Required("directory.first_officer", config.directory().first_officer());
  check.Required("directory.second_officer", config.directory().second_officer());
  check.Required("state.state_file", config.state().state_file());
  check.Required("state.replay_file", config.state().replay_file());
  for (int i = 0; i < config.reversal_officers_size(); ++i) {
    check.Key("reversal_officers[" + std::to_string(i) + "]", config.reversal_officers(i));
  }
  return check.Result();
}

void Resolve(const std::filesystem::path& folder, std::string* path) {
  if (!path->empty()) *path = (folder / *path).lexically_normal().string();
}

}  // namespace

absl::StatusOr<v1::TranscryptorConfig> LoadConfig(const std::filesystem::path& file,
                                                  const Clock& clock) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadFile(file, kMostBytes));
  v1::TranscryptorConfig config;
  SLUIS_RETURN_IF_ERROR(ParseTextProto(text, file.filename().string(), &config));
  SLUIS_RETURN_IF_ERROR(CheckConfig(config, clock.Now()));
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  for (std::string* path :
       {config.mutable_half(0)->mutable_secrets_file(),
        config.mutable_half(0)->mutable_wrapping_key_file(), config.mutable_key_set_file(),
        config.mutable_first_start_file(), config.mutable_tls()->mutable_key_file(),
        config.mutable_tls()->mutable_certificate_file(),
        config.mutable_tls()->mutable_authorities_file(),
        config.mutable_tls()->mutable_revocation_folder(),
        config.mutable_policy()->mutable_bundle_file(),
        config.mutable_policy()->mutable_mark_file(), config.mutable_previous_bundle_file(),
        config.mutable_metrics_file(), config.mutable_directory()->mutable_file(),
        config.mutable_state()->mutable_state_file(),
        config.mutable_state()->mutable_replay_file()}) {
    Resolve(folder, path);
  }
  return config;
}

}  // namespace sluis::transcryptor
