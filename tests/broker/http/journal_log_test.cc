// The log of a real journal, read and verified through both listeners.
#include <gtest/gtest.h>

#include "broker/http/public_routes.h"
#include "clients/lib/http_log_source.h"
#include "tests/broker/http/raw_client.h"
#include "tests/broker/http/test_gate.h"
#include "tests/broker/http/tls_files.h"
#include "tests/broker/journal/fixture.h"
#include "tests/support/status_matchers.h"

namespace sluis::http {
namespace {

using ::sluis::testing::TestAuthenticator;
using ::sluis::testing::TestGate;
using ::sluis::testing::TlsTestFiles;

class JournalLogTest : public ::sluis::testing::JournalTest {
 protected:
  JournalLogTest() : journal_(Open().value()) {
    files_.Write("client.pem", files_.client.certificate);
    files_.Write("client.key", files_.client.key);
  }
  void Commit(int leaves) {
    for (int i = 0; i < leaves; ++i) {
      const auto number = static_cast<std::uint8_t>(i);
      ASSERT_OK(journal_->SubmitAndWait(::sluis::testing::Log(::sluis::testing::RequestDraft(number))));
    }
  }
  std::unique_ptr<edge::HttpLogSource> Source() {
    const auto file = [this](const char* name) { return files_.folder.path() / name; };
    return edge::HttpLogSource::Create(
               {.log_url = absl::StrFormat("http://127.0.0.1:%d/2026", public_->port()),
                .bundle_url = absl::StrFormat("https://127.0.0.1:%d/2026", bundles_->port()),
                .server_authorities = file("ca.pem"),
                .certificate_chain = file("client.pem"),
                .private_key = file("client.key"),
                .assertion = []() -> absl::StatusOr<std::string> { return std::string("good"); },
                .use = "INTEGRITY_SECURITY"})
        .value();
  }

  std::unique_ptr<journal::Journal> journal_;
  TlsTestFiles files_{absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()))};
  TestAuthenticator authenticator_;
  TestGate gate_;
  ::sluis::testing::RecordingObserver observer_;
  std::unique_ptr<TlsIdentity> identity_ = TlsIdentity::Create(files_.Server(), SystemClock()).value();
  std::unique_ptr<PublicRoutes> public_routes_ = PublicRoutes::Create("/2026", *journal_, store).value();
  std::unique_ptr<BundleRoutes> bundle_routes_ =
      BundleRoutes::Create("/2026", *journal_, store, authenticator_, gate_).value();
  std::unique_ptr<Server> public_ =
      Server::Start({}, *public_routes_, nullptr, observer_, SystemClock()).value();
  std::unique_ptr<Server> bundles_ =
      Server::Start({}, *bundle_routes_, identity_.get(), observer_, SystemClock()).value();
};

TEST_F(JournalLogTest, IsVerifiedFromOutsideUpToWhatIsPublished) {
  const std::uint64_t at_start = journal_->Published().size;
  Commit(300);
  // The interval has not passed: what was committed since is not to be seen, wherever one looks.
  ASSERT_EQ(journal_->Published().size, at_start);
  const auto source = Source();
  ASSERT_OK_AND_ASSIGN(const auto before,
                       tlog::VerifyLog(*source, ::sluis::testing::LogTrust(), clock.Now()));
  EXPECT_EQ(before.checkpoint.checkpoint.size, at_start);
  EXPECT_TRUE(absl::IsNotFound(source->ReadTile({0, 0, 256}).status()));
  EXPECT_TRUE(absl::IsNotFound(source->ReadBundle({0, 256}).status()));

  journal_->Stop();  // an orderly stop publishes, and the log stays readable
  tlog::VerifyLogOptions growth;
  growth.earlier = before.checkpoint.checkpoint;
  ASSERT_OK_AND_ASSIGN(const auto after,
                       tlog::VerifyLog(*source, ::sluis::testing::LogTrust(), clock.Now(), growth));
  EXPECT_GT(after.checkpoint.checkpoint.size, at_start + 300);
  EXPECT_EQ(after.kinds.at(tlog::LeafKind::kRequest), 300u);
}

}  // namespace
}  // namespace sluis::http
