#include "clients/lib/commitment_book.h"

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::edge {

std::filesystem::path CommitmentBook::FileOf(pseudonym::Hop hop, BytesView id) const {
  return folder_ / absl::StrFormat("%d-%s", static_cast<int>(hop), HexEncode(AsView(Sha256(id))));
}

absl::StatusOr<std::optional<GroupElement>> CommitmentBook::Find(pseudonym::Hop hop, BytesView id) {
  const std::filesystem::path file = FileOf(hop, id);
  const absl::StatusOr<Bytes> bytes = ReadFile(file, kElementSize);
  if (absl::IsNotFound(bytes.status())) return std::nullopt;
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<GroupElement> value = GroupElement::Decode(*bytes);
  if (value.ok()) return *value;
  return Error(ErrorCode::kDataLoss, "STORE_DAMAGED",
               absl::StrFormat("%s is not what was stored; put it back from a backup, or call your "
                               "administrator",
                               file.string()),
               {{"file", file.string()}});
}

absl::StatusOr<GroupElement> CommitmentBook::KeepFirst(pseudonym::Hop hop, BytesView id,
                                                       const GroupElement& value) {
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(folder_ / ".lock"));
  SLUIS_ASSIGN_OR_RETURN(const std::optional<GroupElement> kept, Find(hop, id));
  if (kept) return *kept;
  SLUIS_RETURN_IF_ERROR(WriteFileAtomic(FileOf(hop, id), value.bytes()));
  return value;
}

}  // namespace sluis::edge
