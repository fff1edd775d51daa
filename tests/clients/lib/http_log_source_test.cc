#include "clients/lib/http_log_source.h"

#include <gtest/gtest.h>

#include "broker/http/public_routes.h"
#include "clients/lib/http_client.h"
#include "tests/broker/http/published_log.h"
#include "tests/broker/http/raw_client.h"
#include "tests/broker/http/test_gate.h"
#include "tests/broker/http/tls_files.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge {
namespace {

using ::sluis::testing::HasReason;
using ::sluis::testing::MemoryLog;
using ::sluis::testing::PublishedLog;
using ::sluis::testing::RecordingObserver;
using ::sluis::testing::TempDir;
using ::sluis::testing::TestAuthenticator;
using ::sluis::testing::TestGate;
using ::sluis::testing::TlsTestFiles;

std::string CauseOf(const absl::Status& status) { return DetailOf(status).metadata["cause"]; }

// Both listeners of a broker, and a client of them.
class HttpLogSourceTest : public ::testing::Test {
 protected:
  HttpLogSourceTest() {
    log_.Publish(560);
    files_.Write("client.pem", files_.client.certificate);
    files_.Write("client.key", files_.client.key);
  }
  HttpLogOptions Options() {
    const auto file = [this](const char* name) { return files_.folder.path() / name; };
    return {.log_url = absl::StrFormat("http://127.0.0.1:%d/2026", public_->port()),
            .bundle_url = absl::StrFormat("https://127.0.0.1:%d/2026", bundles_->port()),
            .server_authorities = file("ca.pem"),
            .certificate_chain = file("client.pem"),
            .private_key = file("client.key"),
            .assertion = [this]() -> absl::StatusOr<std::string> {
              return absl::StrFormat("good%d", ++tokens_);
            },
            .use = "INTEGRITY_SECURITY"};
  }
  std::unique_ptr<HttpLogSource> Source() { return HttpLogSource::Create(Options()).value(); }

  PublishedLog log_{600};
  TlsTestFiles files_{absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()))};
  TestAuthenticator authenticator_;
  TestGate gate_;
  RecordingObserver observer_;
  int tokens_ = 0;
  std::unique_ptr<http::TlsIdentity> identity_ =
      http::TlsIdentity::Create(files_.Server(), SystemClock()).value();
  std::unique_ptr<http::PublicRoutes> public_routes_ =
      http::PublicRoutes::Create("/2026", log_, log_.store()).value();
  std::unique_ptr<http::BundleRoutes> bundle_routes_ =
      http::BundleRoutes::Create("/2026", log_, log_.store(), authenticator_, gate_).value();
  std::unique_ptr<http::Server> public_ =
      http::Server::Start({}, *public_routes_, nullptr, observer_, SystemClock()).value();
  std::unique_ptr<http::Server> bundles_ =
      http::Server::Start({}, *bundle_routes_, identity_.get(), observer_, SystemClock()).value();
};

TEST_F(HttpLogSourceTest, VerifiesAWholeLogFromOutside) {
  const auto source = Source();
  std::uint64_t leaves = 0;
  tlog::VerifyLogOptions options;
  options.on_leaf = [&leaves](std::uint64_t, const tlog::Leaf&) { ++leaves; };
  ASSERT_OK_AND_ASSIGN(const tlog::LogReport report,
                       tlog::VerifyLog(*source, log_.policy(), absl::Now(), options));
  EXPECT_EQ(report.checkpoint.checkpoint.size, 560u);
  EXPECT_EQ(leaves, 560u);
  // Each look brought an assertion of its own and was recorded.
  EXPECT_EQ(gate_.admitted,
            (std::vector<std::string>{"INTEGRITY_SECURITY 0 256", "INTEGRITY_SECURITY 256 512",
                                      "INTEGRITY_SECURITY 512 560"}));
  EXPECT_EQ(gate_.tokens, (std::vector<std::string>{"good1", "good2", "good3"}));
  // One connection for all plain reads, one for all bundles.
  EXPECT_EQ(public_->connections(), 1u);
  EXPECT_EQ(bundles_->connections(), 1u);
}

