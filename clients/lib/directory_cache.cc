#include "clients/lib/directory_cache.h"

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {

absl::StatusOr<DirectoryPtr> DirectoryCache::Parse(BytesView note) const {
  SLUIS_ASSIGN_OR_RETURN(DirectoryPtr directory,
                         identity::Directory::Parse(note, party_.officers()));
  SLUIS_RETURN_IF_ERROR(directory->CheckOins(party_.demonstration()));
  return directory;
}

absl::StatusOr<DirectoryPtr> DirectoryCache::Kept() const {
  const auto note = ReadFile(party_.directory_note());
  if (note.ok()) return Parse(*note);
  if (!absl::IsNotFound(note.status())) return note.status();
  return Error(ErrorCode::kNotFound, "DIRECTORY_MISSING",
               "this edge has no partner directory yet; refresh it");
}

absl::StatusOr<DirectoryPtr> DirectoryCache::Take(BytesView note) const {
  SLUIS_ASSIGN_OR_RETURN(DirectoryPtr candidate, Parse(note));
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(party_.root() / ".directory.lock"));
  const absl::StatusOr<DirectoryPtr> kept = Kept();
  // A kept note that does not verify must not be forgotten in favour of what the broker sends.
  if (!kept.ok() && !absl::IsNotFound(kept.status())) return kept.status();
  const identity::Directory* current = kept.ok() ? kept->get() : nullptr;
  SLUIS_RETURN_IF_ERROR(identity::CheckNewer(current, *candidate));
  if (current != nullptr && current->digest() == candidate->digest()) return candidate;
  SLUIS_RETURN_IF_ERROR(WriteFileAtomic(party_.directory_note(), candidate->note()));
  return candidate;
}

absl::StatusOr<identity::UnitEntry> DeskOf(const identity::Directory& directory,
                                           const PartyId& party) {
  const identity::Partner* partner = directory.FindPartner(party.oin);
  const identity::UnitEntry* unit = directory.FindParty(party);
  if (partner != nullptr && unit != nullptr && !partner->suspended) return *unit;
  return Error(
      ErrorCode::kPrecondition, "PARTY_UNKNOWN",
      absl::StrFormat("%s does not take part; look in the partner directory", party.ToString()),
      {{"party", party.ToString()}});
}

absl::Status CheckOwnKeys(const identity::Directory& directory, const PartyFolder& party) {
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry own, DeskOf(directory, party.party()));
  if (own.signing == party.signing().public_key() && own.sealing == party.sealing().public_key()) {
    return absl::OkStatus();
  }
  return Error(ErrorCode::kPrecondition, "KEY_NOT_LISTED",
               "the directory lists other keys for this party than those of its folder; use the "
               "right folder, or have the directory officers list the new keys");
}

}  // namespace sluis::edge
