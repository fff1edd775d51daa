// The partner directory as this edge believes it: signed by both pinned officers, never older than
// one it saw before, kept on disk (`directory.note`). The broker only hands it on.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "clients/lib/party_folder.h"
#include "lib/identity/directory.h"

namespace sluis::edge {

using DirectoryPtr = std::shared_ptr<const identity::Directory>;

// Safe between processes; one thread at a time.
class DirectoryCache {
 public:
  explicit DirectoryCache(const PartyFolder& party) : party_(party) {}

  // The one on disk. NOT_FOUND / DIRECTORY_MISSING before the first was taken.
  absl::StatusOr<DirectoryPtr> Kept() const;
  // Takes a note: DIRECTORY_NOT_SIGNED, DIRECTORY_ROLLBACK, DIRECTORY_CONFLICT (directory.h), and
  // FIELD_INVALID for test OINs outside a demonstration or others in one.
  absl::StatusOr<DirectoryPtr> Take(BytesView note) const;

 private:
  absl::StatusOr<DirectoryPtr> Parse(BytesView note) const;
  const PartyFolder& party_;
};

// The desk in the directory. FAILED_PRECONDITION / PARTY_UNKNOWN if it is not there or its partner
// is suspended.
absl::StatusOr<identity::UnitEntry> DeskOf(const identity::Directory& directory,
                                           const PartyId& party);
// Our own desk, if the directory lists exactly our keys: KEY_NOT_LISTED otherwise, since nobody
// could verify or open anything.
absl::Status CheckOwnKeys(const identity::Directory& directory, const PartyFolder& party);

}  // namespace sluis::edge