TEST_F(HttpLogSourceTest, SeesAFaultOfTheLog) {
  PublishedLog spoiled(600, tlog::Tile{{0, 1, 256}, Bytes(8192, 'x')});
  spoiled.Publish(560);
  const auto routes = http::PublicRoutes::Create("/2026", spoiled, spoiled.store()).value();
  public_ = http::Server::Start({}, *routes, nullptr, observer_, SystemClock()).value();
  EXPECT_THAT(tlog::VerifyLog(*Source(), log_.policy(), absl::Now()),
              HasReason("LOG_INCONSISTENT"));
  public_.reset();
}

TEST_F(HttpLogSourceTest, ConnectsAgainWhenTheServerEndedTheConnection) {
  const http::ServerOptions one{.max_requests_per_connection = 1};
  const auto brief =
      http::Server::Start(one, *public_routes_, nullptr, observer_, SystemClock()).value();
  HttpLogOptions options = Options();
  options.log_url = absl::StrFormat("http://127.0.0.1:%d/2026", brief->port());
  const auto source = HttpLogSource::Create(options).value();
  for (int i = 0; i < 3; ++i) EXPECT_OK(source->ReadCheckpoint());

  // Without a word: the server that comes back on the same port knows nothing of the old
  // connection.
  const auto kept = Source();
  ASSERT_OK(kept->ReadCheckpoint());
  const std::uint16_t port = public_->port();
  public_.reset();
  public_ = http::Server::Start({.port = port}, *public_routes_, nullptr, observer_, SystemClock())
                .value();
  EXPECT_OK(kept->ReadCheckpoint());
}

TEST_F(HttpLogSourceTest, TellsWhyBundlesAreRefused) {
  const auto reason = [this](const std::function<void(HttpLogOptions&)>& change) {
    HttpLogOptions options = Options();
    change(options);
    return ReasonOf(HttpLogSource::Create(options).value()->ReadBundle({0, 256}).status());
  };
  EXPECT_EQ(reason([](HttpLogOptions&) {}), "");
  EXPECT_EQ(reason([](HttpLogOptions& o) { o.use = "CURIOSITY"; }), "USE_NOT_ALLOWED");
  EXPECT_EQ(reason([](HttpLogOptions& o) { o.assertion = [] { return "bad"; }; }),
            "ASSERTION_INVALID");
  EXPECT_EQ(reason([](HttpLogOptions& o) {
              o.assertion = []() -> absl::StatusOr<std::string> {
                return Error(ErrorCode::kPrecondition, "NO_IDENTITY_PROVIDER", "log in first");
              };
            }),
            "NO_IDENTITY_PROVIDER");
  EXPECT_EQ(reason([](HttpLogOptions& o) { o.bundle_url = ""; }), "BUNDLE_URL_MISSING");
  gate_.answer = Error(ErrorCode::kUnavailable, "LOG_UNAVAILABLE", "try again later");
  EXPECT_EQ(reason([](HttpLogOptions&) {}), "LOG_UNAVAILABLE");
}

TEST_F(HttpLogSourceTest, TellsWhyTheServerCannotBeReached) {
  const auto cause = [this](const std::function<void(HttpLogOptions&)>& change) {
    HttpLogOptions options = Options();
    change(options);
    const absl::Status status =
        HttpLogSource::Create(options).value()->ReadBundle({0, 256}).status();
    EXPECT_THAT(status, HasReason("LOG_UNREACHABLE"));
    return CauseOf(status);
  };
  // A server that another authority vouches for, one under another name, and one that refuses us.
  const ::sluis::testing::TestAuthority other("other");
  files_.Write("other.pem", other.Pem());
  EXPECT_EQ(cause([this](HttpLogOptions& o) {
              o.server_authorities = files_.folder.path() / "other.pem";
            }),
            "tls");
  EXPECT_EQ(cause([this](HttpLogOptions& o) {
              o.bundle_url = absl::StrFormat("https://localhost:%d/2026", bundles_->port());
            }),
            "tls");
  files_.Revoke({files_.client.certificate});
  ASSERT_OK(identity_->Reload());
  EXPECT_EQ(cause([](HttpLogOptions&) {}), "tls");
  // The port was somebody's a moment ago.
  EXPECT_EQ(cause([this](HttpLogOptions&) { bundles_.reset(); }), "connect");
}

