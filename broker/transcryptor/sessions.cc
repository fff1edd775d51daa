// Opening, recording and revoking sessions (pseudonyms.md §5).
#include "broker/transcryptor/messages.h"
#include "broker/transcryptor/transcryptor.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/sealed_parts.h"

namespace sluis::transcryptor {
namespace {

using pseudonym::AdmittedSession;
using pseudonym::Hop;
using pseudonym::Refuse;
using pseudonym::SessionStep;

Bytes SignedBytes(const Bytes& head, const Bytes& signature) {
  return ByteWriter().U32(static_cast<std::uint32_t>(head.size())).Raw(head).Raw(signature).bytes();
}

absl::Time TimeOf(std::uint64_t seconds) {
  return absl::FromUnixSeconds(static_cast<std::int64_t>(seconds));
}

absl::StatusOr<SessionStep> StepOf(const GroupElement& y_in, const wire::SessionEvaluation& said) {
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y_out, GroupElement::Decode(said.point()));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::Proof proof, pseudonym::Proof::Decode(said.proof()));
  return SessionStep{y_in, y_out, proof};
}

}  // namespace

// Y' as T1 made it, proven.
absl::StatusOr<GroupElement> Transcryptor::FirstPoint(const wire::SessionEvaluation& first,
                                                      BytesView context) {
  SLUIS_ASSIGN_OR_RETURN(const GroupElement k_c, Accept(first.commitment(), Hop::kFirst, context));
  SLUIS_ASSIGN_OR_RETURN(const SessionStep step, StepOf(set_.ceremony().y, first));
  SLUIS_RETURN_IF_ERROR(pseudonym::VerifySessionStep(step, k_c));
  return step.y_out;
}

// One head per session id: neither another end nor a second life.
absl::Status Transcryptor::KeepSession(const AdmittedSession& admitted,
                                       const std::optional<GroupElement>& y) {
  const Bytes& context = admitted.context.bytes();
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::SessionRecord> record,
                         around_.state.FindSession(context));
  if (record && record->head != admitted.session.digest()) {
    return Refuse("E_SESSION", "this session id was used already; draw another");
  }
  if (!record) {
    SLUIS_ASSIGN_OR_RETURN(PartyId party, admitted.context.party().ToPartyId());
    record = storage::SessionRecord{context, std::move(party), admitted.session.digest(),
                                    std::nullopt, TimeOf(admitted.session.head().end)};
  }
  if (y && !record->key) record->key = y->raw();
  return around_.state.PutSession(*record);
}

absl::StatusOr<wire::OpenSessionResponse> Transcryptor::Evaluate(const AdmittedSession& admitted,
                                                                 const GroupElement& y_in,
                                                                 const DirectoryTrust& trust,
                                                                 absl::Time now) {
  const pseudonym::Context& context = admitted.context;
  const identity::UnitEntry* unit = trust.Find(context.party());
  SLUIS_ASSIGN_OR_RETURN(const PartyId party, context.party().ToPartyId());
  if (unit == nullptr) return Refuse("E_SIGNATURE", "no key is trusted for this party");
  const SessionStep step = pseudonym::MakeSessionStep(secrets_.keys, context, y_in);
  {
    MutexLock lock(recording_);
    SLUIS_RETURN_IF_ERROR(
        KeepSession(admitted, is_second() ? std::optional(step.y_out) : std::nullopt));
  }
  wire::OpenSessionResponse response;
  const GroupElement k_c = MultiplyBase(secrets_.keys.RekeyFactor(context));
  ToWire(Commit(context.bytes(), k_c), response.mutable_evaluation()->mutable_commitment());
  response.mutable_evaluation()->set_point(Bytes(step.y_out.bytes()));
  response.mutable_evaluation()->set_proof(step.proof.Encode());
  SLUIS_ASSIGN_OR_RETURN(
      *response.mutable_sealed_share(),
      pseudonym::SealShare(pseudonym::MakeShare(secrets_.keys, context), own(), secrets_.signing,
                           {party, unit->sealing}, admitted.session.head().nonce, now));
  return response;
}

