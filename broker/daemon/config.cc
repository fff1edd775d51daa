#include "broker/daemon/config.h"

#include <set>
#include <vector>

#include "broker/daemon/policy_source.h"
#include "broker/http/log_routes.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/ids.h"
#include "lib/base/status_macros.h"
#include "lib/identity/directory.h"
#include "lib/textproto/text_proto.h"
#include "lib/tlog/vkey.h"

namespace sluis::daemon {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;
constexpr std::uint32_t kLongestCall = 60;  // seconds

class Check {
 public:
  void Required(const char* key, const std::string& value) {
    if (value.empty()) violations_.push_back({key, "is required"});
  }
  void Address(const char* key, const std::string& value) {
    const std::size_t colon = value.rfind(':');
    const std::string port = colon == std::string::npos ? "" : value.substr(colon + 1);
    const bool digits = !port.empty() && port.size() <= 5 &&
                        port.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || colon == 0 || std::stoi(port) > 65535) {
      violations_.push_back({key, "must be host:port, as 127.0.0.1:7443"});
    }
  }
  void AtMost(const char* key, std::uint32_t value, std::uint32_t most) {
    if (value > most) violations_.push_back({key, "must be at most " + std::to_string(most)});
  }
  void Organisation(const std::string& key, const std::string& value) {
    if (!Oin::Parse(value).ok()) violations_.push_back({key, "must be an OIN of 20 digits"});
  }
  void Unit(const std::string& key, const std::string& value) {
    if (!UnitPath::Parse(value).ok())
      violations_.push_back({key, "must be kind/department, as gemeente/fg"});
  }
  void Origin(const char* key, const std::string& value) {
    if (!tlog::IsKeyName(value))
      violations_.push_back({key,
                             "must be a host and a year without a space or a plus sign, as "
                             "log.example/2026"});
  }
  void Officer(const char* key, const std::string& value) {
    const auto parsed = tlog::VerifierKey::Parse(value);
    if (!parsed.ok() || parsed->type() != tlog::KeyType::kEd25519)
      violations_.push_back({key, "must be the Ed25519 verifier key of a directory officer"});
  }
  void Officers(const broker::v1::Directory& directory) {
    const std::size_t before = violations_.size();
    Officer("directory.first_officer", directory.first_officer());
    Officer("directory.second_officer", directory.second_officer());
    if (violations_.size() != before ||
        identity::DirectoryOfficers::Create(directory.first_officer(), directory.second_officer())
            .ok()) {
      return;
    }
    violations_.push_back({"directory.second_officer", "must be another officer than the first"});
  }
  void Policy(const broker::v1::BrokerConfig& config) {
    Add(CheckPolicyKeys(config.policy(), config.demonstration()));
  }
  void Add(std::vector<FieldViolation> found) {
    violations_.insert(violations_.end(), found.begin(), found.end());
  }
  void Prefix(const char* key, const std::string& value) {
    if (!http::CheckPrefix(value).ok())
      violations_.push_back({key, "must be empty or a path as /log, without a slash at its end"});
  }
  void BaseUrl(const char* key, const std::string& value) {
    constexpr std::string_view kHttps = "https://";
    const bool good =
        value.empty() || (value.starts_with(kHttps) && value.size() > kHttps.size() &&
                          value.find_first_of("/?#@ ", kHttps.size()) == std::string::npos);
    if (!good) violations_.push_back({key, "must be https://host or https://host:port"});
  }
  void Tenant(const std::string& key, const std::string& value) {
    if (!IsResourceId(value) || !tenants_.insert(value).second)
      violations_.push_back({key, "must be a code of [a-z0-9-] that no other pack has"});
  }
  absl::Status Result() const {
    return violations_.empty() ? absl::OkStatus() : InvalidFields("CONFIG_INVALID", violations_);
  }

 private:
  std::vector<FieldViolation> violations_;
  std::set<std::string> tenants_;
};

