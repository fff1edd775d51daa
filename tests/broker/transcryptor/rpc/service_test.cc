// The transcryptor's gRPC face: who may call, and how a refusal travels.
#include "broker/transcryptor/rpc/service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include "broker/rpc/tls.h"
#include "broker/transcryptor/rpc/server.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/broker/http/tls_files.h"
#include "tests/broker/transcryptor/world.h"

namespace sluis::transcryptor::testing {
namespace {

constexpr char kBrokerOin[] = "00000099000000009000";

struct FixedTrust : exchange::TrustSource {
  explicit FixedTrust(const std::filesystem::path& folder)
      : store(std::make_shared<const TrustStore>(
            TrustStore::Load(folder / "ca.pem", folder / "crl").value())) {}
  std::shared_ptr<const TrustStore> Current() const override { return store; }
  std::shared_ptr<const TrustStore> store;
};

std::string ReasonIn(const grpc::Status& status) {
  google::rpc::Status wire_status;
  wire_status.ParseFromString(status.error_details());
  google::rpc::ErrorInfo info;
  for (const auto& detail : wire_status.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return {};
}

class Service : public World {
 protected:
  Service()
      : files(SystemClock().Now()),
        broker_certificate(
            files.root.IssueWithKey(sluis::testing::ClientOf(kBrokerOin, files.now))),
        trust(files.folder.path()) {
    const std::filesystem::path folder = files.folder.path();
    const rpc::TlsFiles tls{folder / "server.key", folder / "server.pem", folder / "ca.pem"};
    auto service = std::make_unique<ServiceImpl>(
        *first.process, Peer{Oin::Parse(kBrokerOin).value(), [this] { return trust.Current(); }},
        SystemClock());
    server =
        Server::Start("127.0.0.1:0", rpc::ServerTls(tls, trust, SystemClock()), std::move(service))
            .value();
  }
  std::unique_ptr<wire::TranscryptorService::Stub> As(
      const sluis::testing::IssuedCertificate& who) {
    const grpc::SslCredentialsOptions options{files.root.Pem(), who.key, who.certificate};
    return wire::TranscryptorService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server->port()), grpc::SslCredentials(options)));
  }
  template <typename Response, typename Request, typename Method>
  grpc::Status Send(wire::TranscryptorService::Stub& stub, Method method, const Request& request,
                    Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    return (stub.*method)(&context, request, response);
  }
  grpc::Status Describe(wire::TranscryptorService::Stub& stub, wire::Transcryptor* description) {
    return Send(stub, &wire::TranscryptorService::Stub::GetTranscryptor,
                wire::GetTranscryptorRequest(), description);
  }
  grpc::Status Transcrypt(const Call& call, wire::TranscryptResponse* response) {
    wire::TranscryptRequest request;
    request.set_signed_request(call.request.bytes());
    request.set_statement(call.statement.wire());
    return Send(*As(broker_certificate), &wire::TranscryptorService::Stub::Transcrypt, request,
                response);
  }

  sluis::testing::TlsTestFiles files;
  sluis::testing::IssuedCertificate broker_certificate;
  FixedTrust trust;
  std::unique_ptr<Server> server;
};

TEST_F(Service, BrokerGetsWhatTheCoreAnswers) {
  wire::Transcryptor description;
  ASSERT_TRUE(Describe(*As(broker_certificate), &description).ok());
  EXPECT_EQ(description.hop(), 1u);
  EXPECT_EQ(*pseudonym::ParsePublicHalf(description.public_half()),
            set->half(pseudonym::Hop::kFirst));
  EXPECT_EQ(description.policy_pack(), ToBytes(pack_digest));
  EXPECT_EQ(description.directory_version(), directory->version());
  const Call call = ToTable({Bsn(0)});
  wire::TranscryptResponse once, again;
  ASSERT_TRUE(Transcrypt(call, &once).ok());
  ASSERT_TRUE(Transcrypt(call, &again).ok());
  EXPECT_EQ(once.SerializeAsString(), again.SerializeAsString());
  EXPECT_OK(Hop2(call, once.hop()));
}

TEST_F(Service, NobodyElseIsAnswered) {
  wire::Transcryptor description;
  // Another organisation of the same authority.
  const grpc::Status other = Describe(*As(files.client), &description);
  EXPECT_EQ(other.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonIn(other), "METHOD_NOT_ALLOWED");
  // The broker's name from another authority.
  const sluis::testing::TestAuthority stranger("stranger");
  const grpc::Status foreign = Describe(
      *As(stranger.IssueWithKey(sluis::testing::ClientOf(kBrokerOin, files.now))), &description);
  EXPECT_EQ(foreign.error_code(), grpc::StatusCode::UNAVAILABLE);  // no handshake
  // The broker's own certificate, revoked.
  files.Revoke({broker_certificate.certificate});
  trust.store = FixedTrust(files.folder.path()).store;
  const grpc::Status revoked = Describe(*As(broker_certificate), &description);
  EXPECT_EQ(revoked.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonIn(revoked), "CERTIFICATE_NOT_TRUSTED");
}

// The classes of §17: bytes and requests by their code, the cryptography as one.
TEST_F(Service, RefusalsTravelByClass) {
  wire::TranscryptResponse response;
  wire::TranscryptRequest request;
  request.set_signed_request("x");
  const grpc::Status bytes = Send(*As(broker_certificate),
                                  &wire::TranscryptorService::Stub::Transcrypt, request, &response);
  EXPECT_EQ(bytes.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonIn(bytes), "E_TRUNCATED");

  Call other_mandate = ToTable({Bsn(0)});
  other_mandate.statement = Sign(InsideTerms());
  const grpc::Status mandate = Transcrypt(other_mandate, &response);
  EXPECT_EQ(mandate.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonIn(mandate), "E_MANDATE");

  const auto statement = Sign(TableTerms());
  auto terms =
      TermsOf(pseudonym::RequestKind::kTranscrypt, Oov(), *oov_session, riec_session->context,
              pseudonym::Domain::Origin(SubjectKind::kBsn), TableDomain(), statement);
  terms.y_from = MultiplyBase(SecretScalar::Random());
  const Call own_y{
      pseudonym::SignRequest(terms, ItemsOf({Bsn(0)}, terms.y_from), Oov().key()).value(),
      statement};
  const grpc::Status hidden = Transcrypt(own_y, &response);
  EXPECT_EQ(hidden.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonIn(hidden), "E_REFUSED");
  EXPECT_EQ(hidden.error_details().find("E_YFROM"), std::string::npos);

  std::vector<std::string> bsns;
  for (int i = 0; i < 201; ++i) bsns.push_back(Bsn(i));
  const grpc::Status quota = Transcrypt(ToTable(bsns), &response);
  EXPECT_EQ(quota.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonIn(quota), "E_QUOTA");
}

TEST_F(Service, OversizedMessageIsNotRead) {
  wire::TranscryptRequest request;
  request.set_signed_request(Bytes(5 << 20, 'x'));
  wire::TranscryptResponse response;
  EXPECT_EQ(Send(*As(broker_certificate), &wire::TranscryptorService::Stub::Transcrypt, request,
                 &response)
                .error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace sluis::transcryptor::testing