TEST_F(HttpLogSourceTest, AsksForTheFullTileWhenAPartialOneIsGone) {
  MemoryLog log(log_.leaves());
  class Folder : public http::Handler {
   public:
    explicit Folder(MemoryLog& files) : files_(files) {}
    http::Response Handle(const http::Request& request) override {
      http::Response response;
      response.content_type = "application/octet-stream";
      const auto file = files_.files.find(request.target.substr(1));
      response.status = file == files_.files.end() ? 404 : 200;
      if (response.status == 200) response.body = file->second;
      return response;
    }
    MemoryLog& files_;
  } folder(log);
  const auto server = http::Server::Start({}, folder, nullptr, observer_, SystemClock()).value();
  const auto source =
      HttpLogSource::Create({.log_url = absl::StrFormat("http://127.0.0.1:%d", server->port())})
          .value();
  const Bytes full = log.files["tile/0/000"];
  ASSERT_OK_AND_ASSIGN(const Bytes cut, source->ReadTile({0, 0, 17}));
  EXPECT_EQ(cut, full.substr(0, 17 * 32));
  EXPECT_TRUE(absl::IsNotFound(source->ReadTile({0, 9, 17}).status()));

  // Larger than the file can be, and more than the client takes at all.
  log.files["tile/0/001"] = Bytes(8193, 'x');
  EXPECT_THAT(source->ReadTile({0, 1, 256}), HasReason("LOG_INCONSISTENT"));
  log.files["tile/0/001"] = Bytes(1 << 20, 'x');
  EXPECT_THAT(source->ReadTile({0, 1, 256}), HasReason("LOG_INCONSISTENT"));
  log.files["checkpoint"] = Bytes((64 << 10) + 1, 'x');
  EXPECT_THAT(source->ReadCheckpoint(), HasReason("LOG_INCONSISTENT"));
}

// Answers as it is told.
class Scripted : public http::Handler {
 public:
  http::Response Handle(const http::Request&) override { return answer; }
  http::Response answer;
};

