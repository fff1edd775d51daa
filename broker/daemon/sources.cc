#include "broker/daemon/sources.h"

#include "lib/base/file.h"
#include "lib/base/status_macros.h"

namespace sluis::daemon {

absl::StatusOr<std::unique_ptr<DirectoryFromFile>> DirectoryFromFile::Load(
    std::filesystem::path file, identity::DirectoryOfficers officers, bool demonstration) {
  std::unique_ptr<DirectoryFromFile> source(
      new DirectoryFromFile(std::move(file), std::move(officers), demonstration));
  SLUIS_RETURN_IF_ERROR(source->Reload().status());
  return source;
}

absl::StatusOr<bool> DirectoryFromFile::Reload() {
  SLUIS_ASSIGN_OR_RETURN(const Bytes note, ReadFile(file_));
  SLUIS_ASSIGN_OR_RETURN(std::shared_ptr<const identity::Directory> read,
                         identity::Directory::Parse(note, officers_));
  SLUIS_RETURN_IF_ERROR(read->CheckOins(demonstration_));
  const std::shared_ptr<const identity::Directory> current = directory_.Get();
  SLUIS_RETURN_IF_ERROR(identity::CheckNewer(current.get(), *read));
  const bool changed = current == nullptr || current->version() != read->version();
  if (changed) directory_.Set(std::move(read));
  return changed;
}

absl::StatusOr<std::unique_ptr<TrustFromFiles>> TrustFromFiles::Load(
    std::filesystem::path authorities, std::filesystem::path revocation_folder) {
  std::unique_ptr<TrustFromFiles> source(
      new TrustFromFiles(std::move(authorities), std::move(revocation_folder)));
  SLUIS_RETURN_IF_ERROR(source->Reload());
  return source;
}

absl::Status TrustFromFiles::Reload() {
  SLUIS_ASSIGN_OR_RETURN(TrustStore read, TrustStore::Load(authorities_, revocation_folder_));
  trust_.Set(std::make_shared<const TrustStore>(std::move(read)));
  return absl::OkStatus();
}

}  // namespace sluis::daemon
