#include "lib/pseudonym/internal/knowledge.h"

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kKnowledgePrefix = "sluis/pok/v1\0"sv;
constexpr BytesView kDst = "HashToScalar-SluisV1-ristretto255-SHA512";

Scalar Challenge(const KnowledgeClaim& claim, const Point& a) {
  const Bytes input = ByteWriter()
                          .Lp2(claim.context)
                          .U32(claim.index)
                          .Lp2(claim.ciphertext.b.bytes())
                          .Lp2(claim.ciphertext.c.bytes())
                          .Lp2(AsView(claim.payload))
                          .Lp2(a.bytes())
                          .Raw("PoK")
                          .bytes();
  return HashToScalarWithDst({input}, kDst);
}

}  // namespace

Bytes KnowledgeContext(BytesView head) { return ToBytes(Sha512({kKnowledgePrefix, head})); }

Proof ProveKnowledge(Nonces& nonces, const SecretScalar& blind, const KnowledgeClaim& claim) {
  const SecretScalar w = nonces.Next();
  const Scalar c = Challenge(claim, Point::BaseTimes(w));
  return {c, w.MinusProduct(c, blind)};
}

absl::Status VerifyKnowledge(const Proof& proof, const KnowledgeClaim& claim) {
  const Point a = Point::BaseTimes(proof.s).Plus(Point(claim.ciphertext.b).Times(proof.c));
  if (Challenge(claim, a) == proof.c) return absl::OkStatus();
  return Refuse("E_POK", "the sender does not show that it made the ciphertext");
}

}  // namespace sluis::pseudonym
