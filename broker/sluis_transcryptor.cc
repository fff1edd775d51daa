// sluis-transcryptor, one of the two: reads its configuration, puts the parts together, serves
// until a signal; and the ceremony that makes its keys. Wiring only.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "broker/daemon/policy_source.h"
#include "broker/daemon/sources.h"
#include "broker/rpc/tls.h"
#include "broker/transcryptor/daemon/ceremony.h"
#include "broker/transcryptor/daemon/config.h"
#include "broker/transcryptor/daemon/start.h"
#include "broker/transcryptor/rpc/server.h"
#include "broker/transcryptor/transcryptor.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"

namespace sluis::transcryptor {
namespace {

constexpr int kFault = 1, kUsage = 2;
constexpr std::size_t kMostKeySet = 16384;
constexpr timespec kUpkeepEvery{60, 0};

// Everything a transcryptor is made of, in the order in which it is built.
struct Process {
  std::unique_ptr<daemon::PolicyFromBundle> policy, previous_policy;
  std::unique_ptr<daemon::DirectoryFromFile> directory;
  std::unique_ptr<daemon::TrustFromFiles> trust;
  std::optional<pseudonym::KeySet> set;
  std::optional<Secrets> secrets;
  OpenedState state;
  std::unique_ptr<Transcryptor> core;
  std::unique_ptr<Server> server;
};

pseudonym::Hop HopOf(std::uint32_t hop) {
  return hop == 1 ? pseudonym::Hop::kFirst : pseudonym::Hop::kSecond;
}

absl::Status OpenSources(const v1::TranscryptorConfig& config, Process& process) {
  SLUIS_ASSIGN_OR_RETURN(daemon::PolicyTerms terms,
                         daemon::PolicyTermsOf(config.policy(), config.demonstration()));
  SLUIS_ASSIGN_OR_RETURN(process.policy, daemon::PolicyFromBundle::Load(terms, SystemClock()));
  if (!config.previous_bundle_file().empty()) {
    terms.bundle = config.previous_bundle_file();
    terms.mark.clear();
    SLUIS_ASSIGN_OR_RETURN(process.previous_policy,
                           daemon::PolicyFromBundle::Load(std::move(terms), SystemClock()));
  }
  SLUIS_ASSIGN_OR_RETURN(identity::DirectoryOfficers officers,
                         identity::DirectoryOfficers::Create(config.directory().first_officer(),
                                                             config.directory().second_officer()));
  SLUIS_ASSIGN_OR_RETURN(process.directory, daemon::DirectoryFromFile::Load(
                                                config.directory().file(), std::move(officers),
                                                config.demonstration()));
  SLUIS_ASSIGN_OR_RETURN(process.trust,
                         daemon::TrustFromFiles::Load(config.tls().authorities_file(),
                                                      config.tls().revocation_folder()));
  return absl::OkStatus();
}

// The key set, verified, and this half's secrets, which must be those of the set.
absl::Status OpenKeys(const v1::TranscryptorConfig& config, Process& process) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes document, ReadFile(config.key_set_file(), kMostKeySet));
  SLUIS_ASSIGN_OR_RETURN(process.set, pseudonym::KeySet::Parse(document));
  const v1::Half& half = config.half(0);
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes wrapping_key,
                         ReadSecretFile(half.wrapping_key_file(), kWrappingKeySize));
  SLUIS_ASSIGN_OR_RETURN(process.secrets, ReadSecrets(half.secrets_file(), wrapping_key));
  SLUIS_RETURN_IF_ERROR(CheckSecretsBelong(*process.secrets, *process.set, HopOf(half.hop())));
  if (process.set->half(HopOf(half.hop())).oin.IsTest() == config.demonstration()) {
    return absl::OkStatus();
  }
  return InvalidField("CONFIG_INVALID", "demonstration",
                      "test organisations stand only in a demonstration, and it has no others");
}

absl::StatusOr<Ed25519PublicKey> KeyOf(const std::string& base64) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes raw, Base64Decode(base64));
  return Ed25519PublicKey::Parse(raw);
}

absl::StatusOr<Settings> SettingsOf(const v1::TranscryptorConfig& config, absl::Time unknown) {
  SLUIS_ASSIGN_OR_RETURN(const Ed25519PublicKey decision_key,
                         KeyOf(config.broker().decision_key()));
  Settings settings{HopOf(config.half(0).hop()),
                    decision_key,
                    {},
                    unknown,
                    config.epoch() == 0 ? 1 : config.epoch()};
  for (const std::string& text : config.reversal_officers()) {
    SLUIS_ASSIGN_OR_RETURN(const Ed25519PublicKey officer, KeyOf(text));
    settings.officers.push_back(officer);
  }
  return settings;
}

