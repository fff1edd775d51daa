#include "broker/transcryptor/ports.h"

#include "absl/strings/str_format.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::transcryptor {
namespace {

using pseudonym::Refuse;

// Longer than any request may wait.
constexpr absl::Duration kKeepDay = absl::Hours(4 * 24);
// Renewals are one a fortnight; trouble makes more.
constexpr std::int64_t kSessionsADay = 64;

absl::StatusOr<storage::NonceKey> KeyOf(const pseudonym::Party& signer,
                                        const pseudonym::RequestNonce& nonce) {
  // Signed by a unit of the directory, so its names have the form of the directory's.
  SLUIS_ASSIGN_OR_RETURN(PartyId party, signer.ToPartyId());
  return storage::NonceKey{std::move(party), nonce};
}

}  // namespace

const identity::UnitEntry* DirectoryTrust::Find(const pseudonym::Party& party) const {
  const absl::StatusOr<PartyId> id = party.ToPartyId();
  if (!id.ok()) return nullptr;
  const identity::Partner* partner = directory_->FindPartner(id->oin);
  if (partner == nullptr || partner->suspended) return nullptr;
  return partner->FindUnit(id->unit);
}

std::optional<Ed25519PublicKey> DirectoryTrust::SigningKey(const pseudonym::Party& party) const {
  const identity::UnitEntry* unit = Find(party);
  if (unit == nullptr) return std::nullopt;
  return unit->signing;
}

absl::StatusOr<pseudonym::NonceState> NonceBook::Reserve(const pseudonym::NonceUse& use) {
  if (use.issued < unknown_until_) {
    return Error(ErrorCode::kPrecondition, "E_REPLAY_UNKNOWN",
                 "the memory of used requests was lost: sign again, after the time in `signAfter`",
                 {{"signAfter", FormatRfc3339Millis(unknown_until_)}});
  }
  SLUIS_ASSIGN_OR_RETURN(const storage::NonceKey key, KeyOf(use.signer, use.nonce));
  SLUIS_ASSIGN_OR_RETURN(const storage::ReserveOutcome outcome,
                         store_.Reserve({key, use.request_digest, use.keep_until}));
  if (outcome == storage::ReserveOutcome::kReserved) return pseudonym::NonceState::kFresh;
  if (outcome == storage::ReserveOutcome::kOtherBytes) {
    return Refuse("E_REPLAY", "the nonce was used by other bytes");
  }
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::NonceRecord> record, store_.FindNonce(key));
  const bool answered = record && record->response;
  return answered ? pseudonym::NonceState::kAnswered : pseudonym::NonceState::kResumed;
}

absl::StatusOr<Bytes> NonceBook::AnswerOf(const pseudonym::Party& signer,
                                          const pseudonym::RequestNonce& nonce) {
  SLUIS_ASSIGN_OR_RETURN(const storage::NonceKey key, KeyOf(signer, nonce));
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::NonceRecord> record, store_.FindNonce(key));
  if (!record || !record->response) {
    return Error(ErrorCode::kUnavailable, "ANSWER_FORGOTTEN", "the kept answer is gone; try again");
  }
  return *std::move(record->response);
}

absl::StatusOr<Bytes> NonceBook::KeepAnswer(const pseudonym::Party& signer,
                                            const pseudonym::RequestNonce& nonce,
                                            const Digest& request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const storage::NonceKey key, KeyOf(signer, nonce));
  return store_.KeepResponse(key, request, answer);
}

pseudonym::QuotaLimits StoredQuota::LimitsOf(const pseudonym::Party& signer) const {
  pseudonym::QuotaLimits limits;
  const identity::UnitEntry* unit = trust_.Find(signer);
  if (unit == nullptr || !unit->quota) return limits;
  limits.per_case = static_cast<std::uint64_t>(unit->quota->per_case);
  limits.per_signer = static_cast<std::uint64_t>(unit->quota->per_day);
  return limits;
}

absl::Status StoredQuota::Charge(const pseudonym::QuotaUse& use) {
  const pseudonym::QuotaLimits limits = LimitsOf(use.signer);
  std::vector<pseudonym::QuotaLine> lines = QuotaLinesOf(use, limits);
  storage::Charge charge{use.request_digest, use.now + kKeepDay, {}};
  for (pseudonym::QuotaLine& line : lines) {
    charge.lines.push_back({std::move(line.key), static_cast<std::int64_t>(use.items),
                            static_cast<std::int64_t>(line.limit)});
  }
  SLUIS_ASSIGN_OR_RETURN(const bool within, store_.ChargeOnce(charge));
  if (within) return absl::OkStatus();
  return Refuse("E_QUOTA", "the number of items for today is used up");
}

absl::StatusOr<std::optional<pseudonym::LiveSession>> StoredSessions::Find(
    const pseudonym::Context& context) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::SessionRecord> record,
                         store_.FindSession(context.bytes()));
  if (!record || !record->key) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y, GroupElement::Decode(AsView(*record->key)));
  return pseudonym::LiveSession{y, pseudonym::Party::Of(record->party), record->end};
}

absl::StatusOr<std::optional<GroupElement>> StoredCommitments::Find(pseudonym::Hop hop,
                                                                    BytesView id) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<Digest> value,
                         store_.FindCommitment(static_cast<int>(hop), id));
  if (!value) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(const GroupElement element, GroupElement::Decode(AsView(*value)));
  return element;
}

absl::StatusOr<GroupElement> StoredCommitments::KeepFirst(pseudonym::Hop hop, BytesView id,
                                                          const GroupElement& value) {
  SLUIS_ASSIGN_OR_RETURN(const Digest kept,
                         store_.KeepFirstCommitment(static_cast<int>(hop), id, value.raw()));
  return GroupElement::Decode(AsView(kept));
}

absl::Status ChargeSession(storage::ReplayStore& store, const pseudonym::Party& signer,
                           const Digest& request, absl::Time now) {
  const std::string counter =
      absl::StrFormat("session %s/%s %s", signer.oin, signer.unit,
                      absl::FormatTime("%Y-%m-%d", now, absl::UTCTimeZone()));
  SLUIS_ASSIGN_OR_RETURN(
      const bool within,
      store.ChargeOnce({request, now + kKeepDay, {{counter, 1, kSessionsADay}}}));
  if (within) return absl::OkStatus();
  return Refuse("E_QUOTA", "too many sessions were opened today");
}

}  // namespace sluis::transcryptor
