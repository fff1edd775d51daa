// The checks of a signed request in the order of pseudonyms.md §8.1. Each transcryptor runs all of
// them itself (RequestGate); the broker and the edges run those that need no secret and no state
// (CheckRequestForm, CheckTime). What is state is a port that the process gives in.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/signed_request.h"

namespace sluis::pseudonym {

inline constexpr absl::Duration kClockTolerance = absl::Seconds(60);
inline constexpr std::uint64_t kMaxLifetime = 300;            // seconds
inline constexpr std::uint64_t kMaxQueuedLifetime = 259'200;  // with flag bit 2

// --- without state ---

// (4) flags, batch size, payload; (5) TLVs of the kind; (6)-(9) parties; (10) lifetime. Gives the
// route. E_FLAGS, E_BATCH_SIZE, E_PAYLOAD, E_TLV, E_SAME_CONTEXT, E_SAME_DOMAIN, E_SENDER,
// E_RECIPIENT, E_SELF, E_LIFETIME.
absl::StatusOr<Route> CheckRequestForm(const SignedRequest& request);
// (5) alone: the route of a head. E_TLV.
absl::StatusOr<Route> RouteOf(const RequestHead& head);
// (10) E_LIFETIME, for requests and enrolments.
absl::Status CheckLifetime(std::uint64_t issued, std::uint64_t expires, bool queued);
// (11) E_EXPIRED unless now is within [issued - 60 s, expires + 60 s].
absl::Status CheckTime(std::uint64_t issued, std::uint64_t expires, absl::Time now);
// (14) E_DUPLICATE_B.
absl::Status CheckDistinct(const SignedRequest& request);

// --- ports: implementations are thread-safe ---

// The signing key that this process itself holds for exactly this party, or nothing.
class TrustList {
 public:
  virtual ~TrustList() = default;
  virtual std::optional<Ed25519PublicKey> SigningKey(const Party& party) const = 0;
};

// What this process itself makes of a statement: the digests of its packs, and whether its own pack
// permits every field of the decision in at least that form for the bytes of `request`.
class MandateJudge {
 public:
  virtual ~MandateJudge() = default;
  virtual std::vector<Digest> Packs() const = 0;
  // `kind` of what the statement is used for. E_MANDATE. For kind 02 it also checks the two
  // officers' approvals over `request_digest` (approval.h).
  virtual absl::Status Permits(const DecisionStatement& statement, RequestKind kind,
                               const Digest& request_digest, absl::Time now) = 0;
};

struct NonceUse {
  Party signer;
  RequestNonce nonce;
  Digest request_digest;
  absl::Time issued;  // E_REPLAY_UNKNOWN if before the start of a cache that could not be loaded
  absl::Time keep_until;
};

enum class NonceState {
  kFresh,     // kept from now on, durably
  kResumed,   // the same bytes were admitted before, without an answer: go on
  kAnswered,  // the answer to the same bytes is kept: give it again
};

class NonceCache {
 public:
  virtual ~NonceCache() = default;
  // E_REPLAY for other bytes under the nonce, E_REPLAY_UNKNOWN.
  virtual absl::StatusOr<NonceState> Reserve(const NonceUse& use) = 0;
};

struct QuotaUse {
  RequestKind kind;
  Party signer;
  Domain d_from, d_to;
  std::uint64_t items;
  std::optional<std::int64_t> bulk;  // of the statement
  Digest request_digest;  // charged once per digest: a resumed request costs nothing more
  absl::Time now;
};

class QuotaBook {
 public:
  virtual ~QuotaBook() = default;
  virtual absl::Status Charge(const QuotaUse& use) = 0;  // E_QUOTA
};

struct LiveSession {
  GroupElement y;  // Y_c
  Party party;
  absl::Time end;
};

class SessionRegistry {
 public:
  virtual ~SessionRegistry() = default;
  // Nothing for a session that was never recorded or was revoked.
  virtual absl::StatusOr<std::optional<LiveSession>> Find(const Context& context) = 0;
};

// --- at a transcryptor ---

struct AdmittedRequest {
  SignedRequest request;
  Route route;
  DecisionStatement statement;
  GroupElement y_to;  // of the session c_to in the own registry: what hop 2 must arrive at
  bool answered;      // the kept answer is to be given; nothing else was checked after (13)
};

// Thread-safe if its ports are, which outlive it.
class RequestGate {
 public:
  RequestGate(const TrustList& trust, const Ed25519PublicKey& broker, MandateJudge& judge,
              NonceCache& nonces, QuotaBook& quota, SessionRegistry& sessions)
      : trust_(trust),
        broker_(broker),
        judge_(judge),
        nonces_(nonces),
        quota_(quota),
        sessions_(sessions) {}

  // (1) to (17), at either hop: the Y_from of a head is always that of c_from in the registry.
  absl::StatusOr<AdmittedRequest> Admit(BytesView signed_request, BytesView statement,
                                        absl::Time now);

 private:
  absl::StatusOr<GroupElement> CheckSessions(const RequestHead& head, const Route& route,
                                             absl::Time now);
  const TrustList& trust_;
  Ed25519PublicKey broker_;
  MandateJudge& judge_;
  NonceCache& nonces_;
  QuotaBook& quota_;
  SessionRegistry& sessions_;
};

// (3) E_SIGNATURE unless the trust list's key for exactly the signer made the signature.
absl::Status CheckSigner(const SignedRequest& request, const TrustList& trust);

// At T2: E_YFROM unless k_2 * Y1 is the Y of c_to in its own registry.
absl::Status CheckSecondHopY(const HopFactors& factors, const GroupElement& first_y_to,
                             const GroupElement& y_of_c_to);

// --- quotas ---

// The counters that a use adds to, each with its limit for the UTC day. The key names the counter
// and holds parties, case and day, nothing about a person.
struct QuotaLine {
  std::string key;
  std::uint64_t limit;
};

struct QuotaLimits {
  std::uint64_t per_case = 200;     // signer, case, purpose, day
  std::uint64_t per_signer = 2000;  // signer, day
  std::uint64_t per_index = 512;    // signer, index domain, day
  std::uint64_t inside_oin = 20;    // signer, d_to, day where both units are of one organisation
};

// Of an enrolment the `bulk` of its statement counts, per owner, index domain and day, whatever the
// statement: a second one adds nothing. No other kind escapes the quotas.
std::vector<QuotaLine> QuotaLinesOf(const QuotaUse& use, const QuotaLimits& limits);

}  // namespace sluis::pseudonym
