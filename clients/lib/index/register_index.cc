#include "clients/lib/index/register_index.h"

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::edge {
namespace {

absl::Status NotUsable(std::string_view reason, std::string_view why,
                       const std::string& register_id) {
  return Error(
      ErrorCode::kPrecondition, reason,
      absl::StrFormat("the index of register %s %s; enrol it: sluis index enrol", register_id, why),
      {{"register", register_id}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<RegisterIndex>> RegisterIndex::Open(const PartyFolder& party,
                                                                   const std::string& register_id,
                                                                   std::int64_t epoch) {
  SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party.pseudonyms());
  SLUIS_ASSIGN_OR_RETURN(std::optional<IndexFolder> folder,
                         IndexFolder::OpenIfThere(party, register_id));
  if (!folder) return NotUsable("INDEX_MISSING", "was never made", register_id);
  SLUIS_ASSIGN_OR_RETURN(const auto manifest, folder->Manifest());
  SLUIS_ASSIGN_OR_RETURN(const auto building, folder->Building());
  if (!manifest || manifest->epoch() != epoch) {
    if (building && building->epoch() == epoch) {
      return NotUsable("INDEX_INCOMPLETE", "was begun and not finished", register_id);
    }
    if (!manifest) return NotUsable("INDEX_MISSING", "was never made", register_id);
    return NotUsable("INDEX_OF_ANOTHER_EPOCH", "is of another epoch than the partner directory",
                     register_id);
  }
  if (manifest->key_set() != ToBytes(trust->key_set.digest())) {
    return NotUsable("INDEX_OF_ANOTHER_EPOCH", "was made under another key set", register_id);
  }
  auto index = std::unique_ptr<RegisterIndex>(new RegisterIndex(*std::move(folder), *manifest));
  SLUIS_ASSIGN_OR_RETURN(index->records_, index->folder_.OpenIndex(index->manifest_));
  return index;
}

absl::StatusOr<std::optional<Subject>> RegisterIndex::Find(
    const pseudonym::IndexPseudonym& pseudonym) const {
  const SecretBytes key = pseudonym::IndexKey(pseudonym);
  return records_->Find(key.Reveal(SecretAccess::ForStorage()));
}

}  // namespace sluis::edge
