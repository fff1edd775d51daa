// A transcryptor without its transport (pseudonyms.md §5 to §11.1): every call brings what a party
// or the other transcryptor signed, and all of it is checked here, whatever the broker says of it.
// The messages are those of the contract.
//
// What a call fails with is what the caller may see: the codes of §17 in their three classes, with
// those about the cryptography as one E_REFUSED; UNAVAILABLE when the stores fail. The full code is
// logged and counted here.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/storage/transcryptor_store.h"
#include "broker/transcryptor/counters.h"
#include "broker/transcryptor/judge.h"
#include "broker/transcryptor/ports.h"
#include "broker/transcryptor/route_cache.h"
#include "broker/transcryptor/salts.h"
#include "broker/transcryptor/secrets.h"
#include "lib/base/clock.h"
#include "lib/base/mutex.h"
#include "lib/identity/directory.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/key_set.h"
#include "lib/pseudonym/sealed_parts.h"
#include "lib/pseudonym/session.h"
#include "sluis/transcryptor/v1/transcryptor.pb.h"

namespace sluis::transcryptor {

namespace wire = ::sluis::transcryptor::v1;

// What a transcryptor stands on. The references outlive it; the functions are thread-safe.
struct Surroundings {
  storage::StateStore& state;
  storage::ReplayStore& replay;
  std::function<PolicyInForce()> policy;
  std::function<std::shared_ptr<const identity::Directory>()> directory;
  const Clock& clock;
};

struct Settings {
  pseudonym::Hop hop;
  Ed25519PublicKey decision_key;           // the broker's, pinned
  std::vector<Ed25519PublicKey> officers;  // who may approve a reversal
  absl::Time replay_unknown_until;         // the Unix epoch if the nonce cache is whole
  std::uint32_t epoch = 1;                 // of the case domains that may be used newly
};

// Thread-safe.
class Transcryptor {
 public:
  // FAILED_PRECONDITION / KEYS_OF_THE_OTHER or KEYS_NOT_OF_THIS_SET (secrets.h).
  static absl::StatusOr<std::unique_ptr<Transcryptor>> Create(Secrets secrets,
                                                              pseudonym::KeySet set,
                                                              Settings settings,
                                                              Surroundings surroundings);

  wire::Transcryptor Describe() const;
  absl::StatusOr<wire::OpenSessionResponse> OpenSession(const wire::OpenSessionRequest& request);
  absl::StatusOr<wire::RecordSessionResponse> RecordSession(
      const wire::RecordSessionRequest& request);
  absl::StatusOr<wire::RevokeSessionResponse> RevokeSession(
      const wire::RevokeSessionRequest& request);
  absl::StatusOr<wire::TranscryptResponse> Transcrypt(const wire::TranscryptRequest& request);
  absl::StatusOr<wire::EvaluateEnrolmentResponse> EvaluateEnrolment(
      const wire::EvaluateEnrolmentRequest& request);
  absl::StatusOr<wire::PutArrangementResponse> PutArrangement(
      const wire::PutArrangementRequest& request);
  absl::StatusOr<wire::ShredDomainResponse> ShredDomain(const wire::ShredDomainRequest& request);

  // What time asks: shreds weighing tables that ended, forgets what is past. Call about once a
  // minute.
  absl::Status Upkeep();
  // Counts that the policy was read again, or why it could not be taken.
  void NotePolicyRead(const absl::Status& status);

  const Counters& counters() const { return counters_; }
  pseudonym::Hop hop() const { return settings_.hop; }

 private:
  Transcryptor(Secrets secrets, AeadKey state_key, pseudonym::KeySet set, Settings settings,
               Surroundings surroundings);

  const pseudonym::TranscryptorIdentity& own() const { return set_.half(settings_.hop); }
  bool is_second() const { return settings_.hop == pseudonym::Hop::kSecond; }
  // As whom this process seals, for how long.
  pseudonym::SealedFor SealedTo(const PartyId& recipient, absl::Time now) const;
  pseudonym::Commitment Commit(BytesView id, const GroupElement& value) const;
  // Checks a commitment of T1 (or T2, at RecordSession) to `id` and keeps the first of them.
  absl::StatusOr<GroupElement> Accept(const wire::Commitment& commitment, pseudonym::Hop hop,
                                      BytesView id);

  // sessions.cc
  absl::StatusOr<wire::OpenSessionResponse> DoOpenSession(const wire::OpenSessionRequest& request);
  absl::Status DoRecordSession(const wire::RecordSessionRequest& request);
  absl::Status DoRevokeSession(const wire::RevokeSessionRequest& request);
  absl::StatusOr<GroupElement> FirstPoint(const wire::SessionEvaluation& first, BytesView context);
  absl::StatusOr<wire::OpenSessionResponse> Evaluate(const pseudonym::AdmittedSession& admitted,
                                                     const GroupElement& y_in,
                                                     const DirectoryTrust& trust, absl::Time now);
  absl::Status KeepSession(const pseudonym::AdmittedSession& admitted,
                           const std::optional<GroupElement>& y);

  // hops.cc
  struct HopWork;
  absl::StatusOr<wire::TranscryptResponse> DoTranscrypt(const wire::TranscryptRequest& request);
  absl::StatusOr<wire::TranscryptResponse> RunHop(const wire::TranscryptRequest& request,
                                                  const pseudonym::AdmittedRequest& admitted,
                                                  const DirectoryTrust& trust, absl::Time now);
  absl::StatusOr<pseudonym::BatchResponse> VerifyFirst(const wire::Hop& first,
                                                       const pseudonym::AdmittedRequest& admitted);
  // E_MANDATE for a case of another epoch that is not here yet.
  absl::StatusOr<std::optional<pseudonym::CaseSalt>> SaltOfTarget(const pseudonym::Route& route,
                                                                  pseudonym::RequestKind kind,
                                                                  absl::Time now);
  // A case with its salt; none for other domains.
  struct SaltedDomain {
    const pseudonym::Domain& domain;
    const pseudonym::CaseSalt* salt;
  };
  absl::Status CheckCanaries(std::initializer_list<SaltedDomain> domains);
  absl::StatusOr<std::shared_ptr<const PreparedRoute>> Prepare(const pseudonym::Route& route,
                                                               pseudonym::RequestKind kind,
                                                               const GroupElement& y_from,
                                                               absl::Time now);
  absl::StatusOr<wire::Hop> Answer(const HopWork& work, const DirectoryTrust& trust,
                                   absl::Time now);

  // enrolments.cc
  absl::StatusOr<wire::EvaluateEnrolmentResponse> DoEvaluateEnrolment(
      const wire::EvaluateEnrolmentRequest& request);
  absl::StatusOr<std::vector<GroupElement>> EnrolInput(
      const wire::EvaluateEnrolmentRequest& request, const pseudonym::AdmittedEnrolment& admitted);

  // orders.cc
  absl::Status DoPutArrangement(const wire::PutArrangementRequest& request);
  absl::StatusOr<absl::Time> DoShredDomain(const wire::ShredDomainRequest& request);

  const Secrets secrets_;
  const pseudonym::KeySet set_;
  const Settings settings_;
  const Surroundings around_;
  Counters counters_;
  SaltKeeper salts_;
  NonceBook nonces_;
  StoredSessions sessions_;
  StoredCommitments commitments_;
  RouteCache routes_;
  HeaderMemory headers_;
  Mutex arranging_;  // one replacement of an arrangement at a time
  Mutex recording_;  // one change of a session at a time
};

}  // namespace sluis::transcryptor
