// The broker's gRPC face for tests: the core of tests/broker/exchange (real policy, journal, log)
// behind a real server with mutual TLS on a free port of 127.0.0.1, and partners with certificates
// and keys to sign assertions.
#pragma once

#include <grpcpp/channel.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/authzen/entity_pack.h"
#include "broker/authzen/exchange_point.h"
#include "broker/authzen/protocols.h"
#include "broker/daemon/sources.h"
#include "broker/exchange/authenticator.h"
#include "broker/rpc/server.h"
#include "lib/base/json.h"
#include "tests/broker/exchange/world.h"
#include "tests/broker/rpc/raw_call.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/support/faulty_store.h"

namespace sluis::rpc::testing {

using exchange::testing::Desk;
using ::sluis::testing::IssuedCertificate;

inline constexpr char kAudience[] = "https://broker.sluis.example";
inline constexpr char kExchanges[] = "/sluis.v1.ExchangeService/";
inline constexpr char kCases[] = "/sluis.v1.CaseService/";
inline constexpr char kLog[] = "/sluis.v1.LogService/";
inline constexpr char kAuthorization[] = "/sluis.v1.AuthorizationService/";
// The foreign pack that can be asked beside the exchange's own policy.
inline constexpr char kForeign[] = "certification";

struct SettableDirectory : exchange::DirectorySource {
  std::shared_ptr<const identity::Directory> Current() const override { return holder.Get(); }
  daemon::Holder<identity::Directory> holder;
};

struct SettableTrust : exchange::TrustSource {
  std::shared_ptr<const TrustStore> Current() const override { return holder.Get(); }
  daemon::Holder<TrustStore> holder;
};

// An assertion in parts, to be changed before it is signed.
struct Token {
  Json header, payload;
  std::string Input() const;
  std::string SignedBy(const JwsPrivateKey& key) const;
};

class RpcWorld : public exchange::testing::World {
 protected:
  RpcWorld();
  ~RpcWorld() override;

  // --- who ---
  identity::testing::TestPartner& Partner(const Desk& desk);
  const IssuedCertificate& Certificate(const Desk& desk);
  // A fresh assertion of this desk's person, of substantial assurance.
  Token TokenOf(const Desk& desk);
  std::string Bearer(const Desk& desk);
  // A channel that shows this certificate; one for each, so calls share a connection.
  std::shared_ptr<grpc::Channel> ChannelWith(const IssuedCertificate& certificate);
  std::shared_ptr<grpc::Channel> ChannelOf(const Desk& desk) {
    return ChannelWith(Certificate(desk));
  }

  // --- calls ---
  RawCall CallOf(const Desk& desk, const std::string& method, const google::protobuf::Message&);
  RawAnswer Ask(const Desk& desk, const std::string& method, const google::protobuf::Message&);
  std::string NewRequestId();
  v1::CreateCaseRequest CaseRequest(const Desk& desk);
  // The police question of the core's world, on the wire.
  v1::CreateExchangeRequest QuestionRequest(const CaseId& in_case);
  v1::Exchange AskPolice();

  // A new server, when the one before has stopped.
  void StartServer(bool reflection = false);

  // --- what is in force ---
  void SetPartners(const std::vector<identity::testing::TestPartner*>& partners,
                   std::int64_t version);
  // Revocation lists of the authority in force from now on.
  void SetLists(const std::vector<std::string>& lists);
  std::string ListOf(const std::vector<std::string>& revoked, absl::Duration valid);

  // --- what was kept ---
  std::uint64_t LogSize();
  // Waits until the journal did all that was given to it.
  void Flush();
  Json RecordAt(std::uint64_t index);

  ::sluis::testing::TestAuthority authority{"root"};
  // What the service reads from; the journal writes to the store beneath.
  ::sluis::testing::FaultyStore reads{store};
  SettableDirectory directory_in_force;
  SettableTrust trust;
  std::unique_ptr<exchange::PartnerAuthenticator> authenticator;
  // What may be asked of the policy alone: the exchange's own and kForeign.
  std::unique_ptr<authzen::DecisionPoint> own_point, foreign_point;
  authzen::Protocols points{clock};
  std::unique_ptr<Server> server;

 private:
  std::map<Oin, IssuedCertificate> certificates_;
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
};

}  // namespace sluis::rpc::testing
