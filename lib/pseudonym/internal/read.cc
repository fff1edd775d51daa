#include "lib/pseudonym/internal/read.h"

#include "lib/base/status_macros.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {

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

}  // namespace sluis::pseudonym