void CheckAuthzen(const broker::v1::Authzen& authzen, Check& check) {
  check.Address("authzen.listen", authzen.listen());
  check.BaseUrl("authzen.base_url", authzen.base_url());
  for (int i = 0; i < authzen.foreign_packs_size(); ++i) {
    const std::string key = "authzen.foreign_packs[" + std::to_string(i) + "]";
    check.Tenant(key + ".tenant", authzen.foreign_packs(i).tenant());
    check.Required((key + ".file").c_str(), authzen.foreign_packs(i).file());
  }
}

absl::Status CheckConfig(const broker::v1::BrokerConfig& config) {
  Check check;
  check.Address("listen", config.listen());
  check.Required("identifier", config.identifier());
  check.Required("tls.key_file", config.tls().key_file());
  check.Required("tls.certificate_file", config.tls().certificate_file());
  check.Required("tls.authorities_file", config.tls().authorities_file());
  check.Required("tls.revocation_folder", config.tls().revocation_folder());
  check.Policy(config);
  check.Required("directory.file", config.directory().file());
  check.Officers(config.directory());
  check.Required("database", config.database());
  check.Origin("log.origin", config.log().origin());
  check.Organisation("log.operator", config.log().operator_());
  check.Required("log.key_file", config.log().key_file());
  check.Required("log.store_key_file", config.log().store_key_file());
  check.Required("log.guard_file", config.log().guard_file());
  if (config.has_http()) check.Address("http.public_listen", config.http().public_listen());
  check.Prefix("http.prefix", config.http().prefix());
  if (!config.http().bundles_listen().empty())
    check.Address("http.bundles_listen", config.http().bundles_listen());
  if (!config.http().operator_listen().empty())
    check.Address("http.operator_listen", config.http().operator_listen());
  if (config.has_authzen()) CheckAuthzen(config.authzen(), check);
  if (config.has_transcryptors()) {
    const broker::v1::Transcryptors& both = config.transcryptors();
    check.Required("transcryptors.decision_key_file", both.decision_key_file());
    check.Required("transcryptors.key_set_file", both.key_set_file());
    check.Address("transcryptors.first_address", both.first_address());
    check.Address("transcryptors.second_address", both.second_address());
    check.AtMost("transcryptors.call_seconds", both.call_seconds(), kLongestCall);
  }
  for (int i = 0; i < config.bundle_readers_size(); ++i) {
    const std::string key = "bundle_readers[" + std::to_string(i) + "]";
    check.Organisation(key + ".organisation", config.bundle_readers(i).organisation());
    check.Unit(key + ".unit", config.bundle_readers(i).unit());
  }
  return check.Result();
}

void Resolve(const std::filesystem::path& folder, std::string* path) {
  if (!path->empty()) *path = (folder / *path).lexically_normal().string();
}

}  // namespace

absl::StatusOr<broker::v1::BrokerConfig> LoadConfig(const std::filesystem::path& file) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadFile(file, kMostBytes));
  broker::v1::BrokerConfig config;
  SLUIS_RETURN_IF_ERROR(ParseTextProto(text, file.filename().string(), &config));
  SLUIS_RETURN_IF_ERROR(CheckConfig(config));
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  for (std::string* path :
       {config.mutable_tls()->mutable_key_file(), config.mutable_tls()->mutable_certificate_file(),
        config.mutable_tls()->mutable_authorities_file(),
        config.mutable_tls()->mutable_revocation_folder(),
        config.mutable_policy()->mutable_bundle_file(),
        config.mutable_policy()->mutable_mark_file(), config.mutable_directory()->mutable_file(),
        config.mutable_database(), config.mutable_log()->mutable_key_file(),
        config.mutable_log()->mutable_store_key_file(),
        config.mutable_log()->mutable_guard_file()}) {
    Resolve(folder, path);
  }
  if (config.has_authzen()) {
    for (broker::v1::ForeignPack& foreign : *config.mutable_authzen()->mutable_foreign_packs())
      Resolve(folder, foreign.mutable_file());
  }
  if (config.has_transcryptors()) {
    Resolve(folder, config.mutable_transcryptors()->mutable_decision_key_file());
    Resolve(folder, config.mutable_transcryptors()->mutable_key_set_file());
  }
  return config;
}

}  // namespace sluis::daemon
