#include "lib/pseudonym/session.h"

#include <algorithm>

#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kSessionPrefix = "sluis/session/v1\0"sv;
constexpr std::uint8_t kSessionVersion = 1;
constexpr std::uint8_t kSessionType = 0x10;

Bytes SessionBytes(BytesView head) {
  return ByteWriter().Raw(kSessionPrefix).Raw(AsView(Sha256(head))).bytes();
}

absl::Status ReadSessionType(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  if (version != kSessionVersion)
    return Refuse("E_VERSION", "a session call of an unknown version");
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t type, reader.U8());
  return type == kSessionType ? absl::OkStatus() : Refuse("E_TYPE", "no session call");
}

absl::Status CheckLife(const SessionHead& head) {
  SLUIS_RETURN_IF_ERROR(CheckLifetime(head.issued, head.expires, /*queued=*/false));
  if (head.end >= head.issued && head.end - head.issued <= kMaxSessionLife) {
    return absl::OkStatus();
  }
  return Refuse("E_LIFETIME", "a session ends at most 30 days after it was asked for");
}

absl::StatusOr<Context> CheckHead(const SessionHead& head) {
  SLUIS_ASSIGN_OR_RETURN(Context context, Context::Decode(head.context));
  if (context.party() != head.signer) {
    return Refuse("E_SENDER", "the session is not the signer's");
  }
  SLUIS_RETURN_IF_ERROR(CheckLife(head));
  return context;
}

// A revocation only restricts, and asking twice is asking once: it may wait for a transcryptor that
// is away, as an order to shred may. Only one from the future is refused; a nonce it needs not.
absl::StatusOr<NonceState> AdmitOnce(const SignedSession& session, NonceCache& nonces,
                                     absl::Time now) {
  const SessionHead& head = session.head();
  if (session.revokes()) {
    if (TimeOf(head.issued) <= now + kClockTolerance) return NonceState::kFresh;
    return Refuse("E_EXPIRED", "the revocation is from the future");
  }
  SLUIS_RETURN_IF_ERROR(CheckTime(head.issued, head.expires, now));
  return nonces.Reserve({head.signer, head.nonce, session.digest(), TimeOf(head.issued),
                         TimeOf(head.expires) + kClockTolerance});
}

// The view of the head inside the wire bytes.
BytesView HeadBytes(const Bytes& wire) {
  return BytesView(wire).substr(4, wire.size() - 4 - kEd25519SignatureSize);
}

}  // namespace

absl::StatusOr<SessionHead> SessionHead::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_RETURN_IF_ERROR(ReadSessionType(reader));
  SessionHead head{};
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.signer.oin));
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.signer.unit));
  SLUIS_ASSIGN_OR_RETURN(head.key_id, ReadArray<32>(reader));
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.context));
  SLUIS_ASSIGN_OR_RETURN(head.nonce, ReadArray<16>(reader));
  SLUIS_ASSIGN_OR_RETURN(head.issued, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(head.expires, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(head.end, reader.U64());
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  return head;
}

Bytes SessionHead::Encode() const {
  return ByteWriter()
      .U8(kSessionVersion)
      .U8(kSessionType)
      .Lp2(signer.oin)
      .Lp2(signer.unit)
      .Raw(AsView(key_id))
      .Lp2(context)
      .Raw(AsView(nonce))
      .U64(issued)
      .U64(expires)
      .U64(end)
      .bytes();
}

absl::StatusOr<SignedSession> SignedSession::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t size, reader.U32());
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(size));
  SLUIS_RETURN_IF_ERROR(reader.Raw(kEd25519SignatureSize).status());
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  SLUIS_ASSIGN_OR_RETURN(SessionHead head, SessionHead::Decode(raw));
  return SignedSession(std::move(head), Bytes(bytes));
}

Digest SignedSession::digest() const { return Sha256(bytes_); }

absl::Status SignedSession::VerifySignature(const Ed25519PublicKey& key) const {
  if (head_.key_id != key.KeyId()) {
    return Refuse("E_SIGNATURE", "the session call names another key than its signer's");
  }
  const BytesView signature = BytesView(bytes_).substr(bytes_.size() - kEd25519SignatureSize);
  return Classified(key.Verify(SessionBytes(HeadBytes(bytes_)), signature));
}

absl::StatusOr<SignedSession> SignSession(const Context& context, absl::Time issued,
                                          absl::Time expires, absl::Time end,
                                          const Ed25519PrivateKey& key) {
  RandomNonces nonces;
  return SignSession(nonces, context, issued, expires, end, key);
}