absl::StatusOr<wire::OpenSessionResponse> Transcryptor::DoOpenSession(
    const wire::OpenSessionRequest& request) {
  SLUIS_RETURN_IF_ERROR(CheckFirst(request.has_first(), is_second()));
  const absl::Time now = around_.clock.Now();
  const DirectoryTrust trust(around_.directory());
  SLUIS_ASSIGN_OR_RETURN(const AdmittedSession admitted,
                         pseudonym::AdmitSession(SignedBytes(request.head(), request.signature()),
                                                 trust, nonces_, now));
  const pseudonym::SessionHead& head = admitted.session.head();
  if (admitted.session.revokes()) {
    return Refuse("E_LIFETIME", "a session that ends at once is a revocation");
  }
  if (admitted.answered) {
    SLUIS_ASSIGN_OR_RETURN(const Bytes kept, nonces_.AnswerOf(head.signer, head.nonce));
    return ParseKept<wire::OpenSessionResponse>(kept);
  }
  SLUIS_RETURN_IF_ERROR(ChargeSession(around_.replay, head.signer, admitted.session.digest(), now));
  GroupElement y_in = set_.ceremony().y;
  if (is_second()) {
    SLUIS_ASSIGN_OR_RETURN(y_in, FirstPoint(request.first(), admitted.context.bytes()));
  }
  SLUIS_ASSIGN_OR_RETURN(const wire::OpenSessionResponse made,
                         Evaluate(admitted, y_in, trust, now));
  SLUIS_ASSIGN_OR_RETURN(const Bytes kept,
                         nonces_.KeepAnswer(head.signer, head.nonce, admitted.session.digest(),
                                            made.SerializeAsString()));
  return ParseKept<wire::OpenSessionResponse>(kept);
}

// The call was admitted when it was opened, so only what T2 made of it is new.
absl::Status Transcryptor::DoRecordSession(const wire::RecordSessionRequest& request) {
  if (is_second()) {
    return Error(ErrorCode::kPrecondition, "WRONG_HOP", "the second transcryptor knows it already");
  }
  SLUIS_ASSIGN_OR_RETURN(
      const pseudonym::SignedSession session,
      pseudonym::SignedSession::Decode(SignedBytes(request.head(), request.signature())));
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::Context context,
                         pseudonym::Context::Decode(session.head().context));
  MutexLock lock(recording_);
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::SessionRecord> record,
                         around_.state.FindSession(context.bytes()));
  if (!record || record->head != session.digest()) {
    return Refuse("E_SESSION", "no such session was opened here");
  }
  const SessionStep own_step =
      pseudonym::MakeSessionStep(secrets_.keys, context, set_.ceremony().y);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement k_c,
                         Accept(request.second().commitment(), Hop::kSecond, context.bytes()));
  SLUIS_ASSIGN_OR_RETURN(const SessionStep step, StepOf(own_step.y_out, request.second()));
  SLUIS_RETURN_IF_ERROR(pseudonym::VerifySessionStep(step, k_c));
  record->key = step.y_out.raw();
  return around_.state.PutSession(*record);
}

absl::Status Transcryptor::DoRevokeSession(const wire::RevokeSessionRequest& request) {
  const absl::Time now = around_.clock.Now();
  const DirectoryTrust trust(around_.directory());
  SLUIS_ASSIGN_OR_RETURN(const AdmittedSession admitted,
                         pseudonym::AdmitSession(SignedBytes(request.head(), request.signature()),
                                                 trust, nonces_, now));
  if (!admitted.session.revokes()) {
    return Refuse("E_LIFETIME", "a revocation ends when it was issued");
  }
  MutexLock lock(recording_);
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::SessionRecord> record,
                         around_.state.FindSession(admitted.context.bytes()));
  if (!record) {  // its opening never came this far, and never will
    SLUIS_ASSIGN_OR_RETURN(PartyId party, admitted.context.party().ToPartyId());
    record = storage::SessionRecord{admitted.context.bytes(), std::move(party),
                                    admitted.session.digest(), std::nullopt, now};
  }
  record->end = std::min(record->end, now);
  return around_.state.PutSession(*record);
}

}  // namespace sluis::transcryptor
