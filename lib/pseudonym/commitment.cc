#include "lib/pseudonym/commitment.h"

#include "lib/base/status_macros.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kCommitmentPrefix = "sluis/commitment/v1\0"sv;

Bytes SignedBytes(Hop hop, BytesView id, const GroupElement& value) {
  return ByteWriter()
      .Raw(kCommitmentPrefix)
      .U8(static_cast<std::uint8_t>(hop))
      .Lp2(id)
      .Raw(value.bytes())
      .bytes();
}

absl::Status RefuseGenerator(const GroupElement& value) {
  if (value != GroupElement::Generator()) return absl::OkStatus();
  return Refuse("E_FACTOR_TRIVIAL", "a commitment to the factor one");
}

absl::StatusOr<GroupElement> FindOr(Hop hop, BytesView id, CommitmentStore& store) {
  SLUIS_ASSIGN_OR_RETURN(const auto value, store.Find(hop, id));
  if (!value) return Refuse("E_PROOF", "no commitment was published for this factor");
  return *value;
}

}  // namespace

absl::StatusOr<Commitment> Commitment::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t hop, reader.U8());
  if (hop != 1 && hop != 2) return Refuse("E_TYPE", "a commitment of an unknown transcryptor");
  SLUIS_ASSIGN_OR_RETURN(const BytesView id, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(kElementSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView signature, reader.Raw(kEd25519SignatureSize));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  SLUIS_ASSIGN_OR_RETURN(const GroupElement value, GroupElement::Decode(raw));
  SLUIS_RETURN_IF_ERROR(RefuseGenerator(value));
  return Commitment{static_cast<Hop>(hop), Bytes(id), value, Bytes(signature)};
}

Bytes Commitment::Encode() const {
  return ByteWriter()
      .U8(static_cast<std::uint8_t>(hop))
      .Lp2(id)
      .Raw(value.bytes())
      .Raw(signature)
      .bytes();
}

Commitment SignCommitment(Hop hop, BytesView id, const GroupElement& value,
                          const Ed25519PrivateKey& key) {
  return {hop, Bytes(id), value, key.Sign(SignedBytes(hop, id, value))};
}

absl::Status VerifyCommitment(const Commitment& commitment, const Ed25519PublicKey& transcryptor) {
  SLUIS_RETURN_IF_ERROR(RefuseGenerator(commitment.value));
  return Classified(transcryptor.Verify(
      SignedBytes(commitment.hop, commitment.id, commitment.value), commitment.signature));
}

absl::Status AcceptCommitment(const Commitment& commitment, const Ed25519PublicKey& transcryptor,
                              CommitmentStore& store) {
  SLUIS_RETURN_IF_ERROR(VerifyCommitment(commitment, transcryptor));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement kept,
                         store.KeepFirst(commitment.hop, commitment.id, commitment.value));
  if (kept == commitment.value) return absl::OkStatus();
  return Refuse("E_PROOF", "the transcryptor committed to another factor before");
}

absl::StatusOr<HopCommitments> CommitmentsOf(Hop hop, const Route& route, CommitmentStore& store) {
  SLUIS_ASSIGN_OR_RETURN(const GroupElement s_from, FindOr(hop, route.d_from.bytes(), store));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement s_to, FindOr(hop, route.d_to.bytes(), store));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement k_from, FindOr(hop, route.c_from.bytes(), store));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement k_to, FindOr(hop, route.c_to.bytes(), store));
  return HopCommitments{s_from, s_to, k_from, k_to};
}

}  // namespace sluis::pseudonym
