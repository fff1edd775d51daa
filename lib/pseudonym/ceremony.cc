#include "lib/pseudonym/ceremony.h"

#include "lib/base/status_macros.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

constexpr std::size_t kSize = 3 * kElementSize + 2 * kProofSize;

}  // namespace

absl::StatusOr<CeremonyRecord> CeremonyRecord::Decode(BytesView bytes) {
  if (bytes.size() != kSize) return Refuse("E_LENGTH", "a ceremony record has 224 bytes");
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement x1, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement x2, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof1, ReadProof(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof2, ReadProof(reader));
  return CeremonyRecord{x1, x2, y, proof1, proof2};
}

Bytes CeremonyRecord::Encode() const {
  return ByteWriter()
      .Raw(x1.bytes())
      .Raw(x2.bytes())
      .Raw(y.bytes())
      .Raw(proof1.Encode())
      .Raw(proof2.Encode())
      .bytes();
}

GroupElement CombineKeys(const TranscryptorKeys& second, const GroupElement& x1) {
  return Multiply(second.x(), x1);
}

Proof ProveCeremony(const TranscryptorKeys& keys, const GroupElement& other,
                    const GroupElement& y) {
  RandomNonces nonces;
  return ProveCeremony(nonces, keys.x(), other, y);
}

Proof ProveCeremony(Nonces& nonces, const SecretScalar& x, const GroupElement& other,
                    const GroupElement& y) {
  const Statement statement[] = {{other, y}};
  return ProveDleq(nonces, x, MultiplyBase(x), statement);
}

absl::Status VerifyCeremony(const CeremonyRecord& record) {
  const GroupElement& generator = GroupElement::Generator();
  if (record.x1 == generator || record.x2 == generator || record.x1 == record.x2) {
    return Refuse("E_FACTOR_TRIVIAL", "the two keys are one, or no key");
  }
  const Statement of_first[] = {{record.x2, record.y}};
  const Statement of_second[] = {{record.x1, record.y}};
  SLUIS_RETURN_IF_ERROR(VerifyDleq(record.proof1, record.x1, of_first));
  return VerifyDleq(record.proof2, record.x2, of_second);
}

}  // namespace sluis::pseudonym
