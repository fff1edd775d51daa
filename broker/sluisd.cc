// sluisd, the broker: reads its configuration, puts the parts together, serves until a signal.
// Wiring only.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <memory>

#include "absl/strings/str_format.h"
#include "broker/daemon/config.h"
#include "broker/daemon/decision_points.h"
#include "broker/daemon/errand_worker.h"
#include "broker/daemon/http_faces.h"
#include "broker/daemon/policy_source.h"
#include "broker/daemon/reload.h"
#include "broker/daemon/sources.h"
#include "broker/daemon/upkeep.h"
#include "broker/exchange/authenticator.h"
#include "broker/exchange/service.h"
#include "broker/journal/journal.h"
#include "broker/rpc/server.h"
#include "broker/rpc/tls.h"
#include "broker/rpc/transcryptor_client.h"
#include "broker/storage/sqlite/sqlite_store.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"
#include "lib/pseudonym/key_set.h"

namespace sluis {
namespace {

constexpr std::size_t kStoreKeySize = 32;
constexpr int kFault = 1, kUsage = 2;
constexpr absl::Duration kTranscryptorCall = absl::Seconds(5);

// Everything the broker is made of, in the order in which it is built.
struct Broker {
  std::unique_ptr<daemon::PolicyFromBundle> policies;
  std::unique_ptr<daemon::DirectoryFromFile> directories;
  std::unique_ptr<daemon::TrustFromFiles> trust;
  std::unique_ptr<storage::SqliteStore> store;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<rpc::TranscryptorClient> first, second;
  std::unique_ptr<exchange::PseudonymPlane> pseudonyms;
  std::unique_ptr<exchange::Service> service;
  std::unique_ptr<exchange::PartnerAuthenticator> authenticator;
  std::unique_ptr<daemon::DecisionPoints> points;
  std::unique_ptr<daemon::HttpFaces> http;
  std::unique_ptr<rpc::Server> rpc;
  std::unique_ptr<daemon::Upkeep> upkeep;
  std::unique_ptr<daemon::ErrandWorker> errands;
};

absl::Status OpenSources(const broker::v1::BrokerConfig& config, Broker& broker) {
  SLUIS_ASSIGN_OR_RETURN(daemon::PolicyTerms terms,
                         daemon::PolicyTermsOf(config.policy(), config.demonstration()));
  if (config.has_policy_compared_one_in()) terms.compared_one_in = config.policy_compared_one_in();
  SLUIS_ASSIGN_OR_RETURN(broker.policies,
                         daemon::PolicyFromBundle::Load(std::move(terms), SystemClock()));
  SLUIS_ASSIGN_OR_RETURN(identity::DirectoryOfficers officers,
                         identity::DirectoryOfficers::Create(config.directory().first_officer(),
                                                             config.directory().second_officer()));
  SLUIS_ASSIGN_OR_RETURN(broker.directories, daemon::DirectoryFromFile::Load(
                                                 config.directory().file(), std::move(officers),
                                                 config.demonstration()));
  SLUIS_ASSIGN_OR_RETURN(broker.trust,
                         daemon::TrustFromFiles::Load(config.tls().authorities_file(),
                                                      config.tls().revocation_folder()));
  return absl::OkStatus();
}

absl::Status OpenLog(const broker::v1::BrokerConfig& config, Broker& broker) {
  SLUIS_ASSIGN_OR_RETURN(broker.store, storage::SqliteStore::Open(config.database()));
  SLUIS_ASSIGN_OR_RETURN(Ed25519PrivateKey log_key, ReadEd25519KeyFile(config.log().key_file()));
  SLUIS_ASSIGN_OR_RETURN(SecretBytes store_key,
                         ReadSecretFile(config.log().store_key_file(), kStoreKeySize));
  journal::JournalOptions options;
  options.origin = config.log().origin();
  SLUIS_ASSIGN_OR_RETURN(options.operator_oin, Oin::Parse(config.log().operator_()));
  options.guard_path = config.log().guard_file();
  if (config.log().publish_seconds() != 0) {
    options.publish_interval = absl::Seconds(config.log().publish_seconds());
  }
  SLUIS_ASSIGN_OR_RETURN(
      broker.journal,
      journal::Journal::Open(std::move(options), *broker.store, SystemClock(), std::move(log_key),
                             std::move(store_key), broker.policies->Current().digest));
  return absl::OkStatus();
}

absl::StatusOr<exchange::ServiceOptions> ServiceOptionsOf(const broker::v1::BrokerConfig& config) {
  exchange::ServiceOptions options;
  SLUIS_ASSIGN_OR_RETURN(options.operator_oin, Oin::Parse(config.log().operator_()));
  for (const broker::v1::Party& reader : config.bundle_readers()) {
    PartyId party;
    SLUIS_ASSIGN_OR_RETURN(party.oin, Oin::Parse(reader.organisation()));
    SLUIS_ASSIGN_OR_RETURN(party.unit, UnitPath::Parse(reader.unit()));
    options.bundle_readers.insert(std::move(party));
  }
  return options;
}

rpc::TlsFiles TlsFilesOf(const broker::v1::BrokerConfig& config) {
  return {config.tls().key_file(), config.tls().certificate_file(),
          config.tls().authorities_file()};
}

// Nothing is asked of them here: a transcryptor that is away keeps nobody from starting.
absl::Status OpenTranscryptors(const broker::v1::BrokerConfig& config, Broker& broker) {
  if (!config.has_transcryptors()) return absl::OkStatus();
  const broker::v1::Transcryptors& both = config.transcryptors();
  SLUIS_ASSIGN_OR_RETURN(Ed25519PrivateKey decision_key,
                         ReadEd25519KeyFile(both.decision_key_file()));
  SLUIS_ASSIGN_OR_RETURN(const Bytes document, ReadFile(both.key_set_file()));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::KeySet set, pseudonym::KeySet::Parse(document));
  const absl::Duration deadline =
      both.call_seconds() == 0 ? kTranscryptorCall : absl::Seconds(both.call_seconds());
  const auto credentials = rpc::ClientTls(TlsFilesOf(config));
  broker.first = std::make_unique<rpc::TranscryptorClient>(
      rpc::TranscryptorClientOptions{1, both.first_address(), deadline}, credentials);
  broker.second = std::make_unique<rpc::TranscryptorClient>(
      rpc::TranscryptorClientOptions{2, both.second_address(), deadline}, credentials);
  broker.pseudonyms.reset(new exchange::PseudonymPlane{
      std::move(decision_key), set.half(pseudonym::Hop::kFirst).signing,
      set.half(pseudonym::Hop::kSecond).signing, *broker.first, *broker.second});
  return absl::OkStatus();
}

absl::Status Serve(const broker::v1::BrokerConfig& config, Broker& broker) {
  SLUIS_ASSIGN_OR_RETURN(exchange::ServiceOptions options, ServiceOptionsOf(config));
  options.pseudonyms = broker.pseudonyms.get();
  broker.service =
      std::make_unique<exchange::Service>(std::move(options), *broker.journal, *broker.store,
                                          *broker.policies, *broker.directories, SystemClock());
  SLUIS_RETURN_IF_ERROR(daemon::ConfirmPolicy(*broker.policies, *broker.service));
  SLUIS_RETURN_IF_ERROR(broker.service->AnnounceDirectory());
  SLUIS_RETURN_IF_ERROR(broker.service->RelayArrangements());
  broker.errands = std::make_unique<daemon::ErrandWorker>(*broker.service);
  broker.authenticator = std::make_unique<exchange::PartnerAuthenticator>(
      exchange::AuthenticatorOptions{config.identifier(), config.demonstration()}, *broker.trust,
      *broker.directories, *broker.policies, SystemClock());
  SLUIS_ASSIGN_OR_RETURN(broker.points, daemon::DecisionPoints::Load(
                                            config.authzen(), *broker.service, SystemClock()));
  const authzen::Protocols& points = broker.points->protocols();
  SLUIS_ASSIGN_OR_RETURN(
      broker.http,
      daemon::HttpFaces::Start(config, {*broker.journal, *broker.store, *broker.authenticator,
                                        *broker.service, points, SystemClock(), &broker.points->requests()}));
  broker.policies->CountIn(broker.http->registry());
  auto gate = std::make_unique<rpc::Gate>(*broker.service, *broker.authenticator, *broker.policies,
                                          *broker.directories, SystemClock());
  SLUIS_ASSIGN_OR_RETURN(
      broker.rpc,
      rpc::Server::Start({config.listen(), config.reflection()},
                         rpc::ServerTls(TlsFilesOf(config), *broker.trust, SystemClock()),
                         std::move(gate), points));
  broker.upkeep = std::make_unique<daemon::Upkeep>(
      *broker.service, *broker.trust, [http = broker.http.get(), policies = broker.policies.get()] {
        policies->WarnIfStale();
        return http->Reload();
      });
  broker.rpc->SetServing(true);
  return absl::OkStatus();
}

// One line that a script can wait for.
void AnnounceReady(const Broker& broker) {
  std::printf("sluisd ready: partners=%d public=%d bundles=%d operator=%d authzen=%d\n",
              broker.rpc->port(), broker.http->public_port(), broker.http->bundles_port(),
              broker.http->operator_port(), broker.http->authzen_port());
  std::fflush(stdout);
}

void ReloadAll(Broker& broker) {
  const absl::Status status =
      daemon::Reload(*broker.policies, *broker.directories, *broker.trust, *broker.service,
                     [http = broker.http.get()] { return http->Reload(); });
  LogEvent(status.ok() ? LogLevel::kInfo : LogLevel::kWarning, "reload",
           "reason=" + ReasonOf(status));
}

// Until SIGTERM or SIGINT (0) or a fault of the log (1); SIGHUP reads policy, directory and
// certificates again.
int WaitForEnd(const sigset_t& signals, Broker& broker, const std::atomic<bool>& fault) {
  for (;;) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (fault) return kFault;
    if (signal == SIGTERM || signal == SIGINT) return 0;
    if (signal == SIGHUP) ReloadAll(broker);
  }
}

