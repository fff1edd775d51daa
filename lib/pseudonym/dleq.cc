#include "lib/pseudonym/dleq.h"

#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

Bytes Lp2(BytesView bytes) { return ByteWriter().Lp2(bytes).bytes(); }

// Sum of d_j*C_j, and of d_j*D_j where the secret is not at hand (RFC 9497 ComputeComposites).
struct Composites {
  Point m;
  Point z;
};

Composites Compose(const GroupElement& b, std::span<const Statement> statements, BytesView context,
                   bool with_z) {
  const auto seed = Sha512({Lp2(b.bytes()), Lp2("Seed-" + Bytes(context))});
  const Bytes seed_part = Lp2(AsView(seed));
  Composites sum;
  for (std::size_t j = 0; j < statements.size(); ++j) {
    const Bytes input = ByteWriter()
                            .Raw(seed_part)
                            .U16(static_cast<std::uint16_t>(j))
                            .Lp2(statements[j].c.bytes())
                            .Lp2(statements[j].d.bytes())
                            .Raw("Composite")
                            .bytes();
    const Scalar weight = HashToScalar({input}, context);
    sum.m = sum.m.Plus(Point(statements[j].c).Times(weight));
    if (with_z) sum.z = sum.z.Plus(Point(statements[j].d).Times(weight));
  }
  return sum;
}

Scalar Challenge(const GroupElement& b, const Composites& sum, const Point& t2, const Point& t3,
                 BytesView context) {
  const Bytes input = ByteWriter()
                          .Lp2(b.bytes())
                          .Lp2(sum.m.bytes())
                          .Lp2(sum.z.bytes())
                          .Lp2(t2.bytes())
                          .Lp2(t3.bytes())
                          .Raw("Challenge")
                          .bytes();
  return HashToScalar({input}, context);
}

}  // namespace

absl::StatusOr<Proof> Proof::Decode(BytesView bytes) {
  if (bytes.size() != kProofSize) return Refuse("E_LENGTH", "a proof has 64 bytes");
  SLUIS_ASSIGN_OR_RETURN(const Scalar c, Scalar::Decode(bytes.substr(0, kScalarSize)));
  SLUIS_ASSIGN_OR_RETURN(const Scalar s, Scalar::Decode(bytes.substr(kScalarSize)));
  return Proof{c, s};
}

Bytes Proof::Encode() const { return Bytes(c.bytes()).append(s.bytes()); }

Proof ProveDleq(const SecretScalar& secret, const GroupElement& b,
                std::span<const Statement> statements) {
  RandomNonces nonces;
  return ProveDleq(nonces, secret, b, statements);
}

Proof ProveDleq(Nonces& nonces, const SecretScalar& secret, const GroupElement& b,
                std::span<const Statement> statements, BytesView context) {
  Composites sum = Compose(b, statements, context, /*with_z=*/false);
  sum.z = sum.m.Times(secret);
  const SecretScalar r = nonces.Next();
  const Scalar c = Challenge(b, sum, Point::BaseTimes(r), sum.m.Times(r), context);
  return {c, r.MinusProduct(c, secret)};
}

absl::Status VerifyDleq(const Proof& proof, const GroupElement& b,
                        std::span<const Statement> statements, BytesView context) {
  if (statements.empty() || statements.size() > kMaxStatements) {
    return Refuse("E_PROOF", "a proof is about 1 to 4096 elements");
  }
  const Composites sum = Compose(b, statements, context, /*with_z=*/true);
  const Point t2 = Point::BaseTimes(proof.s).Plus(Point(b).Times(proof.c));
  const Point t3 = sum.m.Times(proof.s).Plus(sum.z.Times(proof.c));
  if (Challenge(b, sum, t2, t3, context) == proof.c) return absl::OkStatus();
  return Refuse("E_PROOF", "the proof does not show what it should");
}

}  // namespace sluis::pseudonym
