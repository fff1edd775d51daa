#include "broker/daemon/sources.h"

#include "absl/strings/str_format.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "policy/engine/loader.h"
#include "policy/engine/prove.h"

namespace sluis::daemon {

namespace {

void LogDifference(const policy::Difference& difference) {
  LogEvent(LogLevel::kError, "policy_differs",
           absl::StrFormat("compiled=%s reference=%s version=%s",
                           policy::OutcomeName(difference.compiled),
                           policy::OutcomeName(difference.reference), difference.pack_version));
}

}  // namespace

absl::StatusOr<std::unique_ptr<PackFromFolder>> PackFromFolder::Load(
    const std::filesystem::path& folder, std::uint32_t compared_one_in) {
  exchange::PolicyInForce in_force;
  SLUIS_ASSIGN_OR_RETURN(in_force.pack, policy::LoadPackDirectory(folder));
  SLUIS_RETURN_IF_ERROR(policy::RequireProved(*in_force.pack, {}));
  in_force.digest = Sha256(policy::CanonicalBytes(*in_force.pack));
  in_force.decider = std::make_shared<const policy::SampledPolicy>(
      std::make_shared<const policy::CompiledPack>(in_force.pack),
      policy::SamplingOptions{compared_one_in, LogDifference});
  return std::unique_ptr<PackFromFolder>(new PackFromFolder(std::move(in_force)));
}

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
