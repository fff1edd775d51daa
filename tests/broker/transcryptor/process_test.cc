// The program itself: the ceremony by its commands, a start, a call, a stop, and what it refuses to
// start with.
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/key_set.h"
#include "sluis/transcryptor/v1/transcryptor.grpc.pb.h"
#include "tests/broker/http/tls_files.h"
#include "tests/lib/identity/region.h"
#include "tests/policy/signed/signed_pack.h"
#include "tests/support/status_matchers.h"

extern char** environ;

namespace sluis::transcryptor {
namespace {

using ::testing::HasSubstr;

constexpr char kBrokerOin[] = "00000099000000009000";

// A running program with its two outputs in a pipe each; killed with its test.
class Program {
 public:
  explicit Program(std::vector<std::string> words) {
    words.insert(words.begin(), SLUIS_TRANSCRYPTOR_BINARY);
    int out[2], err[2];
    if (::pipe(out) != 0 || ::pipe(err) != 0) ADD_FAILURE() << "no pipe";
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    for (const int end : {out[0], out[1], err[0], err[1]}) {
      posix_spawn_file_actions_addclose(&actions, end);
    }
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    if (posix_spawn(&pid_, words[0].c_str(), &actions, nullptr, argv.data(), environ) != 0) {
      ADD_FAILURE() << "cannot start the program";
    }
    posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    ::close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~Program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(out_);
    ::close(err_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // One line of its standard output; empty when it ended instead.
  std::string Line() {
    std::string line;
    char c;
    while (::read(out_, &c, 1) == 1 && c != '\n') line += c;
    return line;
  }
  std::string Errors() {
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = ::read(err_, buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
  }
  void Signal(int signal) { ::kill(pid_, signal); }
  int Wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;
};

class Process : public ::testing::Test {
 protected:
  Process() : files(SystemClock().Now()), root(files.folder.path()) {
    identity::testing::TestPartner town(identity::testing::kTownOin, {"gemeente/oov"});
    files.Write("policy.bundle", persons.SignThePack(files.now));
    files.Write("directory.note", officers.Sign(identity::testing::DocumentOf({&town})));
    decision_key = Base64Encode(AsView(Ed25519PrivateKey::Generate().public_key().raw()));
  }
  std::string Folder(const std::string& name) const { return (root / name).string(); }

  int Ceremony(const std::string& at, std::vector<std::string> words) {
    words.insert(words.begin(), "ceremony");
    words.insert(words.end(), {"--folder", Folder(at), "--wrapping-key", Folder(at + ".key")});
    return Program(words).Wait();
  }
  void HoldCeremony() {
    ASSERT_EQ(Ceremony("a", {"begin", "--hop", "1", "--organisation", "00000099900000001000",
                             "--name", "midden"}),
              0);
    ASSERT_EQ(Ceremony("b", {"begin", "--hop", "2", "--organisation", "00000099900000002000",
                             "--name", "midden"}),
              0);
    ASSERT_EQ(Ceremony("a", {"contribute", "--peer", Folder("b/half.json")}), 0);
    ASSERT_EQ(Ceremony("b", {"contribute", "--peer", Folder("a/half.json")}), 0);
    ASSERT_EQ(Ceremony("a", {"finish", "--peer", Folder("b/contribution.json")}), 0);
    ASSERT_EQ(Ceremony("b", {"finish", "--peer", Folder("a/contribution.json")}), 0);
  }
  std::string Half(const std::string& at, int hop) const {
    return "half { hop: " + std::to_string(hop) + " secrets_file: '" + at +
           "/secrets.sealed' wrapping_key_file: '" + at + ".key' }\n";
  }
  std::string Config(const std::string& half, const std::string& bundle = "policy.bundle") const {
    const auto vkeys = officers.Pinned().keys();
    return "listen: '127.0.0.1:0'\n" + half +
           "key_set_file: 'a/key-set.json'\nfirst_start_file: 'a/first-start.json'\n"
           "demonstration: true\n"
           "tls { key_file: 'server.key' certificate_file: 'server.pem' "
           "authorities_file: 'ca.pem' revocation_folder: 'crl' }\n"
           "broker { organisation: '" +
           std::string(kBrokerOin) + "' decision_key: '" + decision_key + "' }\n" +
           persons.Config(bundle, "policy.mark") +
           "directory { file: 'directory.note' first_officer: '" + vkeys[0].Format() +
           "' second_officer: '" + vkeys[1].Format() +
           "' }\nstate { state_file: 'state.db' replay_file: 'replay.db' }\n";
  }
  std::string Write(const std::string& config) {
    files.Write("t.txtpb", config);
    return Folder("t.txtpb");
  }
  std::string Good() { return Write(Config(Half("a", 1))); }
  // What it says when it does not start, and its exit status.
  void ExpectRefused(const std::string& config_file, const char* reason) {
    Program program({"--config", config_file});
    EXPECT_EQ(program.Line(), "") << reason;
    EXPECT_THAT(program.Errors(), HasSubstr(reason));
    EXPECT_THAT(program.Wait(), ::testing::AnyOf(1, 2)) << reason;  // a fault, or a wrong file
  }
  grpc::Status Describe(int port, v1::Transcryptor* description) {
    const auto certificate =
        files.root.IssueWithKey(sluis::testing::ClientOf(kBrokerOin, files.now));
    const auto stub = v1::TranscryptorService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(port),
        grpc::SslCredentials({files.root.Pem(), certificate.key, certificate.certificate})));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    return stub->GetTranscryptor(&context, v1::GetTranscryptorRequest(), description);
  }
  static int PortOf(const std::string& line) {
    const std::size_t at = line.rfind('=');
    return at == std::string::npos ? 0 : std::stoi(line.substr(at + 1));
  }

  sluis::testing::TlsTestFiles files;
  const std::filesystem::path root;
  policy::testing::TestActivators persons;
  identity::testing::TestOfficers officers;
  std::string decision_key;
};

TEST_F(Process, StartsAnswersAndStops) {
  HoldCeremony();
  EXPECT_EQ(Program({"--config", Good(), "--check"}).Wait(), 0);
  EXPECT_TRUE(std::filesystem::exists(root / "a/first-start.json"));  // a check uses nothing up
  {
    Program program({"--config", Good()});
    const std::string line = program.Line();
    EXPECT_THAT(line, HasSubstr("sluis-transcryptor ready: hop=1 broker="));
    v1::Transcryptor description;
    ASSERT_TRUE(Describe(PortOf(line), &description).ok());
    const auto set = pseudonym::KeySet::Parse(*ReadFile(root / "a/key-set.json")).value();
    EXPECT_EQ(*pseudonym::ParsePublicHalf(description.public_half()),
              set.half(pseudonym::Hop::kFirst));
    EXPECT_EQ(description.replay_unknown_until(), 0);
    program.Signal(SIGHUP);
    ASSERT_TRUE(Describe(PortOf(line), &description).ok());
    program.Signal(SIGTERM);
    EXPECT_EQ(program.Wait(), 0);
  }
  EXPECT_FALSE(std::filesystem::exists(root / "a/first-start.json"));
  {
    // N-CACHE: without its cache it starts, and tells from when it knows.
    std::filesystem::remove(root / "replay.db");
    Program program({"--config", Good()});
    v1::Transcryptor description;
    ASSERT_TRUE(Describe(PortOf(program.Line()), &description).ok());
    EXPECT_GT(description.replay_unknown_until(), absl::ToUnixSeconds(files.now));
    program.Signal(SIGTERM);
    EXPECT_EQ(program.Wait(), 0);
  }
  std::filesystem::remove(root / "state.db");
  ExpectRefused(Good(), "STATE_MISSING");
}

TEST_F(Process, N_START) {
  HoldCeremony();
  ExpectRefused(Write(Config(Half("a", 1) + Half("b", 2))), "BOTH_HALVES");
  ExpectRefused(Write(Config(Half("b", 1))), "KEYS_OF_THE_OTHER");
  ExpectRefused(Write(Config(Half("a", 2))), "KEYS_OF_THE_OTHER");
  const std::shared_ptr<const policy::Pack> pack = policy::testing::LaterPack(1);
  const policy::BundleTerms terms{.issued = files.now};
  const auto refused = [&](const Bytes& bundle, const char* reason) {
    files.Write("other.bundle", bundle);
    ExpectRefused(Write(Config(Half("a", 1), "other.bundle")), reason);
  };
  ExpectRefused(Write(Config(Half("a", 1), "no.bundle")), "FILE_NOT_FOUND");
  ExpectRefused(
      Write(Config(Half("a", 1), std::filesystem::absolute("policy/pack/vocabulary.txtpb"))),
      "PACK_MALFORMED");
  refused(policy::SignBundle(*pack, terms, persons.first_name, persons.first).value(),
          "PACK_NOT_SIGNED");
  refused(policy::testing::TestActivators().Sign(*pack, terms), "PACK_NOT_SIGNED");
  refused(persons.SignThePack(files.now - absl::Hours(24 * 31)), "PACK_TOO_OLD");
  refused(persons.Sign(*policy::testing::UnprovedPack(), terms), "PACK_NOT_PROVED");
  std::filesystem::remove(root / "directory.note");
  Program program({"--config", Good()});
  EXPECT_EQ(program.Line(), "");
  EXPECT_NE(program.Wait(), 0);
}

// A newer pack is taken while it runs; an older one is not, now or after a restart.
TEST_F(Process, TakesANewPackOnAHangupAndNeverGoesBack) {
  HoldCeremony();
  const std::shared_ptr<const policy::Pack> later = policy::testing::LaterPack(1);
  const policy::BundleTerms terms{.issued = files.now};
  {
    Program program({"--config", Good()});
    const int port = PortOf(program.Line());
    v1::Transcryptor before, after;
    ASSERT_TRUE(Describe(port, &before).ok());
    files.Write("policy.bundle", persons.Sign(*later, terms));
    program.Signal(SIGHUP);
    // Answered calls are what its main thread is seen by: it reads within some of them.
    for (int i = 0; i < 2000 && after.policy_pack() != ToBytes(Sha256(CanonicalBytes(*later))); ++i)
      ASSERT_TRUE(Describe(port, &after).ok());
    EXPECT_NE(before.policy_pack(), after.policy_pack());
    EXPECT_EQ(after.policy_pack(), ToBytes(Sha256(CanonicalBytes(*later))));
    program.Signal(SIGTERM);
    EXPECT_EQ(program.Wait(), 0);
  }
  files.Write("policy.bundle", persons.SignThePack(files.now));
  ExpectRefused(Good(), "PACK_ROLLBACK");
}

TEST_F(Process, CeremonyRefusesAHalfThatWasTouched) {
  ASSERT_EQ(Ceremony("a", {"begin", "--hop", "1", "--organisation", "00000099900000001000",
                           "--name", "midden"}),
            0);
  ASSERT_EQ(Ceremony("b", {"begin", "--hop", "2", "--organisation", "00000099900000002000",
                           "--name", "midden"}),
            0);
  Bytes half = *ReadFile(root / "b/half.json");
  half[half.find("900000002000")] = '8';
  files.Write("b/half.json", half);
  EXPECT_NE(Ceremony("a", {"contribute", "--peer", Folder("b/half.json")}), 0);
  EXPECT_FALSE(std::filesystem::exists(root / "a/contribution.json"));
}

}  // namespace
}  // namespace sluis::transcryptor
