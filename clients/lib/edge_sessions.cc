// Sessions: opening, renewing and revoking (pseudonyms.md §5).
#include <array>

#include "absl/strings/str_format.h"
#include "clients/lib/edge_calls.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/sealed_parts.h"
#include "lib/pseudonym/session.h"

namespace sluis::edge {
namespace {

using pseudonym::Hop;

constexpr absl::Duration kCallLife = absl::Minutes(5);
constexpr absl::Duration kSessionLife = absl::Seconds(pseudonym::kMaxSessionLife);
// Whether a renewal is due is looked at this often.
constexpr absl::Duration kRenewalCheck = absl::Hours(1);
constexpr int kOpenAttempts = 2;

// The two parts that the contract carries apart.
template <typename Request>
absl::Status Fill(const pseudonym::SignedSession& session, const PartyId& own,
                  const std::string& request_id, Request& request) {
  ByteReader reader(session.bytes());
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t size, reader.U32());
  SLUIS_ASSIGN_OR_RETURN(const BytesView head, reader.Raw(size));
  SLUIS_ASSIGN_OR_RETURN(const BytesView signature, reader.Raw(kEd25519SignatureSize));
  request.set_parent(PartyName(own));
  request.set_head(std::string(head));
  request.set_signature(std::string(signature));
  request.set_request_id(request_id);
  return reader.Finish();
}

absl::Status Blame(const absl::Status& status, Hop hop) {
  if (status.ok()) return status;
  return Error(ErrorCode::kDataLoss, ReasonOf(status),
               absl::StrFormat("what transcryptor %d made of the session does not hold: %s; the "
                               "session was revoked; tell the operator",
                               static_cast<int>(hop), MessageOf(status)),
               {{"transcryptor", absl::StrFormat("%d", static_cast<int>(hop))}});
}

// Both halves of a session against the pinned key set.
class SessionReader {
 public:
  SessionReader(const PartyFolder& own, const PseudonymTrust& trust, CommitmentBook& commitments,
                const pseudonym::SessionHead& head, absl::Time now)
      : own_(own), trust_(trust), commitments_(commitments), head_(head), now_(now) {}

  absl::StatusOr<HeldSession> Read(const wire::Session& session) {
    if (session.context() != head_.context || session.halves_size() != 2) {
      return AnswerMismatch("is about another session");
    }
    SLUIS_ASSIGN_OR_RETURN(auto first,
                           ReadHalf(Hop::kFirst, session.halves(0), trust_.key_set.ceremony().y));
    SLUIS_ASSIGN_OR_RETURN(auto second,
                           ReadHalf(Hop::kSecond, session.halves(1), first.step.y_out));
    auto key = pseudonym::OpenSession(first.share, second.share,
                                      {first.k, second.k, first.step, second.step},
                                      trust_.key_set.ceremony());
    if (!key.ok()) return Blame(key.status(), Hop::kSecond);
    SLUIS_ASSIGN_OR_RETURN(const auto context, pseudonym::Context::Decode(head_.context));
    return HeldSession{context, TimeOf(head_.issued), TimeOf(head_.end), key->y,
                       std::move(key->sk)};
  }

 private:
  struct Half {
    GroupElement k;
    pseudonym::SessionStep step;
    pseudonym::ShareMaterial share;
  };

  static absl::Time TimeOf(std::uint64_t seconds) {
    return absl::FromUnixSeconds(static_cast<std::int64_t>(seconds));
  }

  absl::StatusOr<Half> ReadHalf(Hop hop, const wire::SessionHalf& from, const GroupElement& y_in) {
    absl::StatusOr<Half> half = CheckHalf(hop, from, y_in);
    if (!half.ok()) return Blame(half.status(), hop);
    return half;
  }

  absl::StatusOr<Half> CheckHalf(Hop hop, const wire::SessionHalf& from, const GroupElement& y_in) {
    const pseudonym::TranscryptorIdentity& who = trust_.key_set.half(hop);
    if (from.commitment().subject() != head_.context) {
      return pseudonym::Refuse("E_PROOF", "its commitment is to another session");
    }
    SLUIS_ASSIGN_OR_RETURN(const GroupElement k, GroupElement::Decode(from.commitment().point()));
    SLUIS_RETURN_IF_ERROR(pseudonym::AcceptCommitment(
        {hop, head_.context, k, from.commitment().signature()}, who.signing, commitments_));
    SLUIS_ASSIGN_OR_RETURN(const GroupElement y_out, GroupElement::Decode(from.point()));
    SLUIS_ASSIGN_OR_RETURN(const pseudonym::Proof proof, pseudonym::Proof::Decode(from.proof()));
    const pseudonym::SessionStep step{y_in, y_out, proof};
    SLUIS_RETURN_IF_ERROR(pseudonym::VerifySessionStep(step, k));
    SLUIS_ASSIGN_OR_RETURN(const auto context, pseudonym::Context::Decode(head_.context));
    SLUIS_ASSIGN_OR_RETURN(auto share, pseudonym::OpenShare(from.sealed_share(), context,
                                                            pseudonym::TranscryptorParty(who.oin),
                                                            own_.sealing(), who.signing, now_));
    SLUIS_RETURN_IF_ERROR(pseudonym::VerifyShare(share, who.x, k));
    return Half{k, step, std::move(share)};
  }

