#include "lib/pseudonym/internal/read.h"

#include "lib/base/status_macros.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {

absl::Status ReadText(ByteReader& reader, Bytes& out) {
  SLUIS_ASSIGN_OR_RETURN(out, reader.Lp2());
  return absl::OkStatus();
}

absl::StatusOr<GroupElement> ReadElement(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(kElementSize));
  return GroupElement::Decode(raw);
}

absl::StatusOr<Proof> ReadProof(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(kProofSize));
  return Proof::Decode(raw);
}

absl::StatusOr<std::size_t> ReadCount(ByteReader& reader, std::size_t size) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t count, reader.U32());
  if (count == 0) return Refuse("E_EMPTY_BATCH", "a batch holds at least one item");
  if (count > reader.remaining() / size) {
    return Refuse("E_TRUNCATED", "the bytes end before the last item");
  }
  if (count > kMaxBatch) return Refuse("E_BATCH_SIZE", "a batch holds at most 4096 items");
  return count;
}

absl::Time TimeOf(std::uint64_t seconds) {
  constexpr std::uint64_t last = 253402300799;  // year 9999
  return absl::FromUnixSeconds(static_cast<std::int64_t>(std::min(seconds, last)));
}

std::uint64_t SecondsOf(absl::Time time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(absl::ToUnixSeconds(time), 0));
}

}  // namespace sluis::pseudonym