absl::StatusOr<SignedSession> SignSession(Nonces& nonces, const Context& context, absl::Time issued,
                                          absl::Time expires, absl::Time end,
                                          const Ed25519PrivateKey& key) {
  const SessionHead head{context.party(), key.public_key().KeyId(), context.bytes(),
                         nonces.Nonce(),  SecondsOf(issued),        SecondsOf(expires),
                         SecondsOf(end)};
  SLUIS_RETURN_IF_ERROR(CheckHead(head).status());
  const Bytes bytes = head.Encode();
  return SignedSession::Decode(ByteWriter()
                                   .U32(static_cast<std::uint32_t>(bytes.size()))
                                   .Raw(bytes)
                                   .Raw(key.Sign(SessionBytes(bytes)))
                                   .bytes());
}

absl::StatusOr<AdmittedSession> AdmitSession(BytesView signed_session, const TrustList& trust,
                                             NonceCache& nonces, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(SignedSession session, SignedSession::Decode(signed_session));
  const SessionHead& head = session.head();
  const auto key = trust.SigningKey(head.signer);
  if (!key) return Refuse("E_SIGNATURE", "no key is trusted for this signer");
  SLUIS_RETURN_IF_ERROR(session.VerifySignature(*key));
  SLUIS_ASSIGN_OR_RETURN(Context context, CheckHead(head));
  SLUIS_ASSIGN_OR_RETURN(const NonceState nonce, AdmitOnce(session, nonces, now));
  return AdmittedSession{std::move(session), std::move(context), nonce == NonceState::kAnswered};
}

ShareMaterial MakeShare(const TranscryptorKeys& keys, const Context& context) {
  RandomNonces nonces;
  return MakeShare(nonces, keys.x(), keys.RekeyFactor(context));
}

ShareMaterial MakeShare(Nonces& nonces, const SecretScalar& x, const SecretScalar& k_c) {
  SecretScalar u = x.Times(k_c);
  const GroupElement big_u = MultiplyBase(u);
  const Statement statement[] = {{MultiplyBase(k_c), big_u}};
  const Proof proof = ProveDleq(nonces, x, MultiplyBase(x), statement);
  return {std::move(u), big_u, proof};
}

SessionStep MakeSessionStep(const TranscryptorKeys& keys, const Context& context,
                            const GroupElement& y_in) {
  RandomNonces nonces;
  return MakeSessionStep(nonces, keys.RekeyFactor(context), y_in);
}

SessionStep MakeSessionStep(Nonces& nonces, const SecretScalar& k_c, const GroupElement& y_in) {
  const GroupElement y_out = Multiply(k_c, y_in);
  const Statement statement[] = {{y_in, y_out}};
  return {y_in, y_out, ProveDleq(nonces, k_c, MultiplyBase(k_c), statement)};
}

absl::Status VerifySessionStep(const SessionStep& step, const GroupElement& k_c) {
  const Statement statement[] = {{step.y_in, step.y_out}};
  return VerifyDleq(step.proof, k_c, statement);
}

absl::Status VerifyShare(const ShareMaterial& share, const GroupElement& x_i,
                         const GroupElement& k_c) {
  if (MultiplyBase(share.u) != share.big_u) {
    return Refuse("E_PROOF", "a session share is not what its proof is about");
  }
  const Statement statement[] = {{k_c, share.big_u}};
  return VerifyDleq(share.proof, x_i, statement);
}

absl::StatusOr<SessionKey> OpenSession(const ShareMaterial& share1, const ShareMaterial& share2,
                                       const SessionAnswer& answer, const CeremonyRecord& pinned) {
  SLUIS_RETURN_IF_ERROR(VerifyShare(share1, pinned.x1, answer.k1));
  SLUIS_RETURN_IF_ERROR(VerifyShare(share2, pinned.x2, answer.k2));
  if (answer.first.y_in != pinned.y || answer.second.y_in != answer.first.y_out) {
    return Refuse("E_PROOF", "the session does not start from the pinned key");
  }
  SLUIS_RETURN_IF_ERROR(VerifySessionStep(answer.first, answer.k1));
  SLUIS_RETURN_IF_ERROR(VerifySessionStep(answer.second, answer.k2));
  SecretScalar sk = share1.u.Times(share2.u);
  if (MultiplyBase(sk) != answer.second.y_out) {
    return Refuse("E_PROOF", "the shares do not make the key of the session");
  }
  return SessionKey{std::move(sk), answer.second.y_out};
}

}  // namespace sluis::pseudonym