void Stop(Broker& broker) {
  broker.rpc->SetServing(false);
  broker.upkeep.reset();
  broker.rpc.reset();
  if (broker.first != nullptr) broker.first->Stop();
  if (broker.second != nullptr) broker.second->Stop();
  broker.errands->Stop();
  broker.http.reset();
  broker.journal.reset();
}

sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int Complain(const absl::Status& status) {
  std::fprintf(stderr, "sluisd: %s\n", MessageOf(status).c_str());
  for (const FieldViolation& violation : DetailOf(status).violations) {
    std::fprintf(stderr, "  %s %s\n", violation.field.c_str(), violation.description.c_str());
  }
  return status.code() == absl::StatusCode::kInvalidArgument ? kUsage : kFault;
}

int Run(const std::string& config_file, bool check_only) {
  const sigset_t signals = BlockSignals();
  const absl::StatusOr<broker::v1::BrokerConfig> config = daemon::LoadConfig(config_file);
  if (!config.ok()) return Complain(config.status());
  Broker broker;
  std::atomic<bool> fault = false;
  if (absl::Status opened = OpenSources(*config, broker); !opened.ok()) return Complain(opened);
  if (absl::Status opened = OpenTranscryptors(*config, broker); !opened.ok()) {
    return Complain(opened);
  }
  if (check_only) return 0;
  if (absl::Status opened = OpenLog(*config, broker); !opened.ok()) return Complain(opened);
  broker.journal->OnFault([&fault](const absl::Status& status) {
    LogEvent(LogLevel::kError, "log_stopped", "reason=" + ReasonOf(status));
    fault = true;
    kill(getpid(), SIGUSR1);
  });
  if (absl::Status serving = Serve(*config, broker); !serving.ok()) return Complain(serving);
  AnnounceReady(broker);
  const int code = WaitForEnd(signals, broker, fault);
  Stop(broker);
  return code;
}

}  // namespace
}  // namespace sluis

int main(int argc, char** argv) {
  CLI::App app(
      "sluisd: the Sluis broker. It decides, passes sealed content on and keeps the log; it never "
      "sees whom "
      "a signal is about.");
  std::string config;
  bool check_only = false;
  app.add_option("--config", config, "configuration file (proto/sluis/broker/v1/config.proto)")
      ->required();
  app.add_flag("--check", check_only,
               "read configuration, policy, directory and certificates, and end");
  CLI11_PARSE(app, argc, argv);
  // Keys are in memory: no image of it may land on a disk.
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  umask(0077);
  sluis::InitLog("sluisd", sluis::LogLevel::kInfo);
  sluis::rpc::AllowOnlyTls13();
  return sluis::Run(config, check_only);
}