// The pack before it is the one that was replaced while this process ran, else the configured one.
PolicyInForce PolicyOf(const Process& process, absl::Time previous_until) {
  const exchange::PolicyInForce now = process.policy->Current();
  std::optional<daemon::PolicyFromBundle::Before> before = process.policy->Replaced();
  if (!before && process.previous_policy != nullptr) {
    const exchange::PolicyInForce configured = process.previous_policy->Current();
    before = {configured, std::min(previous_until, configured.stale_after)};
  }
  PolicyInForce policy;
  policy.pack = now.pack;
  policy.digest = now.digest;
  policy.stale_after = now.stale_after;
  if (before) {
    policy.previous = before->policy.pack;
    policy.previous_digest = before->policy.digest;
    policy.previous_until = before->until;
  }
  return policy;
}

absl::Status Serve(const v1::TranscryptorConfig& config, Process& process) {
  SLUIS_ASSIGN_OR_RETURN(process.state,
                         OpenState({config.state().state_file(), config.state().replay_file(),
                                    config.first_start_file()},
                                   *process.set, HopOf(config.half(0).hop()), SystemClock().Now()));
  SLUIS_ASSIGN_OR_RETURN(Settings settings, SettingsOf(config, process.state.replay_unknown_until));
  // Checked when the configuration was read.
  const absl::Time until = ParseRfc3339(config.previous_until()).value_or(absl::InfinitePast());
  SLUIS_ASSIGN_OR_RETURN(
      process.core,
      Transcryptor::Create(*std::exchange(process.secrets, std::nullopt), *process.set,
                           std::move(settings),
                           {*process.state.state, *process.state.replay,
                            [&process, until] { return PolicyOf(process, until); },
                            [&process] { return process.directory->Current(); }, SystemClock()}));
  SLUIS_RETURN_IF_ERROR(process.core->Upkeep());
  SLUIS_RETURN_IF_ERROR(process.policy->Confirm());
  SLUIS_ASSIGN_OR_RETURN(const Oin broker, Oin::Parse(config.broker().organisation()));
  auto service = std::make_unique<ServiceImpl>(
      *process.core, Peer{broker, [&process] { return process.trust->Current(); }}, SystemClock());
  const rpc::TlsFiles files{config.tls().key_file(), config.tls().certificate_file(),
                            config.tls().authorities_file()};
  SLUIS_ASSIGN_OR_RETURN(
      process.server,
      Server::Start(config.listen(), rpc::ServerTls(files, *process.trust, SystemClock()),
                    std::move(service)));
  return absl::OkStatus();
}

// Each for itself: a file that cannot be used does not keep the others from being renewed.
void Reload(Process& process) {
  absl::Status status = process.policy->Reload().status();
  process.core->NotePolicyRead(status);
  status.Update(process.policy->Confirm());
  status.Update(process.directory->Reload().status());
  status.Update(process.trust->Reload());
  LogEvent(status.ok() ? LogLevel::kInfo : LogLevel::kWarning, "reload",
           "reason=" + ReasonOf(status));
}

void Note(const char* event, const absl::Status& status) {
  if (!status.ok()) LogEvent(LogLevel::kError, event, "reason=" + ReasonOf(status));
}

// What time asks, and new revocation lists; a file that cannot be read leaves the last good one.
void TendTo(const v1::TranscryptorConfig& config, Process& process) {
  Note("upkeep_failed", process.core->Upkeep());
  Note("trust_not_reloaded", process.trust->Reload());
  process.policy->WarnIfStale();
  if (config.metrics_file().empty()) return;
  Note("metrics_not_written",
       WriteFileAtomic(config.metrics_file(), process.core->counters().Text(), 0644));
}

// Until SIGTERM or SIGINT; SIGHUP reads policy, directory and certificates
// again.
void WaitForEnd(const sigset_t& signals, const v1::TranscryptorConfig& config, Process& process) {
  for (;;) {
    const int signal = sigtimedwait(&signals, nullptr, &kUpkeepEvery);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP) Reload(process);
    if (signal < 0) TendTo(config, process);
  }
}

sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int Complain(const absl::Status& status) {
  std::fprintf(stderr, "sluis-transcryptor: %s (%s)\n", MessageOf(status).c_str(),
               ReasonOf(status).c_str());
  for (const FieldViolation& violation : DetailOf(status).violations) {
    std::fprintf(stderr, "  %s %s\n", violation.field.c_str(), violation.description.c_str());
  }
  return status.code() == absl::StatusCode::kInvalidArgument ? kUsage : kFault;
}

