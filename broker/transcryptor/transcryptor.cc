#include "broker/transcryptor/transcryptor.h"

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::transcryptor {
namespace {

// As long as an answer may wait for who opens it (14 days), and a day more.
constexpr absl::Duration kSealedLife = absl::Hours(24 * 15);
// A session is remembered beyond its end, so that its id is not used again soon.
constexpr absl::Duration kKeepSessions = absl::Hours(60 * 24);

absl::StatusOr<AeadKey> StateKeyOf(const Secrets& secrets) {
  return AeadKey::Create(Aead::kAes256Gcm, secrets.state_key.Clone());
}

}  // namespace

absl::StatusOr<std::unique_ptr<Transcryptor>> Transcryptor::Create(Secrets secrets,
                                                                   pseudonym::KeySet set,
                                                                   Settings settings,
                                                                   Surroundings surroundings) {
  SLUIS_RETURN_IF_ERROR(CheckSecretsBelong(secrets, set, settings.hop));
  SLUIS_ASSIGN_OR_RETURN(AeadKey state_key, StateKeyOf(secrets));
  return std::unique_ptr<Transcryptor>(new Transcryptor(std::move(secrets), std::move(state_key),
                                                        std::move(set), std::move(settings),
                                                        std::move(surroundings)));
}

Transcryptor::Transcryptor(Secrets secrets, AeadKey state_key, pseudonym::KeySet set,
                           Settings settings, Surroundings surroundings)
    : secrets_(std::move(secrets)),
      set_(std::move(set)),
      settings_(std::move(settings)),
      around_(std::move(surroundings)),
      salts_(around_.state, std::move(state_key)),
      nonces_(around_.replay, settings_.replay_unknown_until),
      sessions_(around_.state),
      commitments_(around_.state) {}

wire::Transcryptor Transcryptor::Describe() const {
  wire::Transcryptor description;
  description.set_hop(static_cast<std::uint32_t>(settings_.hop));
  description.set_public_half(pseudonym::WritePublicHalf(own(), secrets_.signing));
  description.set_policy_pack(ToBytes(around_.policy().digest));
  description.set_directory_version(around_.directory()->version());
  description.set_replay_unknown_until(absl::ToUnixSeconds(settings_.replay_unknown_until));
  return description;
}

pseudonym::SealedFor Transcryptor::SealedTo(const PartyId& recipient, absl::Time now) const {
  const absl::Time created = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  return {pseudonym::TranscryptorParty(own().oin), recipient, created, created + kSealedLife};
}

pseudonym::Commitment Transcryptor::Commit(BytesView id, const GroupElement& value) const {
  return pseudonym::SignCommitment(settings_.hop, id, value, secrets_.signing);
}

absl::StatusOr<GroupElement> Transcryptor::Accept(const wire::Commitment& commitment,
                                                  pseudonym::Hop hop, BytesView id) {
  if (commitment.subject() != id) {
    return pseudonym::Refuse("E_PROOF",
                             "a commitment of the other transcryptor is to something else");
  }
  SLUIS_ASSIGN_OR_RETURN(const GroupElement value, GroupElement::Decode(commitment.point()));
  SLUIS_RETURN_IF_ERROR(pseudonym::AcceptCommitment({hop, Bytes(id), value, commitment.signature()},
                                                    set_.half(hop).signing, commitments_));
  return value;
}

absl::Status Transcryptor::Upkeep() {
  const absl::Time now = around_.clock.Now();
  SLUIS_ASSIGN_OR_RETURN(const int ended, salts_.ShredDue(now));
  if (ended != 0) routes_.Clear();
  SLUIS_RETURN_IF_ERROR(around_.replay.Prune(now));
  return around_.state.PruneSessions(now - kKeepSessions);
}

void Transcryptor::NotePolicyRead(const absl::Status& status) {
  if (status.ok()) return counters_.Served("ReloadPolicy", 0);
  counters_.Refused("ReloadPolicy", ReasonOf(status));
}

absl::StatusOr<wire::OpenSessionResponse> Transcryptor::OpenSession(
    const wire::OpenSessionRequest& request) {
  absl::StatusOr<wire::OpenSessionResponse> response = DoOpenSession(request);
  if (!response.ok()) return Outward(response.status(), "OpenSession", counters_);
  counters_.Served("OpenSession", 0);
  return response;
}

absl::StatusOr<wire::RecordSessionResponse> Transcryptor::RecordSession(
    const wire::RecordSessionRequest& request) {
  const absl::Status status = DoRecordSession(request);
  if (!status.ok()) return Outward(status, "RecordSession", counters_);
  counters_.Served("RecordSession", 0);
  return wire::RecordSessionResponse();
}

absl::StatusOr<wire::RevokeSessionResponse> Transcryptor::RevokeSession(
    const wire::RevokeSessionRequest& request) {
  const absl::Status status = DoRevokeSession(request);
  if (!status.ok()) return Outward(status, "RevokeSession", counters_);
  counters_.Served("RevokeSession", 0);
  return wire::RevokeSessionResponse();
}

absl::StatusOr<wire::TranscryptResponse> Transcryptor::Transcrypt(
    const wire::TranscryptRequest& request) {
  absl::StatusOr<wire::TranscryptResponse> response = DoTranscrypt(request);
  if (!response.ok()) return Outward(response.status(), "Transcrypt", counters_);
  counters_.Served("Transcrypt", response->hop().payload_digests().size() / 32);
  return response;
}

absl::StatusOr<wire::EvaluateEnrolmentResponse> Transcryptor::EvaluateEnrolment(
    const wire::EvaluateEnrolmentRequest& request) {
  absl::StatusOr<wire::EvaluateEnrolmentResponse> response = DoEvaluateEnrolment(request);
  if (!response.ok()) return Outward(response.status(), "EvaluateEnrolment", counters_);
  counters_.Served("EvaluateEnrolment", 0);
  return response;
}

absl::StatusOr<wire::PutArrangementResponse> Transcryptor::PutArrangement(
    const wire::PutArrangementRequest& request) {
  const absl::Status status = DoPutArrangement(request);
  if (!status.ok()) return Outward(status, "PutArrangement", counters_);
  counters_.Served("PutArrangement", 0);
  return wire::PutArrangementResponse();
}

absl::StatusOr<wire::ShredDomainResponse> Transcryptor::ShredDomain(
    const wire::ShredDomainRequest& request) {
  const absl::StatusOr<absl::Time> destroyed = DoShredDomain(request);
  if (!destroyed.ok()) return Outward(destroyed.status(), "ShredDomain", counters_);
  counters_.Served("ShredDomain", 0);
  wire::ShredDomainResponse response;
  response.set_destroyed(absl::ToUnixSeconds(*destroyed));
  return response;
}

}  // namespace sluis::transcryptor