  const PartyFolder& own_;
  const PseudonymTrust& trust_;
  CommitmentBook& commitments_;
  const pseudonym::SessionHead& head_;
  const absl::Time now_;
};

}  // namespace

absl::Status Edge::RevokeContext(const pseudonym::Context& context) {
  const auto build =
      [&](const std::string& request_id) -> absl::StatusOr<wire::RevokeSessionRequest> {
    const absl::Time now = clock_.Now();
    SLUIS_ASSIGN_OR_RETURN(const auto order, pseudonym::SignSession(context, now, now + kCallLife,
                                                                    now, party_.signing()));
    wire::RevokeSessionRequest request;
    SLUIS_RETURN_IF_ERROR(Fill(order, party_.party(), request_id, request));
    return request;
  };
  return Act(kRevokeSession, {context.bytes()}, std::function(build)).status();
}

absl::StatusOr<HeldSession> Edge::OpenSessionOnce(const PseudonymTrust& trust) {
  const auto build =
      [&](const std::string& request_id) -> absl::StatusOr<wire::OpenSessionRequest> {
    const absl::Time now = clock_.Now();
    SLUIS_ASSIGN_OR_RETURN(const auto context,
                           pseudonym::Context::Draw(pseudonym::Party::Of(party_.party())));
    SLUIS_ASSIGN_OR_RETURN(const auto session,
                           pseudonym::SignSession(context, now, now + kCallLife, now + kSessionLife,
                                                  party_.signing()));
    wire::OpenSessionRequest request;
    SLUIS_RETURN_IF_ERROR(Fill(session, party_.party(), request_id, request));
    return request;
  };
  SLUIS_ASSIGN_OR_RETURN(const wire::Session answer,
                         Act(kOpenSession, {"session"}, std::function(build)));
  // What an earlier run had stored counts, not what this one would have asked.
  SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseAnswer<wire::OpenSessionRequest>(last_->request()));
  SLUIS_ASSIGN_OR_RETURN(const auto head, pseudonym::SessionHead::Decode(sent.head()));
  absl::StatusOr<HeldSession> session =
      SessionReader(party_, trust, commitments_, head, clock_.Now()).Read(answer);
  if (session.ok()) {
    SLUIS_RETURN_IF_ERROR(sessions_.Write(*session));
    return session;
  }
  SLUIS_ASSIGN_OR_RETURN(const auto context, pseudonym::Context::Decode(head.context));
  // Unsaid if it fails: what went wrong first is what the person must know, and the order waits.
  RevokeContext(context).IgnoreError();
  return session.status();
}

absl::StatusOr<HeldSession> Edge::OpenSession() {
  SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party_.pseudonyms());
  SLUIS_RETURN_IF_ERROR(DirectoryForSealing().status());
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(sessions_.lock_file()));
  return OpenSessionUnderLock(*trust);
}

absl::StatusOr<HeldSession> Edge::OpenSessionUnderLock(const PseudonymTrust& trust) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<HeldSession> session = OpenSessionOnce(trust);
    // A stored call that waited too long is not taken any more; a fresh one is.
    if (ReasonOf(session.status()) != "E_EXPIRED" || attempt == kOpenAttempts) return session;
  }
}

absl::StatusOr<std::vector<HeldSession>> Edge::Sessions() const {
  return sessions_.List(clock_.Now());
}

absl::Status Edge::RevokeSession(const std::string& session_id) {
  SLUIS_ASSIGN_OR_RETURN(const auto context, pseudonym::Context::Create(
                                                 pseudonym::Party::Of(party_.party()), session_id));
  SLUIS_RETURN_IF_ERROR(RevokeContext(context));
  return sessions_.Remove(context);
}

absl::StatusOr<std::vector<HeldSession>> Edge::LiveSessions(std::size_t at_least) {
  SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party_.pseudonyms());
  SLUIS_RETURN_IF_ERROR(DirectoryForSealing().status());
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(sessions_.lock_file()));
  for (;;) {
    const absl::Time now = clock_.Now();
    SLUIS_ASSIGN_OR_RETURN(std::vector<HeldSession> sessions, sessions_.List(now));
    std::erase_if(sessions, [now](const HeldSession& one) { return !one.LiveAt(now); });
    const bool due = sessions.empty() || now >= sessions.front().half_life();
    if (!due && sessions.size() >= at_least) return sessions;
    const absl::Status opened = OpenSessionUnderLock(*trust).status();
    // While the old one lives, a transcryptor that is away stops nothing.
    if (!opened.ok() && sessions.size() >= at_least) return sessions;
    SLUIS_RETURN_IF_ERROR(opened);
  }
}

void Edge::RenewWhenDue() {
  const absl::Time now = clock_.Now();
  if (now - renewal_time_ < kRenewalCheck) return;
  renewal_time_ = now;
  const absl::StatusOr<std::vector<HeldSession>> sessions = sessions_.List(now);
  // The first session is opened by a person, or by sending; an edge without any asks for none.
  if (!sessions.ok() || sessions->empty() || now < sessions->front().half_life()) return;
  LiveSessions(1).status().IgnoreError();
}

}  // namespace sluis::edge