TEST(HttpLogSource, TakesNothingButAPlain200) {
  Scripted script;
  RecordingObserver observer;
  const auto server = http::Server::Start({}, script, nullptr, observer, SystemClock()).value();
  const auto source =
      HttpLogSource::Create({.log_url = absl::StrFormat("http://127.0.0.1:%d", server->port())})
          .value();
  script.answer.body = "note";
  EXPECT_EQ(source->ReadCheckpoint().value(), "note");
  for (const int status : {201, 204, 206, 301, 302, 304, 400, 500, 502}) {
    script.answer.status = status;
    script.answer.headers = {{"Location", "http://127.0.0.1:1/"}};
    const absl::Status failed = source->ReadCheckpoint().status();
    EXPECT_THAT(failed, HasReason("LOG_UNREACHABLE")) << status;
    EXPECT_EQ(CauseOf(failed), "status");
  }
  script.answer.status = 200;
  script.answer.headers = {{"Content-Encoding", "gzip"}};
  EXPECT_EQ(CauseOf(source->ReadCheckpoint().status()), "encoding");
  // Only what can be a reason is repeated.
  script.answer = {};
  script.answer.status = 503;
  script.answer.body = R"({"reason":"STORE_UNAVAILABLE"})";
  EXPECT_THAT(source->ReadCheckpoint(), HasReason("STORE_UNAVAILABLE"));
  for (const char* body : {R"({"reason":"\u001b[31mred"})", R"({"reason":7})", R"(["reason"])", "",
                           "{", R"({"reason":"A","reason":"B"})"}) {
    script.answer.body = body;
    EXPECT_THAT(source->ReadCheckpoint(), HasReason("LOG_UNAVAILABLE")) << body;
  }
}

TEST(HttpLogSource, WaitsNoLongerThanItMay) {
  // A listener that nobody answers on: the connection is made by the kernel and stays mute.
  class Mute : public http::Handler {
   public:
    http::Response Handle(const http::Request&) override {
      const MutexLock lock(mutex);
      while (!over) ended.Wait(mutex);
      return {};
    }
    Mutex mutex;
    CondVar ended;
    bool over = false;
  } mute;
  RecordingObserver observer;
  const auto server = http::Server::Start({}, mute, nullptr, observer, SystemClock()).value();
  const auto source =
      HttpLogSource::Create({.log_url = absl::StrFormat("http://127.0.0.1:%d", server->port()),
                             .timeout = absl::Milliseconds(50)})
          .value();
  EXPECT_EQ(CauseOf(source->ReadCheckpoint().status()), "timeout");
  const MutexLock lock(mute.mutex);
  mute.over = true;
  mute.ended.NotifyAll();
}

TEST(HttpLogSource, NamesTheOptionThatCannotBe) {
  const auto field = [](HttpLogOptions options) {
    const absl::Status status = HttpLogSource::Create(std::move(options)).status();
    return DetailOf(status).metadata["field"];
  };
  EXPECT_EQ(field({.log_url = "ftp://x"}), "logUrl");
  EXPECT_EQ(field({.log_url = "http://x", .timeout = absl::ZeroDuration()}), "timeout");
  TempDir folder;
  ASSERT_OK(WriteFileAtomic(folder.path() / "ca.pem", "x"));
  EXPECT_EQ(field({.log_url = "https://x", .server_authorities = folder.path() / "ca.pem"}),
            "serverAuthorities");
  EXPECT_EQ(field({.log_url = "http://x",
                   .bundle_url = "http://x",
                   .server_authorities = folder.path() / "ca.pem"}),
            "bundleUrl");
  EXPECT_EQ(field({.log_url = "http://x",
                   .bundle_url = "https://x",
                   .server_authorities = folder.path() / "ca.pem"}),
            "assertion");
}

TEST(HttpUrl, HasOnePlainSpelling) {
  ASSERT_OK_AND_ASSIGN(const HttpUrl url, HttpUrl::Parse("https://log.sluis.example:8443/a/2026"));
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "log.sluis.example");
  EXPECT_EQ(url.port, "8443");
  EXPECT_EQ(url.path, "/a/2026");
  EXPECT_EQ(url.Authority(), "log.sluis.example:8443");
  EXPECT_EQ(HttpUrl::Parse("http://x").value().port, "80");
  EXPECT_EQ(HttpUrl::Parse("https://[::1]:8443/2026").value().host, "::1");
  EXPECT_EQ(HttpUrl::Parse("https://[::1]").value().Authority(), "[::1]");
  for (const char* bad : {"",
                          "x",
                          "http://",
                          "http:///x",
                          "HTTP://x",
                          "http://x/",
                          "http://x//y",
                          "http://x/?q",
                          "http://x#f",
                          "http://u@x",
                          "http://x:0",
                          "http://x:65536",
                          "http://x:",
                          "http://x:1a",
                          "http://x:01",
                          "http://[::1",
                          "http://[x]",
                          "http://[]",
                          "http://x/%41",
                          "http://x y",
                          "http://x\r\nHost: y"}) {
    EXPECT_THAT(HttpUrl::Parse(bad), HasReason("FIELD_INVALID")) << bad;
  }
}

TEST(FolderLogSource, VerifiesALogOutOfAFolder) {
  std::mt19937_64 random(3);
  std::vector<Bytes> leaves;
  for (std::uint64_t i = 0; i < 300; ++i) leaves.push_back(::sluis::testing::RandomLeaf(i, random));
  const MemoryLog log(leaves);
  TempDir folder;
  for (const auto& [path, content] : log.files) {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    ASSERT_OK(WriteFileAtomic(folder.path() / path, content));
  }
  ASSERT_OK_AND_ASSIGN(const auto source, FolderLogSource::Open(folder.path()));
  EXPECT_OK(tlog::VerifyLog(*source, ::sluis::testing::StrictPolicy(),
                            absl::FromUnixSeconds(1'795'446'100)));
  // A partial bundle that was dropped is cut from the full one.
  ASSERT_OK_AND_ASSIGN(const Bytes cut, source->ReadBundle({0, 2}));
  EXPECT_EQ(cut, log.files.at("tile/entries/000").substr(0, 2 * 194));
  EXPECT_TRUE(absl::IsNotFound(source->ReadBundle({7, 2}).status()));
  ASSERT_OK(WriteFileAtomic(folder.path() / "tile/0/000", Bytes(8193, 'x')));
  EXPECT_THAT(source->ReadTile({0, 0, 256}), HasReason("LOG_INCONSISTENT"));
  EXPECT_THAT(FolderLogSource::Open(folder.path() / "nothing"), HasReason("FILE_NOT_FOUND"));
}

}  // namespace
}  // namespace sluis::edge
