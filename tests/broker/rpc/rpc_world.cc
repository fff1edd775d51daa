#include "tests/broker/rpc/rpc_world.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "broker/rpc/gate.h"
#include "broker/rpc/tls.h"
#include "clients/lib/new_case.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/resource_names.h"
#include "lib/crypto/random.h"
#include "lib/identity/assertion.h"
#include "tests/broker/authzen/foreign_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::rpc::testing {
namespace {

using ::sluis::testing::ClientOf;
using ::sluis::testing::LoopbackServer;

// Before anything of gRPC runs in this process, as sluisd does.
[[maybe_unused]] const bool kOnlyTls13 = (AllowOnlyTls13(), true);

Json JsonOf(std::string_view part) { return Json::parse(Base64UrlDecode(part).value()); }

}  // namespace

std::string Token::Input() const {
  return Base64UrlEncode(header.dump()) + "." + Base64UrlEncode(payload.dump());
}

std::string Token::SignedBy(const JwsPrivateKey& key) const {
  return Input() + "." + Base64UrlEncode(key.Sign(Input()));
}

RpcWorld::RpcWorld() {
  for (auto* partner : {&town, &small_town, &police, &prosecution}) {
    const IssuedCertificate certificate =
        authority.IssueWithKey(ClientOf(partner->entry.oin.str(), clock.Now()));
    partner->entry.certificates.front().thumbprint =
        ParsePeerCertificate(certificate.certificate)->thumbprint;
    certificates_[partner->entry.oin] = certificate;
  }
  SetPartners({&town, &small_town, &police, &prosecution}, 7);
  SetLists({ListOf({}, absl::Hours(24 * 60))});
  exchange::ServiceOptions options;
  options.operator_oin = Oin::Parse("00000099000000001000").value();
  options.bundle_readers = {identity::testing::PartyOf(identity::testing::kTownOin, "gemeente/fg")};
  service = std::make_unique<exchange::Service>(options, *journal, reads, *policies,
                                                directory_in_force, clock);
  authenticator = std::make_unique<exchange::PartnerAuthenticator>(
      exchange::AuthenticatorOptions{kAudience, /*demonstration=*/true}, trust, directory_in_force,
      *policies, clock);
  own_point = std::make_unique<authzen::ExchangePoint>(*service);
  foreign_point = authzen::testing::CertificationPack();
  points.Add("", *own_point);
  points.Add(kForeign, *foreign_point);
  StartServer();
}

RpcWorld::~RpcWorld() { server.reset(); }

void RpcWorld::StartServer(bool reflection) {
  channels_.clear();
  // Clients judge the server's certificate by the system's clock.
  const IssuedCertificate own = authority.IssueWithKey(LoopbackServer(absl::Now()));
  const TlsFiles files{folder.path() / "server.key", folder.path() / "server.pem",
                       folder.path() / "ca.pem"};
  EXPECT_OK(WriteFileAtomic(files.key, own.key));
  EXPECT_OK(WriteFileAtomic(files.certificate, own.certificate));
  EXPECT_OK(WriteFileAtomic(files.authorities, authority.Pem()));
  server =
      Server::Start(
          {.address = "127.0.0.1:0", .reflection = reflection}, ServerTls(files, trust, clock),
          std::make_unique<Gate>(*service, *authenticator, *policies, directory_in_force, clock),
          points)
          .value();
}

identity::testing::TestPartner& RpcWorld::Partner(const Desk& desk) {
  for (auto* partner : {&town, &small_town, &police}) {
    if (partner->entry.oin == desk.party.oin) return *partner;
  }
  return prosecution;
}

const IssuedCertificate& RpcWorld::Certificate(const Desk& desk) {
  return certificates_.at(desk.party.oin);
}

Token RpcWorld::TokenOf(const Desk& desk) {
  const identity::testing::TestPartner& partner = Partner(desk);
  const identity::AssertionClaims claims{
      .issuer = partner.entry.issuer,
      .subject = desk.person,
      .audience = kAudience,
      .client = partner.entry.client_id,
      .issued = clock.Now(),
      .expires = clock.Now() + absl::Minutes(5),
      .not_before = std::nullopt,
      .oin = desk.party.oin,
      .certificate = partner.entry.certificates.front().thumbprint,
      .unit = desk.party.unit,
      .roles = desk.roles,
      .mandate = std::nullopt,
      .assurance = identity::Assurance::kSubstantial,
      .token_id = identity::NewTokenId()};
  const std::string token =
      identity::IssueAssertion(claims, "key-1", *partner.assertion_key).value();
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  return {JsonOf(parts[0]), JsonOf(parts[1])};
}