int Run(const std::string& config_file, bool check_only) {
  const sigset_t signals = BlockSignals();
  const absl::StatusOr<v1::TranscryptorConfig> config = LoadConfig(config_file);
  if (!config.ok()) return Complain(config.status());
  Process process;
  absl::Status status = OpenSources(*config, process);
  if (status.ok()) status = OpenKeys(*config, process);
  if (!status.ok()) return Complain(status);
  if (check_only) return 0;
  status = Serve(*config, process);
  if (!status.ok()) return Complain(status);
  // One line that a script can wait for.
  std::printf("sluis-transcryptor ready: hop=%d broker=%d\n", config->half(0).hop(),
              process.server->port());
  std::fflush(stdout);
  WaitForEnd(signals, *config, process);
  process.server.reset();
  process.core.reset();
  return 0;
}

// What the command line says of a ceremony.
struct CeremonyWords {
  std::string folder, wrapping_key, peer, organisation, name, key_set;
  std::uint32_t hop = 0;
  CeremonyFolder At() const { return {folder, wrapping_key}; }
};

int Said(const absl::Status& status, const std::string& next) {
  if (!status.ok()) return Complain(status);
  std::printf("%s\n", next.c_str());
  return 0;
}

int Begin(const CeremonyWords& words) {
  const absl::StatusOr<Oin> oin = Oin::Parse(words.organisation);
  if (!oin.ok()) return Complain(oin.status());
  return Said(BeginCeremony(words.At(), HopOf(words.hop), *oin, words.name),
              "begun: give half.json to the other operator, and contribute with his");
}

int ContributeNow(const CeremonyWords& words) {
  return Said(Contribute(words.At(), words.peer),
              "contributed: give contribution.json to the other operator, and finish with his");
}

int SayDigest(const absl::StatusOr<std::string>& digest) {
  return Said(digest.status(), "key set " + digest.value_or(""));
}

void AddPlace(CLI::App* command, CeremonyWords& words) {
  command->add_option("--folder", words.folder, "folder of this operator alone")->required();
  command
      ->add_option("--wrapping-key", words.wrapping_key,
                   "file with the key that the secrets are wrapped under; on another volume")
      ->required();
}

void AddCeremony(CLI::App& app, CeremonyWords& words, int& code) {
  CLI::App* ceremony = app.add_subcommand(
      "ceremony", "make the keys of the two transcryptors, each operator in a folder of his own");
  ceremony->require_subcommand(1);
  CLI::App* begin = ceremony->add_subcommand("begin", "draw this half's secrets");
  AddPlace(begin, words);
  begin->add_option("--hop", words.hop, "1 or 2")->required()->check(CLI::Range(1, 2));
  begin->add_option("--organisation", words.organisation, "OIN of this operator")->required();
  begin->add_option("--name", words.name, "name of the key set, the same at both")->required();
  begin->callback([&] { code = Begin(words); });
  CLI::App* contribute = ceremony->add_subcommand("contribute", "prove one's key over both halves");
  AddPlace(contribute, words);
  contribute->add_option("--peer", words.peer, "half.json of the other")->required();
  contribute->callback([&] { code = ContributeNow(words); });
  CLI::App* finish = ceremony->add_subcommand("finish", "check all and write the key set");
  AddPlace(finish, words);
  finish->add_option("--peer", words.peer, "contribution.json of the other")->required();
  finish->callback([&] { code = SayDigest(FinishCeremony(words.At(), words.peer)); });
  CLI::App* show = ceremony->add_subcommand("show", "verify a key set and print its digest");
  show->add_option("--key-set", words.key_set, "key-set.json")->required();
  show->callback([&] { code = SayDigest(InspectKeySet(words.key_set)); });
}

}  // namespace
}  // namespace sluis::transcryptor

int main(int argc, char** argv) {
  CLI::App app(
      "sluis-transcryptor: one of the two that turn an identity into a case pseudonym. Neither "
      "sees "
      "whom a signal is about.");
  std::string config;
  bool check_only = false;
  int code = 0;
  sluis::transcryptor::CeremonyWords words;
  app.add_option("--config", config,
                 "configuration file (proto/sluis/transcryptor/v1/config.proto)");
  app.add_flag("--check", check_only,
               "read configuration, keys, policy, directory and certificates, and end");
  // Keys are in memory: no image of it may land on a disk.
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  umask(0077);
  sluis::InitLog("sluis-transcryptor", sluis::LogLevel::kInfo);
  sluis::rpc::AllowOnlyTls13();
  sluis::transcryptor::AddCeremony(app, words, code);
  CLI11_PARSE(app, argc, argv);
  if (!app.get_subcommands().empty()) return code;
  if (config.empty()) {
    std::fprintf(stderr, "sluis-transcryptor: --config is required\n");
    return 2;
  }
  return sluis::transcryptor::Run(config, check_only);
}
