#include "lib/pseudonym/structures.h"

#include <algorithm>
#include <cstring>

#include "lib/base/status_macros.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

absl::Status CheckSize(BytesView bytes, std::size_t size) {
  if (bytes.size() == size) return absl::OkStatus();
  return Refuse("E_LENGTH", "a structure of fixed size has another size");
}

absl::Status RefuseGenerator(const GroupElement& element) {
  if (element != GroupElement::Generator()) return absl::OkStatus();
  return Refuse("E_FACTOR_TRIVIAL", "a factor of one changes nothing");
}

SecretBytes Part(const SecretBytes& bytes, std::size_t from, std::size_t size) {
  return SecretBytes::CopyOf(bytes.Reveal(SecretAccess::ForCrypto()).substr(from, size));
}

}  // namespace

absl::StatusOr<RerandomizeMaterial> RerandomizeMaterial::Decode(BytesView bytes) {
  SLUIS_RETURN_IF_ERROR(CheckSize(bytes, kMaterialSize));
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement r, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement yr, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof, ReadProof(reader));
  return RerandomizeMaterial{r, yr, proof};
}

Bytes RerandomizeMaterial::Encode() const {
  return ByteWriter().Raw(r.bytes()).Raw(yr.bytes()).Raw(proof.Encode()).bytes();
}

absl::StatusOr<PseudonymBatchHeader> PseudonymBatchHeader::Decode(BytesView bytes) {
  SLUIS_RETURN_IF_ERROR(CheckSize(bytes, kPseudonymHeaderSize));
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement s, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement k, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement t, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y_to, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof_s, ReadProof(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof_k, ReadProof(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof_t, ReadProof(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof_b, ReadProof(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof_c, ReadProof(reader));
  SLUIS_RETURN_IF_ERROR(RefuseGenerator(s));
  SLUIS_RETURN_IF_ERROR(RefuseGenerator(k));
  return PseudonymBatchHeader{s, k, t, y_to, proof_s, proof_k, proof_t, proof_b, proof_c};
}

Bytes PseudonymBatchHeader::Encode() const {
  ByteWriter writer;
  for (const GroupElement* element : {&s, &k, &t, &y_to}) writer.Raw(element->bytes());
  for (const Proof* proof : {&proof_s, &proof_k, &proof_t, &proof_b, &proof_c}) {
    writer.Raw(proof->Encode());
  }
  return std::move(writer).Take();
}

absl::StatusOr<AttributeBatchHeader> AttributeBatchHeader::Decode(BytesView bytes) {
  SLUIS_RETURN_IF_ERROR(CheckSize(bytes, kAttributeHeaderSize));
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement k, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y_to, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof_k, ReadProof(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof_b, ReadProof(reader));
  SLUIS_RETURN_IF_ERROR(RefuseGenerator(k));
  return AttributeBatchHeader{k, y_to, proof_k, proof_b};
}

Bytes AttributeBatchHeader::Encode() const {
  return ByteWriter()
      .Raw(k.bytes())
      .Raw(y_to.bytes())
      .Raw(proof_k.Encode())
      .Raw(proof_b.Encode())
      .bytes();
}

absl::StatusOr<ShareMaterial> ShareMaterial::Decode(const SecretBytes& bytes) {
  const BytesView view = bytes.Reveal(SecretAccess::ForCrypto());
  SLUIS_RETURN_IF_ERROR(CheckSize(view, kShareMaterialSize));
  SLUIS_ASSIGN_OR_RETURN(SecretScalar u, SecretScalar::Decode(Part(bytes, 0, kScalarSize)));
  ByteReader reader(view.substr(kScalarSize));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement big_u, ReadElement(reader));
  SLUIS_ASSIGN_OR_RETURN(const Proof proof, ReadProof(reader));
  return ShareMaterial{std::move(u), big_u, proof};
}

SecretBytes ShareMaterial::Encode() const {
  SecretBytes bytes(kShareMaterialSize);
  const Bytes proof_bytes = proof.Encode();
  auto out = bytes.RevealForWriting(SecretAccess::ForCrypto()).begin();
  for (BytesView part :
       {u.Reveal(SecretAccess::ForCrypto()), big_u.bytes(), BytesView(proof_bytes)}) {
    out = std::copy(part.begin(), part.end(), out);
  }
  return bytes;
}

absl::StatusOr<std::vector<SecretScalar>> DecodePlainShares(const SecretBytes& bytes) {
  if (bytes.size() != kScalarSize && bytes.size() != 2 * kScalarSize) {
    return Refuse("E_LENGTH", "session key shares are one or two scalars");
  }
  std::vector<SecretScalar> shares;
  for (std::size_t at = 0; at < bytes.size(); at += kScalarSize) {
    SLUIS_ASSIGN_OR_RETURN(SecretScalar share, SecretScalar::Decode(Part(bytes, at, kScalarSize)));
    shares.push_back(std::move(share));
  }
  return shares;
}

bool IsPermutation(std::span<const std::uint32_t> order) {
  std::vector<bool> seen(order.size(), false);
  for (const std::uint32_t index : order) {
    if (index >= order.size() || seen[index]) return false;
    seen[index] = true;
  }
  return true;
}

absl::StatusOr<ProofBlock> ProofBlock::Decode(BytesView bytes) {
  constexpr std::size_t kItem = 4 + kMaterialSize;
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw_header, reader.Raw(kPseudonymHeaderSize));
  SLUIS_ASSIGN_OR_RETURN(const std::size_t count, ReadCount(reader, kItem));
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw_items, reader.Raw(count * kItem));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  SLUIS_ASSIGN_OR_RETURN(const PseudonymBatchHeader header,
                         PseudonymBatchHeader::Decode(raw_header));
  ProofBlock block{header, {}, {}};
  ByteReader items(raw_items);
  for (std::size_t j = 0; j < count; ++j) {
    SLUIS_ASSIGN_OR_RETURN(const std::uint32_t index, items.U32());
    SLUIS_ASSIGN_OR_RETURN(const BytesView raw, items.Raw(kMaterialSize));
    SLUIS_ASSIGN_OR_RETURN(const RerandomizeMaterial material, RerandomizeMaterial::Decode(raw));
    block.permutation.push_back(index);
    block.materials.push_back(material);
  }
  if (!IsPermutation(block.permutation)) return Refuse("E_PROOF", "not a permutation of the items");
  return block;
}

Bytes ProofBlock::Encode() const {
  ByteWriter writer;
  writer.Raw(header.Encode()).U32(static_cast<std::uint32_t>(materials.size()));
  for (std::size_t j = 0; j < materials.size(); ++j) {
    writer.U32(permutation[j]).Raw(materials[j].Encode());
  }
  return std::move(writer).Take();
}

void ProofBlock::WipeOrder() {
  ::explicit_bzero(permutation.data(), permutation.size() * sizeof permutation[0]);
}

}  // namespace sluis::pseudonym