std::string RpcWorld::Bearer(const Desk& desk) {
  return "Bearer " + TokenOf(desk).SignedBy(*Partner(desk).assertion_key);
}

std::shared_ptr<grpc::Channel> RpcWorld::ChannelWith(const IssuedCertificate& certificate) {
  std::shared_ptr<grpc::Channel>& channel = channels_[certificate.certificate];
  if (channel != nullptr) return channel;
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authority.Pem();
  options.pem_private_key = certificate.key;
  options.pem_cert_chain = certificate.certificate;
  grpc::ChannelArguments arguments;
  // Not the connection of another test.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  channel = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server->port()),
                                      grpc::SslCredentials(options), arguments);
  return channel;
}

RawCall RpcWorld::CallOf(const Desk& desk, const std::string& method,
                         const google::protobuf::Message& request) {
  return {.method = method,
          .request = request.SerializeAsString(),
          .metadata = {{"authorization", Bearer(desk)}}};
}

RawAnswer RpcWorld::Ask(const Desk& desk, const std::string& method,
                        const google::protobuf::Message& request) {
  return Send(ChannelOf(desk), CallOf(desk, method, request));
}

std::string RpcWorld::NewRequestId() {
  const std::string hex = HexEncode(RandomBytes(16));
  return absl::StrFormat("%s-%s-4%s-8%s-%s", hex.substr(0, 8), hex.substr(8, 4), hex.substr(13, 3),
                         hex.substr(17, 3), hex.substr(20));
}

v1::CreateCaseRequest RpcWorld::CaseRequest(const Desk& desk) {
  v1::CreateCaseRequest request;
  request.set_parent(PartyName(desk.party));
  request.set_case_id(edge::NewCaseId().hex());
  request.set_phase("casus");
  request.set_request_id(NewRequestId());
  return request;
}

v1::CreateExchangeRequest RpcWorld::QuestionRequest(const CaseId& in_case) {
  const exchange::CreateExchange ask = PoliceQuestion(in_case);
  v1::CreateExchangeRequest request;
  request.set_parent(PartyName(ask.parent));
  request.set_request_id(NewRequestId());
  v1::Exchange& exchange = *request.mutable_exchange();
  exchange.set_action(ask.action);
  exchange.set_purpose(ask.purpose);
  exchange.set_legal_basis(ask.basis);
  exchange.mutable_provider()->set_organisation(ask.provider.oin.str());
  exchange.mutable_provider()->set_unit(ask.provider.unit.str());
  exchange.mutable_recipient()->set_organisation(ask.recipient.oin.str());
  exchange.mutable_recipient()->set_unit(ask.recipient.unit.str());
  exchange.set_case_(CaseName(in_case));
  exchange.set_regime(ask.regime);
  exchange.set_subject_category(ask.subject_category);
  for (const std::string& field : ask.fields) exchange.add_fields(field);
  return request;
}

v1::Exchange RpcWorld::AskPolice() {
  const CaseId in_case = NewCase(exchange::testing::Oov(), "casus");
  return Ask(exchange::testing::Oov(), absl::StrCat(kExchanges, "CreateExchange"),
             QuestionRequest(in_case))
      .As<v1::Exchange>();
}

void RpcWorld::SetPartners(const std::vector<identity::testing::TestPartner*>& partners,
                           std::int64_t version) {
  const identity::testing::TestOfficers officers;
  identity::DirectoryDocument document =
      identity::testing::DocumentOf({partners.begin(), partners.end()});
  document.version = version;
  directory_in_force.holder.Set(
      identity::Directory::Parse(officers.Sign(document), officers.Pinned()).value());
}

void RpcWorld::SetLists(const std::vector<std::string>& lists) {
  trust.holder.Set(
      std::make_shared<const TrustStore>(TrustStore::Create(authority.Pem(), lists).value()));
}

std::string RpcWorld::ListOf(const std::vector<std::string>& revoked, absl::Duration valid) {
  return authority.RevocationList(revoked, clock.Now() - absl::Hours(1), clock.Now() + valid);
}

std::uint64_t RpcWorld::LogSize() {
  Flush();
  return store.Snapshot().value()->ReadHead()->size;
}

void RpcWorld::Flush() {
  EXPECT_OK(journal
                ->SubmitAndWait(
                    [](storage::Transaction&, journal::LeafSink&) { return absl::OkStatus(); })
                .status());
}

Json RpcWorld::RecordAt(std::uint64_t index) {
  const auto reader = store.Snapshot().value();
  return Json::parse(journal->OpenRecord(*reader, index)->record);
}

}  // namespace sluis::rpc::testing
