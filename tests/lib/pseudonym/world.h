// Both transcryptors, a broker's key and the parties of the story, all in one process and without
// network: what the tests of properties and attacks play in.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/pseudonym/ceremony.h"
#include "lib/pseudonym/commitment.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/hop_signature.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/session.h"
#include "lib/pseudonym/transcryption.h"
#include "tests/support/pseudonym_ports.h"

namespace sluis::pseudonym {

inline constexpr absl::Time kNow = absl::FromUnixSeconds(1'790'000'010);

struct OpenSessionOf {
  Context context;
  SessionKey key;
};

struct Member {
  Party party;
  Ed25519PrivateKey signing = Ed25519PrivateKey::Generate();
  std::vector<OpenSessionOf> sessions;
  const OpenSessionOf& session(std::size_t i = 0) const { return sessions.at(i); }
};

struct Transcryptor {
  TranscryptorKeys keys = TranscryptorKeys::Generate();
  Ed25519PrivateKey signing = Ed25519PrivateKey::Generate();
  std::map<Domain, CaseSalt> salts;
  testing::MemoryNonceCache nonces;
  testing::MemoryQuotaBook quota;
  testing::MemorySessions sessions;

  const CaseSalt* SaltOf(const Domain& domain) const {
    const auto salt = salts.find(domain);
    return salt == salts.end() ? nullptr : &salt->second;
  }
  absl::StatusOr<HopFactors> Factors(const Route& route) const {
    return HopFactors::Derive(keys, route, SaltOf(route.d_from), SaltOf(route.d_to));
  }
};

// One hop's answer as it travels.
struct HopAnswer {
  Bytes batch_request, batch_response, proof_block, signature;
};

class World {
 public:
  World();

  Member& Join(const std::string& oin, const std::string& unit);
  void Open(Member& member);  // one more session
  Domain NewCase(const Member& recipient, const std::string& purpose, std::uint32_t epoch = 1);
  Domain IndexOf(const Member& owner) const;

  struct Ask {
    RequestKind kind;
    const Member& from;
    const Member& to;
    Domain d_from, d_to;
    std::vector<GroupElement> elements;
    std::size_t to_session = 0;
    std::vector<Digest> payloads = {};
    bool shuffle = false;
    bool verifiable = true;
    absl::Time issued = kNow - absl::Seconds(10);
    absl::Duration life = absl::Minutes(5);
    bool queued = false;
  };
  Route RouteOf(const Ask& ask) const;
  // The statement that the broker would give for it.
  DecisionStatement StatementFor(const Ask& ask, std::optional<std::int64_t> bulk = {}) const;
  SignedRequest Sign(const Ask& ask, const DecisionStatement& statement) const;

  absl::StatusOr<AdmittedRequest> Admit(int hop, BytesView request, BytesView statement,
                                        absl::Time now = kNow);
  // Both hops with all checks, and the recipient's: the decrypted elements in the order of the
  // answer.
  absl::StatusOr<std::vector<GroupElement>> Transcrypt(const Ask& ask);
  // The same from a signed request.
  absl::StatusOr<std::vector<GroupElement>> Run(const SignedRequest& request,
                                                const DecisionStatement& statement,
                                                const SecretScalar& sk);
  absl::StatusOr<HopAnswer> RunHop(int hop, const AdmittedRequest& admitted,
                                   const BatchRequest& batch);
  absl::Status VerifyAnswer(int hop, const SignedRequest& request, const Route& route,
                            const HopAnswer& answer);

  Transcryptor t[2];
  std::optional<CeremonyRecord> pinned;
  Ed25519PrivateKey broker = Ed25519PrivateKey::Generate();
  Digest pack{1, 2, 3};
  testing::FixedJudge judge{{pack}};
  testing::MemoryTrustList trust;
  testing::MemoryCommitments commitments;
  testing::MemoryHeaders headers;

 private:
  void Publish(const Route& route);
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace sluis::pseudonym
